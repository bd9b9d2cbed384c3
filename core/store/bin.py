"""Deleted plans: out of sight at once, gone for good after thirty days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, select, update

from core.store.access import Actor, Grant, grant, grant_workspace
from core.store.audit import record
from core.store.tables import (
    MAIN,
    ActualTable,
    DecisionTable,
    DraftTable,
    LinkTable,
    PlanTable,
    TagTable,
    VersionTable,
)
from core.store.transaction import writing

KEPT_FOR: Final = timedelta(days=30)
PATIENCE_MS: Final = 1_000  # of the program, which will start again
_OF_A_PLAN: Final = (TagTable, DecisionTable, ActualTable, LinkTable, VersionTable)


@dataclass(frozen=True)
class DeletedPlan:
    """A plan in the bin, and when it goes for good."""

    id: str
    name: str
    owner: str
    deleted_at: datetime

    @property
    def gone_at(self) -> datetime:
        """When nobody can bring it back any more."""
        return self.deleted_at + KEPT_FOR


def delete_plan(engine: Engine, actor: Actor, plan_id: str, now: datetime) -> None:
    """Takes a plan out of the list and closes its links, until `undelete_plan`."""
    with writing(engine) as connection:
        granted = grant(connection, actor, "arrange", plan_id=plan_id, now=now)
        connection.execute(update(PlanTable).where(PlanTable.id == plan_id).values(deleted_at=now))
        record(connection, actor, granted, "deleted", now, plan_id=plan_id)


def undelete_plan(engine: Engine, actor: Actor, plan_id: str, now: datetime) -> None:
    """Brings a deleted plan back as it was, with its versions, decisions and links."""
    with writing(engine) as connection:
        granted = grant(connection, actor, "arrange", plan_id=plan_id, now=now, deleted=True)
        connection.execute(update(PlanTable).where(PlanTable.id == plan_id).values(deleted_at=None))
        record(connection, actor, granted, "brought back", now, plan_id=plan_id)


def list_deleted(engine: Engine, actor: Actor, workspace_id: str = MAIN) -> list[DeletedPlan]:
    """What lies in a workspace's bin, last deleted first."""
    query = (
        select(PlanTable.id, PlanTable.name, PlanTable.owner, PlanTable.deleted_at)
        .where(PlanTable.workspace_id == workspace_id, PlanTable.deleted_at.is_not(None))
        .order_by(PlanTable.deleted_at.desc(), PlanTable.id)
    )
    with engine.connect() as connection:
        grant_workspace(connection, actor, "arrange", workspace_id)
        rows = connection.execute(query).all()
    return [
        DeletedPlan(row.id, row.name, row.owner, row.deleted_at)
        for row in rows
        if row.deleted_at is not None  # as the query says; for the type checker
    ]


def remove_plan(engine: Engine, actor: Actor, plan_id: str, now: datetime) -> None:
    """Removes a plan that lies in the bin for good; the audit log keeps its name."""
    with writing(engine) as connection:
        granted = grant(connection, actor, "manage", plan_id=plan_id, now=now, deleted=True)
        record(connection, actor, granted, "removed for good", now, plan_id=plan_id)
        _remove(connection, [plan_id])


def empty_bin(engine: Engine, now: datetime) -> int:
    """The number of plans removed for good, since they were deleted over thirty days ago.

    The program does this by itself, when it starts; Hindered where others hold the database, and
    then nothing is lost by doing it another time.
    """
    the_program = Actor("Tierwise", local=True)
    with writing(engine, patience_ms=PATIENCE_MS) as connection:
        rows = connection.execute(
            select(PlanTable.id, PlanTable.name, PlanTable.workspace_id)
            .where(PlanTable.deleted_at < now - KEPT_FOR)
            .with_for_update()
        ).all()
        for row in rows:
            granted = Grant(row.workspace_id, "local", row.name)
            detail = "thirty days after it was deleted"
            record(connection, the_program, granted, "removed for good", now, plan_id=row.id,
                   detail=detail)  # fmt: skip
        _remove(connection, [row.id for row in rows])
    return len(rows)


def _remove(connection: Connection, plan_ids: Sequence[str]) -> None:
    for table in _OF_A_PLAN:
        connection.execute(delete(table).where(table.plan_id.in_(plan_ids)))
    for plan_id in plan_ids:  # what was in the making for it
        connection.execute(delete(DraftTable).where(DraftTable.subject.endswith(plan_id)))
    connection.execute(delete(PlanTable).where(PlanTable.id.in_(plan_ids)))
