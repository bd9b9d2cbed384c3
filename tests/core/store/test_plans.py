import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.errors import BadInput, Conflict
from core.store.bin import delete_plan, undelete_plan
from core.store.decisions import decide
from core.store.finding import find_plans
from core.store.plans import (
    clean_tags,
    describe_plan,
    duplicate_plan,
    list_versions,
    load_plan,
    rename_plan,
    save_version,
)
from core.store.saved import PlanRow

from ..frozen.conftest import NOON
from .conftest import HEADLINE
from .people import EDITOR, HERE, everything, make_team, save, save_again


def later(hours: int) -> datetime:
    return NOON + timedelta(hours=hours)


def listed(engine: Engine) -> tuple[PlanRow, ...]:
    return find_plans(engine, HERE).rows


def test_a_plan_comes_back_as_it_was_saved(engine: Engine, plan_id: str) -> None:
    plan = load_plan(engine, HERE, plan_id, now=NOON)
    assert (plan.id, plan.name, plan.author, plan.version) == (plan_id, "Support", "Ada", 1)
    assert (plan.document, plan.headline, plan.saved_at) == ('{"v": 1}', HEADLINE, NOON)
    assert (plan.newest, plan.status, plan.approved_version, plan.owner) == (1, "open", None, "Ada")


def test_every_figure_of_a_headline_comes_back(engine: Engine) -> None:
    headline = replace(
        HEADLINE, verified_queries=240, note="agreed\n=1+1", payback_months=7.5,
        log_digest="f" * 64, trend=(600.0, 1200.0, 1799.99),
    )  # fmt: skip
    plan_id = save(engine, headline=headline)
    assert load_plan(engine, HERE, plan_id, now=NOON).headline == headline
    assert listed(engine)[0].headline == headline
    assert headline.saving_usd == 600.0


def test_every_save_is_a_new_version_and_the_old_one_stays(engine: Engine, plan_id: str) -> None:
    newer = replace(HEADLINE, planned_monthly_usd=300.0, saving_share=0.7)
    same = save_again(
        engine, plan_id, '{"v": 2}', name="Support 2", author="Bo", headline=newer, now=later(1),
        changes=["Simple tier: Mini instead of Big"],
    )  # fmt: skip
    assert same == 2
    first = load_plan(engine, HERE, plan_id, 1, now=NOON)
    second = load_plan(engine, HERE, plan_id, now=NOON)
    assert (first.document, first.author, first.headline) == ('{"v": 1}', "Ada", HEADLINE)
    assert (second.document, second.author, second.version) == ('{"v": 2}', "Bo", 2)
    assert first.name == second.name == "Support 2"
    assert first.newest == second.newest == 2 and first.owner == second.owner == "Ada"
    lines = list_versions(engine, HERE, plan_id, now=NOON)
    assert [(row.version, row.updated_at, row.changes) for row in lines] == [
        (2, later(1), ("Simple tier: Mini instead of Big",)),
        (1, NOON, ()),
    ]


def test_the_list_shows_the_newest_versions_newest_first(engine: Engine) -> None:
    old = save(engine, "old")
    new = save(engine, "new", now=later(1))
    assert [row.id for row in listed(engine)] == [new, old]
    save_again(engine, old, name="old", now=later(2), author="Bo")
    rows = listed(engine)
    assert [(row.id, row.version, row.author) for row in rows] == [(old, 2, "Bo"), (new, 1, "Ada")]
    assert rows[0].updated_at == later(2) and rows[0].headline == HEADLINE


def test_whoever_is_second_learns_who_was_first_and_stores_nothing(
    engine: Engine, plan_id: str
) -> None:
    save_again(engine, plan_id, '{"v": 2}', author="Bo")
    save_again(engine, plan_id, '{"v": 3}', author="Cy", base=2)
    before = everything(engine)
    with pytest.raises(Conflict, match="Cy saved version 3 while you worked on version 1") as error:
        save_again(engine, plan_id, '{"v": 4}')
    assert error.value.newest == 3
    with pytest.raises(Conflict):
        save_again(engine, plan_id, '{"v": 4}', base=4)  # one that is not there yet
    assert everything(engine) == before


def test_a_new_version_is_open_whatever_was_decided_before(engine: Engine, plan_id: str) -> None:
    decide(engine, HERE, plan_id, 1, "approved", "", NOON)
    save_again(engine, plan_id)
    plan = load_plan(engine, HERE, plan_id, now=NOON)
    assert (plan.status, plan.approved_version, plan.newest) == ("open", 1, 2)


