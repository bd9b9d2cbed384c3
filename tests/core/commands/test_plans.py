import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from core.frozen.document import document_from_json
from core.store.access import the_person_here
from core.store.bin import KEPT_FOR
from core.store.decisions import decide
from core.store.engine import open_engine
from core.store.links import revoke_link, share_plan
from core.store.members import create_workspace
from core.store.plans import describe_plan, load_plan, save_plan, save_version

from .conftest import Run
from .test_db import refused

HERE = the_person_here("Ada")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def made(run: Run, log: Path) -> dict:  # type: ignore[type-arg]
    """What `tierwise plan --save` said of the plan Autumn."""
    return run("plan", log, "--save", "Autumn", "--json").json


@pytest.fixture
def plan_id(made: dict) -> str:  # type: ignore[type-arg]
    return str(made["plan_id"])


def furnish(plan_id: str) -> str:
    """The token of an open link; a second version, words, decisions and a closed link beside it."""
    engine = open_engine()
    plan = load_plan(engine, HERE, plan_id, now=NOW)
    save_version(
        engine, HERE, plan_id, base_version=1, name="Autumn", author="Bo", document=plan.document,
        headline=plan.headline, changes=["Tolerance to medium: 3.0 instead of 2.0 points"], now=NOW,
    )  # fmt: skip
    describe_plan(
        engine, HERE, plan_id, tags=["support", "q4"], needs="A yes\nfrom finance",
        decide_by=date(2026, 12, 24), now=NOW,
    )  # fmt: skip
    decide(engine, HERE, plan_id, 1, "changes", "too dear", NOW)
    decide(engine, HERE, plan_id, 2, "approved", "", NOW + timedelta(hours=1))
    token = share_plan(engine, HERE, plan_id, NOW, follows=True)
    share_plan(engine, HERE, plan_id, NOW, kind="comment")
    with engine.connect() as connection:
        closed = connection.exec_driver_sql(
            "SELECT id FROM share_links WHERE kind = 'comment'"
        ).scalar_one()
    revoke_link(engine, HERE, plan_id, closed, NOW)
    engine.dispose()
    return token


def another(name: str, copy_of: str, workspace_id: str = "main") -> str:
    """The id of a new plan with the same document."""
    engine = open_engine()
    plan = load_plan(engine, HERE, copy_of, now=NOW)
    new = save_plan(
        engine, HERE, name=name, author="Ada", document=plan.document, headline=plan.headline,
        now=NOW, workspace_id=workspace_id,
    )  # fmt: skip
    engine.dispose()
    return new


def listed(run: Run, *words: object) -> list[object]:
    return [plan["name"] for plan in run("plans", "list", *words, "--json").json["plans"]]


def test_a_saved_plan_is_shown_with_the_figures_it_was_saved_with(
    run: Run,
    made: dict,  # type: ignore[type-arg]
) -> None:
    for words in (made["plan_id"], "Autumn"):
        shown = run("plans", "show", words, "--json").json
        same = set(shown) & set(made)
        assert {"planned_monthly_usd", "saving_share_range", "tiers", "controls"} < same
        assert {key: shown[key] for key in same} == {key: made[key] for key in same}
        assert (shown["name"], shown["version"], shown["newest"]) == ("Autumn", 1, 1)
    said = run("plans", "show", "Autumn").out
    assert f"Autumn ({made['plan_id']}), version 1 of 1" in said
    assert "Unverified: from text alone." in said
    assert f"{made['saving_share']:.0%} less" in said
    for tier in made["tiers"]:
        assert f"  {tier}" in said


def test_a_plan_moves_to_another_database_by_a_file_with_the_same_numbers(
    run: Run, plan_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(plan_id)
    monkeypatch.chdir(tmp_path)
    before = run("plans", "show", plan_id, "--json").json
    versions = run("plans", "versions", plan_id, "--json").json["versions"]
    found = run("plans", "export", "Autumn", "--json").json
    assert found == {"plan_id": plan_id, "file": "Autumn.tierwise.json", "versions": 2}
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'theirs.db'}")
    assert listed(run) == []
    there = run("plans", "import", "Autumn.tierwise.json", "--json").json
    assert (there["name"], there["versions"]) == ("Autumn", 2)
    after = run("plans", "show", there["plan_id"], "--json").json
    assert after["plan_id"] != plan_id and after["links"] == [], "links do not go along"
    for key in set(before) - {"plan_id", "links", "owner"}:
        assert after[key] == before[key], key
    theirs = run("plans", "versions", "Autumn", "--json").json
    assert theirs["versions"] == versions
    assert run("db", "check").code == 0
    again = run("plans", "import", "Autumn.tierwise.json")
    assert again.code == 0 and "Imported 'Autumn' with 2 versions" in again.out
    assert listed(run) == ["Autumn", "Autumn"]


