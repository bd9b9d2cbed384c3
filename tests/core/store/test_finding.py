from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.store.bin import delete_plan
from core.store.decisions import decide
from core.store.finding import (
    Found,
    Order,
    Overview,
    Wanted,
    find_plans,
    overview,
    plans_on_other_logs,
)
from core.store.members import create_workspace
from core.store.plans import describe_plan
from core.store.tables import MAIN

from ..frozen.conftest import NOON
from .conftest import HEADLINE
from .people import EDITOR, HERE, OWNER, STRANGER, VIEWER, make_team, save, save_again


def hour(count: int) -> datetime:
    return NOON + timedelta(hours=count)


def names(found: Found) -> list[str]:
    return [row.name for row in found.rows]


def find(engine: Engine, **wanted: object) -> list[str]:
    return names(find_plans(engine, HERE, Wanted(**wanted)))  # type: ignore[arg-type]


def tag(engine: Engine, plan_id: str, *tags: str) -> None:
    describe_plan(engine, HERE, plan_id, tags=tags, needs="", decide_by=None, now=NOON)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SUPPORT", {"Support bot"}),
        ("bo", {"Support bot", "Code"}),  # in a name, and an author
        ("mixed", {"Code"}),  # the log's name
        ("Q4", {"Support bot"}),  # a tag
        ("dana", {"100% sure"}),  # the owner
        ("100%", {"100% sure"}),
        ("%", {"100% sure"}),
        ("_", set()),
        ("\\", set()),
        ("' OR 1=1 --", set()),
        ("\0", set()),
        ("\ud83d", set()),
        ("bot support", set()),
        ("  ", {"Support bot", "Code", "100% sure"}),
        (" code ", {"Code"}),
    ],
)
def test_a_search_looks_in_name_author_owner_log_and_tags(
    engine: Engine, text: str, expected: set[str]
) -> None:
    tag(engine, save(engine, "Support bot"), "for q4", "chat")
    save(engine, "Code", author="Bo", headline=replace(HEADLINE, log_name="mixed.jsonl"))
    faq = replace(HEADLINE, log_name="faq.csv")
    sure = save(engine, "100% sure", author="Dana", headline=faq)
    save_again(engine, sure, name="100% sure", author="Cy", headline=faq)
    found = find_plans(engine, HERE, Wanted(text=text))
    assert set(names(found)) == expected and found.count == len(expected)


def test_a_search_reads_the_newest_version_only(engine: Engine) -> None:
    plan_id = save(engine, "Plan", author="Bo", headline=replace(HEADLINE, log_name="old.csv"))
    save_again(engine, plan_id, name="Plan", headline=replace(HEADLINE, log_name="new.csv"))
    assert find(engine, text="old.csv") == [] and find(engine, text="new.csv") == ["Plan"]


@pytest.fixture
def five(engine: Engine) -> dict[str, str]:
    """Five plans, their newest versions saving 600, 100, -50, 900 and 600 USD a month."""
    rows = [
        # name, planned of 1,000, quality, payback, verified, who
        ("alpha", 400.0, 0.97, 12.0, 240, OWNER),
        ("Beta", 900.0, 1.01, None, 0, EDITOR),
        ("gamma", 1050.0, 0.99, 3.5, 0, EDITOR),
        ("Delta", 100.0, 0.80, None, 0, OWNER),
        ("epsilon", 400.0, 0.99, 12.0, 300, OWNER),
    ]
    make_team(engine)
    found = {}
    for at, (name, planned, quality, payback, verified, actor) in enumerate(rows):
        headline = replace(
            HEADLINE, planned_monthly_usd=planned, quality=quality, payback_months=payback,
            verified_queries=verified, log_digest=name[0] * 64,
        )  # fmt: skip
        found[name] = save(engine, name, actor=actor, headline=headline, now=hour(at))
    return found


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("updated", ["epsilon", "Delta", "gamma", "Beta", "alpha"]),
        ("name", ["alpha", "Beta", "Delta", "epsilon", "gamma"]),
        ("saving", ["Delta", ("alpha", "epsilon"), "Beta", "gamma"]),
        ("payback", ["gamma", ("alpha", "epsilon"), ("Beta", "Delta")]),
        ("quality", ["Beta", ("gamma", "epsilon"), "alpha", "Delta"]),
    ],
)
def test_each_order_puts_the_best_first_and_ties_always_alike(
    engine: Engine, five: dict[str, str], order: Order, expected: list[str | tuple[str, ...]]
) -> None:
    flat = []
    for place in expected:
        tied = place if isinstance(place, tuple) else (place,)
        flat += sorted(tied, key=five.__getitem__)  # equal ones by their ids
    assert find(engine, order=order) == flat


@pytest.mark.parametrize("order", ["updated", "name", "saving", "payback", "quality"])
def test_pages_hold_every_plan_once(engine: Engine, five: dict[str, str], order: Order) -> None:
    pages = [
        find_plans(engine, HERE, Wanted(order=order, offset=offset, limit=2))
        for offset in (0, 2, 4, 6)
    ]
    assert [len(page.rows) for page in pages] == [2, 2, 1, 0]
    assert {page.count for page in pages} == {5}
    assert [name for page in pages for name in names(page)] == find(engine, order=order)