def test_a_deleted_plan_is_gone_until_it_is_brought_back(engine: Engine, plan_id: str) -> None:
    delete_plan(engine, HERE, plan_id, later(1))
    assert listed(engine) == ()
    calls: list[Callable[[], object]] = [
        lambda: load_plan(engine, HERE, plan_id, now=NOON),
        lambda: list_versions(engine, HERE, plan_id, now=NOON),
        lambda: rename_plan(engine, HERE, plan_id, "x", NOON),
        lambda: save_again(engine, plan_id),
        lambda: duplicate_plan(engine, HERE, plan_id, "Bo", NOON),
        lambda: delete_plan(engine, HERE, plan_id, NOON),
    ]
    for forbidden in calls:
        with pytest.raises(BadInput, match=f"no plan '{plan_id}'"):
            forbidden()
    undelete_plan(engine, HERE, plan_id, later(2))
    assert load_plan(engine, HERE, plan_id, now=NOON).document == '{"v": 1}'
    assert [row.updated_at for row in listed(engine)] == [NOON]


def test_a_copy_lives_its_own_life(engine: Engine, plan_id: str) -> None:
    copy = duplicate_plan(engine, HERE, plan_id, "Bo", later(1))
    save_again(engine, plan_id, '{"v": 2}')
    plan = load_plan(engine, HERE, copy, now=NOON)
    assert (plan.name, plan.author, plan.version) == ("Copy of Support", "Bo", 1)
    assert (plan.document, plan.headline) == ('{"v": 1}', HEADLINE)


def test_a_copy_belongs_to_whoever_made_it_and_is_open(engine: Engine, plan_id: str) -> None:
    make_team(engine)
    decide(engine, HERE, plan_id, 1, "approved", "", NOON)
    plan = load_plan(engine, EDITOR, duplicate_plan(engine, EDITOR, plan_id, "Ed", NOON), now=NOON)
    assert (plan.owner, plan.status, plan.approved_version) == (EDITOR.email, "open", None)


@pytest.mark.parametrize("name", ["x" * 120, "x" * 111 + " " + "y" * 8])
def test_a_copy_of_a_long_name_still_fits(engine: Engine, name: str) -> None:
    copy = duplicate_plan(engine, HERE, save(engine, name), "Bo", NOON)
    assert load_plan(engine, HERE, copy, now=NOON).name == ("Copy of " + name)[:120].strip()


def test_a_new_name_changes_no_version(engine: Engine, plan_id: str) -> None:
    rename_plan(engine, HERE, plan_id, "  Helpdesk ", later(1))
    plan = load_plan(engine, HERE, plan_id, now=NOON)
    assert (plan.name, plan.version, plan.saved_at) == ("Helpdesk", 1, NOON)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "![x](http://evil/p.png) $5 & $10", "=1+1", "計画 🚀 ِ"]
)
def test_a_name_is_kept_letter_by_letter(engine: Engine, name: str) -> None:
    plan_id = save(engine, name, name)
    assert load_plan(engine, HERE, plan_id, now=NOON).name == name
    assert [row.name for row in listed(engine)] == [name]


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
    engine: Engine, plan_id: str, name: str, found: str
) -> None:
    before = everything(engine)
    calls: list[Callable[[], object]] = [
        lambda: save(engine, name),
        lambda: save_again(engine, plan_id, name=name),
        lambda: rename_plan(engine, HERE, plan_id, name, NOON),
    ]
    for refused in calls:
        with pytest.raises(BadInput, match=found):
            refused()
    with pytest.raises(BadInput, match=found.replace("name", "author")):
        save(engine, author=name)
    assert everything(engine) == before


def test_an_unknown_plan_is_refused_by_its_id(engine: Engine, plan_id: str) -> None:
    with pytest.raises(BadInput, match="no plan 'nobody'"):
        load_plan(engine, HERE, "nobody", now=NOON)
    for version in (7, 0, -1, 10**30):
        with pytest.raises(BadInput, match=f"no plan '{plan_id}, version {version}'"):
            load_plan(engine, HERE, plan_id, version, now=NOON)
    with pytest.raises(BadInput, match="no plan 'nobody'"):
        undelete_plan(engine, HERE, "nobody", NOON)


@pytest.mark.parametrize("odd", ["", "\0", "a\0b", "\ud83d", "' OR 1=1 --", "x" * 10_000, "%"])
def test_whatever_stands_in_an_address_is_at_most_an_unknown_plan(
    engine: Engine, plan_id: str, odd: str
) -> None:
    with pytest.raises(BadInput, match="no plan"):
        load_plan(engine, HERE, odd, now=NOON)
    with pytest.raises(BadInput, match="no plan"):
        rename_plan(engine, HERE, odd, "x", NOON)
    with pytest.raises(BadInput, match="does not exist"):
        find_plans(engine, HERE, workspace_id=odd)