def test_everything_that_belongs_to_a_plan_is_shown_but_no_token(run: Run, plan_id: str) -> None:
    token = furnish(plan_id)
    shown = run("plans", "show", plan_id, "--json")
    found = shown.json
    assert (found["version"], found["status"], found["approved_version"]) == (2, "approved", 2)
    assert found["tags"] == ["q4", "support"] and found["decide_by"] == "2026-12-24"
    assert found["changes"] == ["Tolerance to medium: 3.0 instead of 2.0 points"]
    assert [said["kind"] for said in found["decisions"]] == ["approved", "changes"]
    assert sorted((link["kind"], link["open"], link["version"]) for link in found["links"]) == [
        ("comment", False, 2), ("view", True, None),
    ]  # fmt: skip
    ran = run("plans", "show", plan_id)
    for words in (
        "version 2 of 2, saved by Bo on 23 Nov 2026 for log.csv",
        "Approved, owner command line, tags q4, support, decide by 24 Dec 2026",
        "Needs: A yes from finance",
        "Changes against version 1:\n  Tolerance to medium: 3.0 instead of 2.0 points",
        "Ada asked for changes to version 1 on 23 Nov 2026: too dear",
        "to view the newest version, by Ada on 23 Nov 2026, open, opened 0 times",
        "to comment version 2, by Ada on 23 Nov 2026, closed",
    ):
        assert words in ran.out
    assert token not in ran.out + shown.out
    first = run("plans", "show", plan_id, "--version", 1, "--json").json
    assert (first["version"], first["newest"], first["changes"]) == (1, 2, [])
    assert "Changes against" not in run("plans", "show", plan_id, "--version", 1).out


def test_versions_are_listed_newest_first_with_what_changed(run: Run, plan_id: str) -> None:
    furnish(plan_id)
    found = run("plans", "versions", "Autumn", "--json").json
    assert [(v["version"], v["author"]) for v in found["versions"]] == [
        (2, "Bo"), (1, "command line"),
    ]  # fmt: skip
    lines = run("plans", "versions", "Autumn").out.splitlines()
    assert lines[0].startswith("Version 2, Bo, 23 Nov 2026: $")
    assert lines[1] == "  Tolerance to medium: 3.0 instead of 2.0 points"
    assert lines[2].startswith("Version 1, command line, ")


def test_plans_are_found_by_words_tag_owner_and_status(run: Run, plan_id: str) -> None:
    assert "No plans." in run("plans", "list", "--search", "nothing like it").out
    furnish(plan_id)
    other = another("Winter 100%", plan_id)
    assert listed(run) == ["Winter 100%", "Autumn"] or listed(run) == ["Autumn", "Winter 100%"]
    assert listed(run, "--search", "0%") == ["Winter 100%"]
    assert listed(run, "--search", "log.csv", "--tag", "q4") == ["Autumn"]
    assert listed(run, "--tag", "q") == []
    assert listed(run, "--status", "approved") == ["Autumn"]
    assert listed(run, "--owner", "Ada") == ["Winter 100%"]
    ran = run("plans", "list", "--owner", "Ada")
    assert f"{other}  Winter 100%\n    version 1, open, Ada, 23 Nov 2026: $" in ran.out
    assert f"{plan_id}  Autumn  [q4, support]" in run("plans", "list").out


def test_the_list_holds_every_workspace_or_the_one_that_is_named(run: Run, plan_id: str) -> None:
    engine = open_engine()
    second = create_workspace(engine, HERE, "Second", NOW)
    engine.dispose()
    other = another("Elsewhere", plan_id, second)
    assert set(listed(run)) == {"Autumn", "Elsewhere"}
    assert (
        listed(run, "--workspace", "Second") == ["Elsewhere"] == listed(run, "--workspace", second)
    )
    assert listed(run, "--workspace", "main") == ["Autumn"]
    assert run("plans", "show", "Elsewhere", "--json").json["plan_id"] == other
    refused(run("plans", "list", "--workspace", "Third"), "no workspaces are called 'Third'")


def test_imported_plans_go_where_they_are_told(run: Run, plan_id: str, tmp_path: Path) -> None:
    engine = open_engine()
    create_workspace(engine, HERE, "Second", NOW)
    engine.dispose()
    file = tmp_path / "plan.json"
    run("plans", "export", plan_id, "--out", file)
    run("plans", "import", file, "--workspace", "Second")
    assert listed(run, "--workspace", "Second") == ["Autumn"]


def test_more_than_a_page_is_listed(run: Run, plan_id: str) -> None:
    engine = open_engine()
    plan = load_plan(engine, HERE, plan_id, now=NOW)
    for number in range(501):
        save_plan(
            engine, HERE, name=f"Plan {number}", author="Ada", document="{}",
            headline=plan.headline, now=NOW,
        )  # fmt: skip
    engine.dispose()
    names = listed(run)
    assert len(names) == len(set(names)) == 502


def test_a_name_that_several_plans_have_lists_their_ids(run: Run, plan_id: str) -> None:
    other = another("Autumn", plan_id)
    ran = run("plans", "show", "Autumn")
    refused(ran, "2 are called 'Autumn'")
    assert plan_id in ran.err and other in ran.err
    assert run("plans", "show", other, "--json").json["plan_id"] == other
    refused(run("plans", "show", "Autum"), "no plan 'Autum'")