def test_plans_are_found_by_tag_owner_status_and_evidence_together(
    engine: Engine, five: dict[str, str]
) -> None:
    tag(engine, five["alpha"], "q4", "chat")
    tag(engine, five["Beta"], "q4")
    tag(engine, five["gamma"], "q")
    decide(engine, HERE, five["alpha"], 1, "approved", "", NOON)
    decide(engine, HERE, five["Delta"], 1, "changes", "no", NOON)
    assert find(engine, tag="q4", order="name") == ["alpha", "Beta"]
    assert find(engine, owner=OWNER.email, order="name") == ["alpha", "Delta", "epsilon"]
    assert find(engine, status="approved") == ["alpha"]
    assert find(engine, status="changes") == ["Delta"]
    assert find(engine, status="open", order="name") == ["Beta", "epsilon", "gamma"]
    assert find(engine, verified=True, order="name") == ["alpha", "epsilon"]
    assert find(engine, verified=True, owner=OWNER.email, tag="q4", status="approved") == ["alpha"]
    assert find(engine, verified=True, status="changes") == []
    found = find_plans(engine, HERE, Wanted(tag="q4", limit=1))
    assert (len(found.rows), found.count) == (1, 2)


def test_a_line_shows_the_tags_of_its_own_plan(engine: Engine, five: dict[str, str]) -> None:
    tag(engine, five["alpha"], "b", "a")
    tag(engine, five["Beta"], "c")
    tags = {row.name: row.tags for row in find_plans(engine, HERE).rows}
    assert tags == {
        "alpha": ("a", "b"), "Beta": ("c",), "gamma": (), "Delta": (), "epsilon": (),
    }  # fmt: skip


def test_a_list_shows_fifty_unless_asked_for_more(engine: Engine) -> None:
    for number in range(52):
        save(engine, f"plan {number}")
    found = find_plans(engine, HERE)
    assert (len(found.rows), found.count) == (50, 52)
    assert len(find(engine, limit=60)) == 52


def test_the_overview_of_an_empty_workspace_is_nothing(engine: Engine) -> None:
    nothing = Overview(
        0, 0, {"open": 0, "approved": 0, "changes": 0}, 0, 0.0, 0.0, None, None, (), ()
    )
    assert overview(engine, HERE) == nothing


def test_the_overview_adds_up_newest_versions(engine: Engine, five: dict[str, str]) -> None:
    tag(engine, five["alpha"], "q4")
    tag(engine, five["Beta"], "q4", "chat")
    for name in ("alpha", "Beta", "Delta"):
        decide(engine, HERE, five[name], 1, "approved", "", NOON)
    decide(engine, HERE, five["gamma"], 1, "changes", "no", NOON)
    # Delta was approved when it saved 900; its newest version, which saves 950, is open.
    newer = replace(HEADLINE, planned_monthly_usd=50.0)
    save_again(engine, five["Delta"], name="Delta", headline=newer)
    # What lies in the bin or in another room does not count.
    gone = save(engine, "gone", headline=replace(HEADLINE, planned_monthly_usd=0.0), author="Zoe")
    tag(engine, gone, "gone")
    delete_plan(engine, HERE, gone, NOON)
    other = create_workspace(engine, HERE, "Research", NOON)
    save(engine, "other", workspace_id=other)
    assert overview(engine, VIEWER) == Overview(
        plans=5,
        verified=2,  # alpha, epsilon
        by_status={"open": 2, "approved": 2, "changes": 1},
        moved_on=1,  # Delta
        approved_usd=600.0 + 100.0,
        approved_verified_usd=600.0,
        best_verified=600.0,
        best=950.0,
        tags=("chat", "q4"),
        owners=(EDITOR.email, OWNER.email),
    )
    assert overview(engine, HERE, workspace_id=other).approved_usd == 0.0


def test_an_approved_version_that_others_asked_to_change_saves_nothing_yet(
    engine: Engine, five: dict[str, str]
) -> None:
    decide(engine, HERE, five["alpha"], 1, "approved", "", NOON)
    decide(engine, HERE, five["alpha"], 1, "changes", "no", NOON)
    assert overview(engine, HERE).approved_usd == 0.0


def test_plans_of_other_logs_are_found_newest_first(engine: Engine, five: dict[str, str]) -> None:
    delete_plan(engine, HERE, five["gamma"], NOON)
    same = replace(HEADLINE, log_digest="a" * 64)
    save_again(engine, five["Beta"], name="Beta", headline=same, now=hour(9))
    rows = plans_on_other_logs(engine, VIEWER, "a" * 64)
    assert [row.name for row in rows] == ["epsilon", "Delta"]


def test_a_workspace_shows_its_own_plans_to_its_own_people(
    engine: Engine, five: dict[str, str]
) -> None:
    other = create_workspace(engine, HERE, "Research", NOON)
    save(engine, "other", workspace_id=other)
    assert names(find_plans(engine, HERE, workspace_id=other)) == ["other"]
    assert "other" not in find(engine)
    assert find_plans(engine, VIEWER).count == 5
    assert find_plans(engine, VIEWER).rows[0].workspace_id == MAIN
    for call in (find_plans, overview):
        with pytest.raises(Exception, match="no member"):
            call(engine, STRANGER)


def test_of_plans_on_one_log_the_largest_approved_saving_counts(engine: Engine) -> None:
    for name, planned, digest in (
        ("a", 400.0, "1" * 16),
        ("b", 300.0, "1" * 16),
        ("c", 900.0, "2" * 16),
    ):
        headline = replace(HEADLINE, planned_monthly_usd=planned, log_digest=digest)
        decide(engine, HERE, save(engine, name, headline=headline), 1, "approved", "", NOON)
    assert overview(engine, HERE).approved_usd == 700.0 + 100.0
