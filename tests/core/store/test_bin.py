from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.errors import BadInput, Forbidden
from core.store.actuals import list_months
from core.store.audit import list_audit
from core.store.bin import (
    KEPT_FOR,
    DeletedPlan,
    delete_plan,
    empty_bin,
    list_deleted,
    remove_plan,
    undelete_plan,
)
from core.store.decisions import decide, list_decisions
from core.store.drafts import read_draft, write_draft
from core.store.finding import find_plans, overview
from core.store.links import open_link, share_plan
from core.store.members import create_workspace
from core.store.plans import describe_plan, list_versions, load_plan
from core.store.tables import PlanTable

from ..frozen.conftest import NOON
from .people import EDITOR, HERE, OWNER, VIEWER, everything, make_team, opened, save, save_again
from .test_actuals import record

DAY = timedelta(days=1)


def days(count: float) -> datetime:
    return NOON + timedelta(days=count)


@pytest.fixture
def full(engine: Engine, plan_id: str) -> str:
    """A plan with a row in every table that can speak of one."""
    save_again(engine, plan_id, '{"v": 2}')
    describe_plan(engine, HERE, plan_id, tags=["q4"], needs="a yes", decide_by=None, now=NOON)
    decide(engine, HERE, plan_id, 2, "approved", "", NOON)
    record(engine, plan_id, 2)
    share_plan(engine, HERE, plan_id, NOON)
    write_draft(engine, HERE, plan_id, "half done", NOON)
    write_draft(engine, HERE, f"merge {plan_id}", "half done", NOON)
    return plan_id


def test_a_deleted_plan_lies_in_the_bin_with_its_last_day(engine: Engine, plan_id: str) -> None:
    other = save(engine, "Other")
    delete_plan(engine, HERE, plan_id, days(0))
    delete_plan(engine, HERE, other, days(1))
    assert list_deleted(engine, HERE) == [
        DeletedPlan(other, "Other", "Ada", days(1)),
        DeletedPlan(plan_id, "Support", "Ada", days(0)),
    ]
    assert list_deleted(engine, HERE)[1].gone_at == datetime.fromisoformat("2026-12-23T12:00Z")
    assert find_plans(engine, HERE).count == overview(engine, HERE).plans == 0


def test_a_plan_comes_back_with_all_that_belongs_to_it(engine: Engine, full: str) -> None:
    token = share_plan(engine, HERE, full, NOON)
    delete_plan(engine, HERE, full, days(1))
    assert open_link(engine, token, days(1)) is None
    undelete_plan(engine, HERE, full, days(2))
    assert list_deleted(engine, HERE) == []
    plan = load_plan(engine, HERE, full, now=days(2))
    assert (plan.version, plan.status, plan.needs) == (2, "approved", "a yes")
    assert [line.version for line in list_versions(engine, HERE, full, now=NOON)] == [2, 1]
    assert len(list_decisions(engine, HERE, full, now=NOON)) == 1
    assert len(list_months(engine, HERE, full, now=NOON)) == 1
    assert find_plans(engine, HERE).rows[0].tags == ("q4",)
    assert opened(engine, token, days(2)).plan.id == full


def test_a_plan_that_is_removed_leaves_nothing_but_its_name_in_the_log(
    engine: Engine, full: str
) -> None:
    kept = save(engine, "Kept")
    describe_plan(engine, HERE, kept, tags=["q4"], needs="", decide_by=None, now=NOON)
    write_draft(engine, HERE, kept, "of another", NOON)
    delete_plan(engine, HERE, full, days(1))
    remove_plan(engine, HERE, full, days(1))
    left = everything(engine)
    audit = left.pop("audit")
    assert full not in repr(left) and "half done" not in repr(left)
    assert {table: len(rows) for table, rows in left.items() if rows} == {
        "plans": 1, "plan_versions": 1, "plan_tags": 1, "drafts": 1, "workspaces": 1,
    }  # fmt: skip
    assert sum(full in repr(line) for line in audit) == 8  # what was done, to its end
    last = list_audit(engine, HERE)[0]
    assert (last.action, last.plan_name, last.plan_id) == ("removed for good", "Support", full)
    with pytest.raises(BadInput, match="no plan"):
        undelete_plan(engine, HERE, full, days(1))
    assert read_draft(engine, HERE, kept) == "of another"


def test_only_what_lies_in_the_bin_can_be_removed_or_brought_back(
    engine: Engine, plan_id: str
) -> None:
    before = everything(engine)
    for refused in (remove_plan, undelete_plan):
        with pytest.raises(BadInput, match="no plan"):
            refused(engine, HERE, plan_id, NOON)
    assert everything(engine) == before


def test_the_bin_empties_after_thirty_days(engine: Engine, full: str) -> None:
    token = share_plan(engine, HERE, full, NOON)
    younger = save(engine, "Younger")
    delete_plan(engine, HERE, full, days(0))
    delete_plan(engine, HERE, younger, days(1))
    assert timedelta(days=30) == KEPT_FOR
    assert empty_bin(engine, days(30)) == 0
    assert empty_bin(engine, days(30.5)) == 1
    assert [plan.id for plan in list_deleted(engine, HERE)] == [younger]
    assert full not in repr({k: v for k, v in everything(engine).items() if k != "audit"})
    assert open_link(engine, token, NOON) is None
    last = list_audit(engine, HERE)[0]
    assert (last.who, last.via, last.action) == ("Tierwise", "local", "removed for good")
    assert (last.plan_name, last.detail) == ("Support", "thirty days after it was deleted")
    assert empty_bin(engine, days(32)) == 1 and empty_bin(engine, days(32)) == 0


def test_a_plan_that_came_back_starts_its_thirty_days_anew(engine: Engine, plan_id: str) -> None:
    delete_plan(engine, HERE, plan_id, days(0))
    undelete_plan(engine, HERE, plan_id, days(29))
    assert empty_bin(engine, days(40)) == 0
    delete_plan(engine, HERE, plan_id, days(41))
    assert empty_bin(engine, days(70)) == 0 and empty_bin(engine, days(71.1)) == 1


def test_editors_delete_and_bring_back_and_owners_remove(engine: Engine, plan_id: str) -> None:
    make_team(engine)
    with pytest.raises(Forbidden):
        delete_plan(engine, VIEWER, plan_id, NOON)
    with pytest.raises(Forbidden):
        list_deleted(engine, VIEWER)
    delete_plan(engine, EDITOR, plan_id, NOON)
    assert [plan.id for plan in list_deleted(engine, EDITOR)] == [plan_id]
    undelete_plan(engine, EDITOR, plan_id, NOON)
    delete_plan(engine, EDITOR, plan_id, NOON)
    with pytest.raises(Forbidden):
        remove_plan(engine, EDITOR, plan_id, NOON)
    remove_plan(engine, OWNER, plan_id, NOON)
    with engine.connect() as connection:
        assert connection.execute(PlanTable.__table__.select()).all() == []


def test_a_bin_shows_only_what_was_deleted_in_its_workspace(engine: Engine, plan_id: str) -> None:
    research = create_workspace(engine, HERE, "Research", NOON)
    delete_plan(engine, HERE, plan_id, NOON)
    assert list_deleted(engine, HERE, research) == []