def test_a_plan_may_be_called_like_anothers_id(run: Run, plan_id: str) -> None:
    another(plan_id, plan_id)
    assert run("plans", "show", plan_id, "--json").json["name"] == "Autumn"


def test_a_deleted_plan_lies_in_the_bin_until_it_is_brought_back(run: Run, plan_id: str) -> None:
    furnish(plan_id)
    before = run("plans", "show", plan_id, "--json").json
    ran = run("plans", "delete", "Autumn")
    assert ran.code == 0 and f"tierwise plans undelete {plan_id}" in ran.out
    assert listed(run) == []
    for action in ("show", "versions", "export", "delete"):
        for words in ("Autumn", plan_id):
            refused(run("plans", action, words), f"plans undelete {plan_id}")
    (gone,) = run("plans", "list", "--deleted", "--json").json["deleted"]
    assert (gone["plan_id"], gone["name"]) == (plan_id, "Autumn")
    deleted, after = (datetime.fromisoformat(gone[key]) for key in ("deleted_at", "gone_at"))
    assert after - deleted == KEPT_FOR
    assert f"{plan_id}  Autumn: deleted" in run("plans", "list", "--deleted").out
    assert run("plans", "undelete", "Autumn", "--json").json == {"plan_id": plan_id}
    assert run("plans", "show", plan_id, "--json").json == before
    assert "The bin is empty." in run("plans", "list", "--deleted").out
    refused(run("plans", "undelete", plan_id), "no plan")


def test_two_deleted_plans_of_one_name_are_told_apart_by_id(run: Run, plan_id: str) -> None:
    other = another("Autumn", plan_id)
    for each in (plan_id, other):
        assert run("plans", "delete", each).code == 0
    ran = run("plans", "undelete", "Autumn")
    refused(ran, "2 are called 'Autumn'")
    assert plan_id in ran.err and other in ran.err
    assert run("plans", "undelete", other).code == 0
    assert run("plans", "show", "Autumn", "--json").json["plan_id"] == other


def test_json_may_stand_before_or_after_the_action(run: Run, plan_id: str) -> None:
    after = run("plans", "show", plan_id, "--json").json
    assert run("plans", "--json", "show", plan_id).json == after
    assert run("plans", "list", "--json").json == run("plans", "--json", "list").json
    assert not run("plans", "list").out.startswith("{")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("plans", "ACTION"),
        ("plans frobnicate", "frobnicate"),
        ("plans show", "PLAN"),
        ("plans show Spring", "no plan 'Spring'"),
        ("plans show Spring --json", "no plan 'Spring'"),
        ("plans show Autumn --version 7", "version 7"),
        ("plans show Autumn --version 0", "version 0"),
        ("plans show Autumn --version -1", "version -1"),
        ("plans show Autumn --version two", "two"),
        ("plans versions Spring", "no plan 'Spring'"),
        ("plans list --status done", "done"),
        ("plans list --surprise", "--surprise"),
        ("plans export Spring", "no plan 'Spring'"),
        ("plans export Autumn --out nowhere/x.json", "cannot be written"),
        ("plans export Autumn --out .", "cannot be written"),
        ("plans import nowhere.json", "No such file"),
        ("plans import .", "cannot be read"),
        ("plans import log.csv", "no plan that Tierwise wrote"),
        ("plans import changed.json", "not as it was saved"),
        ("plans import plan.json --workspace Third", "no workspaces are called 'Third'"),
        ("plans delete Spring", "no plan 'Spring'"),
        ("plans undelete Autumn", "no plan 'Autumn'"),
    ],
)
def test_a_bad_input_is_one_line_and_changes_nothing(
    run: Run,
    plan_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    run("plans", "export", plan_id, "--out", "plan.json")
    file = json.loads(Path("plan.json").read_text())
    file["versions"][0]["document"] = file["versions"][0]["document"].replace("text", "tent", 1)
    Path("changed.json").write_text(json.dumps(file))
    before = set(tmp_path.iterdir())
    refused(run(*words.split()), said)
    assert listed(run) == ["Autumn"] and set(tmp_path.iterdir()) == before


def test_a_damaged_version_is_said_in_one_line(run: Run, plan_id: str) -> None:
    furnish(plan_id)
    engine = open_engine()
    assert document_from_json(load_plan(engine, HERE, plan_id, now=NOW).document)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE plan_versions SET document = '{}' WHERE version = 2")
    engine.dispose()
    for action in ("show", "export"):
        refused(run("plans", action, plan_id), "changed or damaged after it was saved")
    assert run("plans", "show", plan_id, "--version", 1).code == 0
    assert run("plans", "versions", plan_id).code == 0


def test_a_database_that_cannot_be_opened_is_said_in_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "nonsense")
    for words in ("list", "show x", "import x", "delete x"):
        refused(run("plans", *words.split()), "not a database URL")