def test_the_name_of_a_log_and_a_note_may_hold_anything(engine: Engine) -> None:
    odd = replace(HEADLINE, log_name="a\0b \ud83d.csv", note="why\0 \udfff")
    found = load_plan(engine, HERE, save(engine, headline=odd), now=NOON).headline
    assert (found.log_name, found.note) == ("a\ufffdb ?.csv", "why\ufffd ?")


def test_a_plan_is_described_by_tags_and_by_what_it_needs(engine: Engine, plan_id: str) -> None:
    monday = date(2026, 11, 30)
    describe_plan(
        engine, HERE, plan_id, tags=["q4", " chat ", "q4", ""], needs=" Legal's yes\n=1+1 ",
        decide_by=monday, now=NOON,
    )  # fmt: skip
    (row,) = listed(engine)
    assert (row.tags, row.needs, row.decide_by) == (("chat", "q4"), "Legal's yes\n=1+1", monday)
    assert load_plan(engine, HERE, plan_id, now=NOON).decide_by == monday
    describe_plan(engine, HERE, plan_id, tags=["new"], needs="", decide_by=None, now=NOON)
    (row,) = listed(engine)
    assert (row.tags, row.needs, row.decide_by, row.updated_at) == (("new",), "", None, NOON)


@pytest.mark.parametrize(
    ("tags", "said"),
    [
        (["x" * 41], "has 41 characters. Use at most 40"),
        ([str(n) for n in range(11)], "tags: there are 11. Use at most 10"),
        (["a\nb"], "tag: it has control characters"),
    ],
)
def test_tags_that_no_list_can_show_are_refused(
    engine: Engine, plan_id: str, tags: list[str], said: str
) -> None:
    before = everything(engine)
    with pytest.raises(BadInput, match=said):
        describe_plan(engine, HERE, plan_id, tags=tags, needs="", decide_by=None, now=NOON)
    assert everything(engine) == before
    assert clean_tags(["b", "a", "b"]) == ["a", "b"]


def test_a_document_that_somebody_changed_in_the_database_is_not_shown(
    engine: Engine, plan_id: str
) -> None:
    save_again(engine, plan_id, '{"v": 2}')
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE plan_versions SET document = '{}' WHERE version = 2")
    with pytest.raises(BadInput, match="version 2 was changed or damaged after it was saved"):
        load_plan(engine, HERE, plan_id, now=NOON)
    assert load_plan(engine, HERE, plan_id, 1, now=NOON).document == '{"v": 1}'


def test_what_differs_is_kept_in_words_letter_by_letter(engine: Engine, plan_id: str) -> None:
    said = ('Note: "ü\n<b>" instead of none', "Saving: 60.0% instead of 50.0%", "計画 🚀")
    save_version(
        engine, HERE, plan_id, base_version=1, name="Support", author="Ada", document="{}",
        headline=HEADLINE, changes=said, now=NOON,
    )  # fmt: skip
    line, _ = list_versions(engine, HERE, plan_id, now=NOON)
    assert line.changes == said
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT changes FROM plan_versions WHERE version = 2")
        assert tuple(json.loads(kept.scalar() or "")) == said


def test_only_as_many_versions_are_listed_as_were_asked_for(engine: Engine, plan_id: str) -> None:
    for base in range(1, 6):
        save_again(engine, plan_id, base=base)
    lines = list_versions(engine, HERE, plan_id, now=NOON, limit=2)
    assert [line.version for line in lines] == [6, 5]


def test_saving_leaves_a_name_that_somebody_gave_meanwhile(engine: Engine, plan_id: str) -> None:
    rename_plan(engine, HERE, plan_id, "Helpdesk", later(1))
    what = {"author": "Bo", "document": "{}", "headline": HEADLINE, "now": later(2)}
    save_version(engine, HERE, plan_id, base_version=1, **what)  # type: ignore[arg-type]
    assert load_plan(engine, HERE, plan_id, now=NOON).name == "Helpdesk"
    save_version(engine, HERE, plan_id, base_version=2, name="Desk", **what)  # type: ignore[arg-type]
    assert load_plan(engine, HERE, plan_id, now=NOON).name == "Desk"


def test_a_description_that_is_refused_renames_nothing(engine: Engine, plan_id: str) -> None:
    with pytest.raises(BadInput, match="tags"):
        describe_plan(
            engine, HERE, plan_id, name="Other", tags=["x" * 41], needs="", decide_by=None, now=NOON
        )
    assert load_plan(engine, HERE, plan_id, now=NOON).name == "Support"
