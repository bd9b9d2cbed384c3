import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from core.errors import BadInput, Forbidden
from core.frozen.document import document_from_json, document_to_json
from core.frozen.freeze import refigured
from core.routing.plan import Plan
from core.store import plan_file
from core.store.decisions import decide, list_decisions
from core.store.engine import open_engine
from core.store.finding import find_plans
from core.store.links import share_plan
from core.store.members import create_workspace
from core.store.plan_file import export_file, file_name, import_file
from core.store.plans import describe_plan, list_versions, load_plan
from core.store.saved import document_digest
from core.store.saving import At, save_document
from core.store.tables import MAIN

from ..frozen.conftest import BIG, NOON, SMALL, frozen
from .people import (
    EDITOR,
    HERE,
    STRANGER,
    VIEWER,
    bearer,
    everything,
    make_team,
    save,
    save_again,
)

DOCUMENTS = [
    frozen(note="ü <b>\n=1+1"),
    frozen(plan=Plan(BIG, BIG, BIG), author="Bo", now=NOON + timedelta(hours=1)),  # infinite cuts
    frozen(plan=Plan(SMALL, SMALL, BIG), author="Cy", now=NOON + timedelta(hours=2)),
]
LATER = NOON + timedelta(days=9)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Engine]:
    """Another team's database."""
    engine = open_engine(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def full(engine: Engine) -> str:
    """A plan of three versions with all the words around them."""
    at: At | None = None
    for document in DOCUMENTS:
        at = save_document(engine, HERE, document, name="Support: 計画", after=at)
    assert at is not None
    describe_plan(
        engine, HERE, at.plan_id, tags=["q4", "chat"], needs="Legal's\nyes",
        decide_by=date(2026, 12, 1), now=NOON,
    )  # fmt: skip
    decide(engine, HERE, at.plan_id, 2, "approved", "fine", NOON + timedelta(hours=3))
    decide(engine, HERE, at.plan_id, 3, "comment", "hm", NOON + timedelta(hours=4))
    decide(engine, HERE, at.plan_id, 3, "changes", "<b>no</b>", NOON + timedelta(hours=5))
    share_plan(engine, HERE, at.plan_id, NOON, examples="zebra")
    return at.plan_id


def test_a_plan_opens_elsewhere_with_the_same_documents_figures_and_words(
    engine: Engine, elsewhere: Engine, full: str
) -> None:
    content = export_file(engine, HERE, full, LATER)
    there = import_file(elsewhere, HERE, content, LATER)
    assert there != full
    for number, document in enumerate(DOCUMENTS, start=1):
        here = load_plan(engine, HERE, full, number, now=LATER)
        moved = load_plan(elsewhere, HERE, there, number, now=LATER)
        assert moved == replace(here, id=there)
        opened = document_from_json(moved.document)
        assert opened == document and refigured(opened) == document.figures
    before, after = (
        [replace(line, id="") for line in list_versions(where, HERE, plan_id, now=LATER)]
        for where, plan_id in ((engine, full), (elsewhere, there))
    )
    assert before == after
    (row,) = find_plans(elsewhere, HERE).rows
    assert (row.tags, row.needs, row.decide_by) == (
        ("chat", "q4"), "Legal's\nyes", date(2026, 12, 1),
    )  # fmt: skip
    assert (row.status, row.approved_version, row.updated_at) == ("changes", 2, LATER)
    assert [replace(d, via="local") for d in list_decisions(elsewhere, HERE, there, now=LATER)] == (
        list_decisions(engine, HERE, full, now=LATER)
    )
    assert {d.via for d in list_decisions(elsewhere, HERE, there, now=LATER)} == {"imported"}
    moved_on = save_document(
        elsewhere, HERE, replace(DOCUMENTS[0], created_at=LATER), name="On", after=At(there, 3)
    )
    assert moved_on.version == 4


def test_a_file_there_and_back_is_the_same_file(
    engine: Engine, elsewhere: Engine, full: str
) -> None:
    content = export_file(engine, HERE, full, LATER)
    there = import_file(elsewhere, HERE, content, LATER)
    assert export_file(elsewhere, HERE, there, LATER) == content
    back = import_file(engine, HERE, export_file(elsewhere, HERE, there, LATER), LATER)
    assert back not in (full, there), "beside the one that is there, never over it"
    assert find_plans(engine, HERE).count == 2


def test_no_link_and_no_example_goes_along(engine: Engine, full: str) -> None:
    content = export_file(engine, HERE, full, LATER).decode()
    assert "zebra" not in content and "sha256" in content and "salt" not in content
    assert set(json.loads(content)) == {
        "tierwise_plan", "name", "owner", "tags", "needs", "decide_by", "versions", "decisions",
    }  # fmt: skip


def test_an_old_document_is_kept_letter_by_letter(engine: Engine, elsewhere: Engine) -> None:
    golden = Path(__file__).parents[2] / "golden" / "plans" / "2026-11-23-first-tuning.json"
    text = golden.read_text("utf-8")
    plan_id = save(engine, "Old", text)
    there = import_file(elsewhere, HERE, export_file(engine, HERE, plan_id, LATER), LATER)
    assert load_plan(elsewhere, HERE, there, now=LATER).document == text


def resealed(content: dict[str, Any], **changed: object) -> dict[str, Any]:
    """The file with another first document that passes for the one it was saved with."""
    version = content["versions"][0]
    text = json.dumps(json.loads(version["document"]) | changed)
    version |= {"document": text, "sha256": document_digest(text)}
    return content


def with_figures(content: dict[str, Any], planned: object) -> dict[str, Any]:
    figures = json.loads(content["versions"][0]["document"])["figures"]
    figures["outcome"]["planned"]["central"] = planned
    return resealed(content, figures=figures)


def first(content: dict[str, Any], **changed: object) -> dict[str, Any]:
    content["versions"][0] |= changed
    return content


Damage = Callable[[dict[str, Any]], object]
DAMAGED: dict[str, tuple[Damage, str]] = {
    "a later format": (lambda c: c | {"tierwise_plan": 2}, "it has format 2, and this version re"),
    "no format": (lambda c: {k: v for k, v in c.items() if k != "tierwise_plan"}, "no plan that"),
    "a document alone": (lambda c: json.loads(c["versions"][0]["document"]), "no plan that"),
    "something else": (lambda c: {"hello": "world"}, "no plan that"),
    "a list": (lambda c: [c], "no plan that"),
    "null": (lambda c: None, "no plan that"),
    "a field too many": (lambda c: c | {"is_admin": True}, "no plan that"),
    "no versions": (lambda c: c | {"versions": []}, "it holds 0 versions"),
    "too many versions": (
        lambda c: c | {"versions": c["versions"] * 334}, "it holds 1002 versions",
    ),
    "no name": (lambda c: c | {"name": "  "}, "it has 0 characters"),
    "a long name": (lambda c: c | {"name": "x" * 121}, "it has 121 characters"),
    "a name in two lines": (lambda c: c | {"name": "a\nb"}, "control characters"),
    "a NUL in the name": (lambda c: c | {"name": "a\0b"}, "control characters"),
    "eleven tags": (lambda c: c | {"tags": [str(n) for n in range(11)]}, "there are 11"),
    "a long need": (lambda c: c | {"needs": "x" * 2_001}, "it has 2,001 characters"),
    "an edited document": (
        lambda c: first(c, document=c["versions"][0]["document"].replace("support", "suppert")),
        "version 1 is not as it was saved",
    ),
    "a blank more": (
        lambda c: first(c, document=c["versions"][0]["document"] + " "), "version 1 is not as it",
    ),
    "another digest": (lambda c: first(c, sha256="0" * 64), "version 1 is not as it was saved"),
    "versions out of order": (
        lambda c: c | {"versions": [c["versions"][0] | {"document": c["versions"][1]["document"]}]},
        "version 1 is not as it was saved",
    ),
    "a document of a later format": (lambda c: resealed(c, format=2), "this plan has format 2"),
    "a document that is none": (lambda c: resealed(c, plan=5), "this is not a saved plan"),
    "a bill that is no number": (
        lambda c: with_figures(c, float("nan")), "version 1 has figures that are no numbers",
    ),
    "a bill without end": (lambda c: with_figures(c, float("inf")), "figures that are no numbers"),
    "a document far too deep": (
        lambda c: first(c, document="[" * 100_000, sha256=document_digest("[" * 100_000)),
        "this is not a saved plan",
    ),
    "no author": (lambda c: first(c, author=""), "author: it has 0 characters"),
    "a date without a zone": (
        lambda c: first(c, saved_at="2026-11-23T12:00:00"), "it has a time that is none",
    ),
    "a date before all dates": (
        lambda c: first(c, saved_at="0001-01-01T00:00:00+14:00"), "it has a time that is none",
    ),
    "a date after all dates": (
        lambda c: first(c, saved_at="9999-12-31T23:59:59-14:00"), "it has a time that is none",
    ),
    "a decision without a zone": (
        lambda c: c | {"decisions": [c["decisions"][0] | {"made_at": "2026-11-23T12:00:00"}]},
        "it has a time that is none",
    ),
    "a decision of another kind": (
        lambda c: c | {"decisions": [c["decisions"][0] | {"kind": "signed"}]}, "no plan that",
    ),
    "a decision of nobody": (
        lambda c: c | {"decisions": [c["decisions"][0] | {"who": ""}]}, "who: it has 0 characters",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file as it was exported."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('file') / 'x.db'}")
    at: At | None = None
    for document in DOCUMENTS:
        at = save_document(engine, HERE, document, name="Support", after=at)
    assert at is not None
    decide(engine, HERE, at.plan_id, 3, "approved", "", NOON)
    content = export_file(engine, HERE, at.plan_id, LATER)
    engine.dispose()
    return content


@pytest.mark.parametrize("damage", DAMAGED)
def test_what_was_damaged_or_edited_is_refused_in_one_line_and_nothing_stored(
    engine: Engine, sound: bytes, damage: str
) -> None:
    change, said = DAMAGED[damage]
    content = json.dumps(change(json.loads(sound))).encode()
    before = everything(engine)
    with pytest.raises(BadInput) as error:
        import_file(engine, HERE, content, LATER)
    assert said in str(error.value) and "\n" not in str(error.value)
    assert len(str(error.value)) < 500
    assert everything(engine) == before


@pytest.mark.parametrize(
    "content",
    [
        b"", b" ", b"\0" * 100, b"not json", b"\xff\xfe{}", b"PK\x03\x04", b"[" * 200_000,
        b'{"tierwise_plan": 1' + b"0" * 10_000 + b"}", b'{"a": "\\ud83d"}', b"\xef\xbb\xbf{}",
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_in_one_line(engine: Engine, content: bytes) -> None:
    before = everything(engine)
    with pytest.raises(BadInput, match="this is no plan that Tierwise wrote") as error:
        import_file(engine, HERE, content, LATER)
    assert "\n" not in str(error.value)
    assert everything(engine) == before


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_file_that_was_cut_off_is_refused(engine: Engine, sound: bytes, kept: float) -> None:
    with pytest.raises(BadInput, match="this is no plan that Tierwise wrote"):
        import_file(engine, HERE, sound[: int(len(sound) * kept)], LATER)
    assert find_plans(engine, HERE).count == 0


def test_half_a_character_in_a_document_is_refused(engine: Engine, sound: bytes) -> None:
    content = sound.decode().replace('"name": "Support"', '"name": "\\ud83d"').encode()
    assert content != sound
    with pytest.raises(BadInput):
        import_file(engine, HERE, content, LATER)
    assert find_plans(engine, HERE).count == 0


def test_a_file_that_is_too_large_is_not_even_read(
    engine: Engine, sound: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_file, "MOST_BYTES", len(sound))
    assert import_file(engine, HERE, sound, LATER)
    with pytest.raises(BadInput, match=r"and at most 0 are read\. Export a copy of the plan"):
        import_file(engine, HERE, sound + b" ", LATER)
    assert find_plans(engine, HERE).count == 1


def test_a_document_of_many_megabytes_goes_along(engine: Engine, elsewhere: Engine) -> None:
    large = replace(frozen(), note="ü" * 3_000_000)
    plan_id = save(engine, "Large", document_to_json(large))
    there = import_file(elsewhere, HERE, export_file(engine, HERE, plan_id, LATER), LATER)
    text = load_plan(elsewhere, HERE, there, now=LATER).document
    assert document_from_json(text).note == large.note


def test_what_a_log_is_called_in_a_file_cannot_break_a_database(
    engine: Engine, sound: bytes
) -> None:
    content = json.loads(sound)
    log = json.loads(content["versions"][0]["document"])["log"] | {"name": "a\0b" + "x" * 5_000}
    content["versions"] = [resealed(content, log=log)["versions"][0]]
    content["decisions"] = []
    plan_id = import_file(engine, HERE, json.dumps(content).encode(), LATER)
    plan = load_plan(engine, HERE, plan_id, now=LATER)
    assert plan.headline.log_name == "a\ufffdb" + "x" * 5_000
    assert document_from_json(plan.document).log.name == log["name"]


def test_decisions_on_versions_that_are_not_in_the_file_are_left_out(
    engine: Engine, sound: bytes
) -> None:
    content = json.loads(sound)
    (said,) = content["decisions"]
    content["decisions"] = [said | {"version": n} for n in (0, -1, 4, 10**12)]
    plan_id = import_file(engine, HERE, json.dumps(content).encode(), LATER)
    plan = load_plan(engine, HERE, plan_id, now=LATER)
    assert (plan.status, plan.approved_version) == ("open", None)
    assert list_decisions(engine, HERE, plan_id, now=LATER) == []


def test_those_who_may_share_export_and_those_who_may_save_import(
    engine: Engine, full: str
) -> None:
    make_team(engine)
    content = export_file(engine, EDITOR, full, LATER)
    lin = bearer(engine, full, kind="edit")
    before = everything(engine)
    for actor in (VIEWER, lin):
        with pytest.raises(Forbidden):
            export_file(engine, actor, full, LATER)
        with pytest.raises(Forbidden):
            import_file(engine, actor, content, LATER)
    for call in (
        lambda: export_file(engine, STRANGER, full, LATER),
        lambda: import_file(engine, STRANGER, content, LATER),
        lambda: import_file(engine, EDITOR, content, LATER, workspace_id="nowhere"),
    ):
        with pytest.raises(BadInput):
            call()
    assert everything(engine) == before
    assert load_plan(engine, VIEWER, import_file(engine, EDITOR, content, LATER), now=LATER)


def test_a_plan_is_imported_into_the_workspace_that_was_named(engine: Engine, full: str) -> None:
    research = create_workspace(engine, HERE, "Research", NOON)
    content = export_file(engine, HERE, full, LATER)
    import_file(engine, HERE, content, LATER, workspace_id=research)
    assert find_plans(engine, HERE, workspace_id=research).count == 1
    assert find_plans(engine, HERE, workspace_id=MAIN).count == 1


def test_a_history_that_no_file_holds_is_not_cut_off_silently(
    engine: Engine, plan_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan_file, "MOST_VERSIONS", 3)
    for base in range(1, 3):
        save_again(engine, plan_id, base=base)
    assert len(json.loads(export_file(engine, HERE, plan_id, LATER))["versions"]) == 3
    save_again(engine, plan_id, base=3)
    with pytest.raises(BadInput, match=r"4 versions, and a file holds 3\. Duplicate the plan"):
        export_file(engine, HERE, plan_id, LATER)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Support bot", "Support bot.tierwise.json"),
        ("../../etc/passwd", "etc-passwd.tierwise.json"),
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j.tierwise.json"),
        ("計画", "計画.tierwise.json"),
        ("...", "plan.tierwise.json"),
        ("x" * 120, "x" * 60 + ".tierwise.json"),
    ],
)
def test_a_files_name_is_one_that_every_system_can_keep(name: str, file: str) -> None:
    assert file_name(name) == file


def test_dates_come_back_with_their_zone(engine: Engine, sound: bytes) -> None:
    content = json.loads(sound)
    content["versions"][0]["saved_at"] = "2026-11-23T14:00:00+02:00"
    plan_id = import_file(engine, HERE, json.dumps(content).encode(), LATER)
    saved = load_plan(engine, HERE, plan_id, 1, now=LATER).saved_at
    assert saved == datetime(2026, 11, 23, 12, tzinfo=UTC)
