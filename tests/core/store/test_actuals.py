from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.errors import BadInput, Forbidden
from core.quality.actual import Actual
from core.routing.simulate import Range
from core.store.access import Actor
from core.store.actuals import Month, last_months, list_months, record_month

from ..frozen.conftest import NOON
from .people import EDITOR, HERE, VIEWER, bearer, everything, make_team, save_again

FOUND = Actual(Range(400.0, 350.0, 450.0), 431.0, 12.5, 1 / 3, -4.0, 0.0, 22.0, 588.0, 600.0)


def record(
    engine: Engine,
    plan_id: str,
    version: int,
    actor: Actor = HERE,
    found: Actual = FOUND,
    now: datetime = NOON,
    log_name: str = "december.csv",
) -> None:
    record_month(
        engine, actor, plan_id, version, found, log_name=log_name,
        first_time=NOON - timedelta(days=30), last_time=None, now=now,
    )  # fmt: skip


def test_the_last_month_of_each_plan_comes_for_a_whole_list(engine: Engine, plan_id: str) -> None:
    assert last_months(engine, HERE, [plan_id]) == {}
    for hours, name in ((1, "october.csv"), (2, "november.csv")):
        record_month(
            engine, HERE, plan_id, 1, FOUND, log_name=name, first_time=None, last_time=None,
            now=NOON + timedelta(hours=hours),
        )  # fmt: skip
    newest = list_months(engine, HERE, plan_id, now=NOON)[0]
    assert last_months(engine, HERE, [plan_id, "other"]) == {plan_id: newest}
    assert newest.log_name == "november.csv"
    assert last_months(engine, HERE, []) == {}


def test_a_month_comes_back_with_every_digit(engine: Engine, plan_id: str) -> None:
    record(engine, plan_id, 1)
    assert list_months(engine, HERE, plan_id, now=NOON) == [
        Month(1, "december.csv", NOON - timedelta(days=30), None, NOON, "Ada", FOUND)
    ]


def test_what_is_recorded_last_comes_first_and_nothing_is_overwritten(
    engine: Engine, plan_id: str
) -> None:
    save_again(engine, plan_id)
    for hour, version in enumerate((1, 2, 1)):
        came = replace(FOUND, came=400.0 + hour)
        record(engine, plan_id, version, found=came, now=NOON + timedelta(hours=hour))
    months = list_months(engine, HERE, plan_id, now=NOON)
    assert [(m.version, m.found.came) for m in months] == [(1, 402.0), (2, 401.0), (1, 400.0)]


def test_two_years_of_months_are_shown(engine: Engine, plan_id: str) -> None:
    for hour in range(26):
        record(engine, plan_id, 1, now=NOON + timedelta(hours=hour))
    months = list_months(engine, HERE, plan_id, now=NOON)
    assert len(months) == 24 and months[0].recorded_at == NOON + timedelta(hours=25)


@pytest.mark.parametrize("version", [0, 2, -1])
def test_a_month_is_of_a_version_that_exists(engine: Engine, plan_id: str, version: int) -> None:
    before = everything(engine)
    with pytest.raises(BadInput, match=f"no plan '{plan_id}, version {version}'"):
        record(engine, plan_id, version)
    assert everything(engine) == before


def test_whoever_may_save_records_and_whoever_may_see_reads(engine: Engine, plan_id: str) -> None:
    make_team(engine)
    record(engine, plan_id, 1, EDITOR)
    (month,) = list_months(engine, VIEWER, plan_id, now=NOON)
    assert month.recorded_by == EDITOR.email
    with pytest.raises(Forbidden):
        record(engine, plan_id, 1, VIEWER)
    with pytest.raises(Forbidden):
        record(engine, plan_id, 1, bearer(engine, plan_id, kind="comment"))
    record(engine, plan_id, 1, bearer(engine, plan_id, kind="edit"))
    assert len(list_months(engine, HERE, plan_id, now=NOON)) == 2


def test_a_link_to_one_version_shows_the_months_of_that_one(engine: Engine, plan_id: str) -> None:
    pinned, newest = bearer(engine, plan_id), bearer(engine, plan_id, follows=True)
    save_again(engine, plan_id)
    record(engine, plan_id, 1)
    record(engine, plan_id, 2)
    assert [m.version for m in list_months(engine, pinned, plan_id, now=NOON)] == [1]
    assert {m.version for m in list_months(engine, newest, plan_id, now=NOON)} == {1, 2}


def test_a_log_may_be_called_anything(engine: Engine, plan_id: str) -> None:
    record(engine, plan_id, 1, log_name="x\0 \ud83d" + "y" * 1_000)
    (month,) = list_months(engine, HERE, plan_id, now=NOON)
    assert month.log_name == "x\ufffd ?" + "y" * 1_000
