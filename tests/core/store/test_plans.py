from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.errors import BadInput
from core.store.plans import (
    Headline,
    delete_plan,
    duplicate_plan,
    list_plans,
    list_versions,
    load_plan,
    rename_plan,
    save_plan,
    undelete_plan,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEADLINE = Headline(1000.0, 400.0, 0.6, 0.97, "support.csv")


def save(engine: Engine, name: str, document: str = "{}", **more: object) -> str:
    values = {"author": "Ada", "headline": HEADLINE, "now": NOON, **more}
    return save_plan(engine, name=name, document=document, **values)  # type: ignore[arg-type]


def later(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


def test_a_plan_comes_back_as_it_was_saved(engine: Engine, plan_id: str) -> None:
    plan = load_plan(engine, plan_id)
    assert (plan.id, plan.name, plan.author, plan.version) == (plan_id, "Support", "Ada", 1)
    assert (plan.document, plan.headline, plan.saved_at) == ('{"v": 1}', HEADLINE, NOON)


def test_every_save_is_a_new_version_and_the_old_one_stays(engine: Engine, plan_id: str) -> None:
    newer = replace(HEADLINE, planned_monthly_usd=300.0, saving_share=0.7)
    same = save(
        engine, "Support 2", '{"v": 2}', author="Bo", headline=newer, now=later(1), plan_id=plan_id
    )
    assert same == plan_id
    first, second = load_plan(engine, plan_id, 1), load_plan(engine, plan_id)
    assert (first.document, first.author, first.headline) == ('{"v": 1}', "Ada", HEADLINE)
    assert (second.document, second.author, second.version) == ('{"v": 2}', "Bo", 2)
    assert first.name == second.name == "Support 2"
    assert [(row.version, row.updated_at) for row in list_versions(engine, plan_id)] == [
        (2, later(1)),
        (1, NOON),
    ]


def test_the_list_shows_the_newest_versions_newest_first(engine: Engine) -> None:
    old = save(engine, "old")
    new = save(engine, "new", now=later(1))
    assert [row.id for row in list_plans(engine)] == [new, old]
    save(engine, "old", plan_id=old, now=later(2), author="Bo")
    rows = list_plans(engine)
    assert [(row.id, row.version, row.author) for row in rows] == [(old, 2, "Bo"), (new, 1, "Ada")]
    assert rows[0].updated_at == later(2) and rows[0].headline == HEADLINE


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("SUPPORT", {"Support bot"}),
        ("bo", {"Support bot", "Code"}),  # in a name, and an author
        ("mixed", {"Code"}),  # the log's name
        ("100%", {"100% sure"}),
        ("%", {"100% sure"}),
        ("_", set()),
        ("  ", {"Support bot", "Code", "100% sure"}),
    ],
)
def test_a_search_looks_in_name_author_and_log(
    engine: Engine, search: str, found: set[str]
) -> None:
    save(engine, "Support bot")
    save(engine, "Code", author="Bo", headline=replace(HEADLINE, log_name="mixed.jsonl"))
    save(engine, "100% sure", author="Cy", headline=replace(HEADLINE, log_name="faq.csv"))
    assert {row.name for row in list_plans(engine, search)} == found


def test_fifty_threads_of_twenty_saves_lose_nothing(engine: Engine, plan_id: str) -> None:
    def write(thread: int) -> None:
        for number in range(10):
            save(engine, f"t{thread}", f"new {thread} {number}")
            save(engine, "Support", f"more {thread} {number}", plan_id=plan_id)

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(write, range(50)))
    expected = {f"{thread} {number}" for thread in range(50) for number in range(10)}
    shared = list_versions(engine, plan_id)
    assert [row.version for row in shared] == list(range(501, 0, -1))
    documents = {load_plan(engine, plan_id, row.version).document for row in shared}
    assert documents == {f"more {text}" for text in expected} | {'{"v": 1}'}
    others = {load_plan(engine, row.id).document for row in list_plans(engine, "t")}
    assert {f"new {text}" for text in expected} <= others


def test_a_deleted_plan_is_gone_until_it_is_brought_back(engine: Engine, plan_id: str) -> None:
    delete_plan(engine, plan_id, later(1))
    assert list_plans(engine) == []
    for forbidden in (
        lambda: load_plan(engine, plan_id),
        lambda: list_versions(engine, plan_id),
        lambda: rename_plan(engine, plan_id, "x"),
        lambda: save(engine, "x", plan_id=plan_id),
        lambda: duplicate_plan(engine, plan_id, "Bo", NOON),
        lambda: delete_plan(engine, plan_id, NOON),
    ):
        with pytest.raises(BadInput, match=f"no plan '{plan_id}'"):
            forbidden()
    undelete_plan(engine, plan_id)
    assert load_plan(engine, plan_id).document == '{"v": 1}'
    assert [row.updated_at for row in list_plans(engine)] == [NOON]


def test_a_copy_lives_its_own_life(engine: Engine, plan_id: str) -> None:
    copy = duplicate_plan(engine, plan_id, "Bo", later(1))
    save(engine, "Support", '{"v": 2}', plan_id=plan_id)
    plan = load_plan(engine, copy)
    assert (plan.name, plan.author, plan.version) == ("Copy of Support", "Bo", 1)
    assert plan.document == '{"v": 1}'


def test_a_copy_of_a_long_name_still_fits(engine: Engine) -> None:
    copy = duplicate_plan(engine, save(engine, "x" * 120), "Bo", NOON)
    assert load_plan(engine, copy).name == "Copy of " + "x" * 112


def test_a_new_name_changes_no_version(engine: Engine, plan_id: str) -> None:
    rename_plan(engine, plan_id, "  Helpdesk ")
    plan = load_plan(engine, plan_id)
    assert (plan.name, plan.version, plan.saved_at) == ("Helpdesk", 1, NOON)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "![x](http://evil/p.png) $5 & $10", "=1+1", "計画 🚀 ِ"]
)
def test_a_name_is_kept_letter_by_letter(engine: Engine, name: str) -> None:
    plan_id = save(engine, name, name)
    assert load_plan(engine, plan_id).name == name
    assert [row.name for row in list_plans(engine, name)] == [name]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("   ", "name: it has 0 characters. Use 1 to 120"),
        ("x" * 121, "name: it has 121 characters"),
        ("two\nlines", "name: it has control characters"),
        ("half \ud83d", "name: it has control characters"),
    ],
)
def test_an_unusable_name_is_refused_before_anything_is_stored(
    engine: Engine, name: str, found: str
) -> None:
    with pytest.raises(BadInput, match=found):
        save(engine, name)
    assert list_plans(engine) == []


def test_an_unknown_plan_is_refused_by_its_id(engine: Engine, plan_id: str) -> None:
    with pytest.raises(BadInput, match="no plan 'nobody'"):
        load_plan(engine, "nobody")
    with pytest.raises(BadInput, match=f"no plan '{plan_id}, version 7'"):
        load_plan(engine, plan_id, 7)
    with pytest.raises(BadInput, match="no plan 'nobody'"):
        undelete_plan(engine, "nobody")
