"""Months that came after a plan, beside what it had said: for those who open its links."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from sqlalchemy import Engine, func, insert, select

from core.quality.actual import Actual
from core.store.access import Actor, grant, grant_workspace, unknown_plan
from core.store.audit import record
from core.store.names import storable
from core.store.tables import MAIN, ActualTable, PlanTable, VersionTable
from core.store.transaction import writing

if TYPE_CHECKING:
    from core.store.saved import OneRow

_ADAPTER: TypeAdapter[Actual] = TypeAdapter(Actual)


@dataclass(frozen=True)
class Month:
    """What a later log showed of one version."""

    version: int
    log_name: str
    first_time: datetime | None
    last_time: datetime | None
    recorded_at: datetime
    recorded_by: str
    found: Actual


def record_month(
    engine: Engine,
    actor: Actor,
    plan_id: str,
    version: int,
    found: Actual,
    *,
    log_name: str,
    first_time: datetime | None,
    last_time: datetime | None,
    now: datetime,
) -> None:
    """Keeps what a later log showed of a version, beside what was kept before."""
    with writing(engine) as connection:
        granted = grant(connection, actor, "write", plan_id=plan_id, now=now)
        known = select(VersionTable.version).where(
            VersionTable.plan_id == plan_id, VersionTable.version == version
        )
        if connection.execute(known).first() is None:
            raise unknown_plan(f"{plan_id}, version {version}")
        connection.execute(
            insert(ActualTable).values(
                id=secrets.token_hex(8),
                plan_id=plan_id,
                version=version,
                log_name=storable(log_name),
                first_time=first_time,
                last_time=last_time,
                recorded_at=now,
                recorded_by=actor.who,
                found=_ADAPTER.dump_json(found).decode(),
            )
        )
        record(connection, actor, granted, "recorded a month", now, plan_id=plan_id,
               detail=f"version {version}, {log_name}")  # fmt: skip


def list_months(engine: Engine, actor: Actor, plan_id: str, *, now: datetime) -> list[Month]:
    """What was kept of a plan, last recorded first; the bearer of a link reads of theirs only."""
    query = select(ActualTable.__table__).where(ActualTable.plan_id == plan_id)
    with engine.connect() as connection:
        granted = grant(connection, actor, "read", plan_id=plan_id, now=now)
        if granted.pinned is not None:
            query = query.where(ActualTable.version == granted.pinned)
        rows = connection.execute(query.order_by(ActualTable.recorded_at.desc()).limit(24)).all()
    return [_month(row) for row in rows]


def last_months(
    engine: Engine, actor: Actor, plan_ids: Sequence[str], *, workspace_id: str = MAIN
) -> dict[str, Month]:
    """The month recorded last of each of these plans of a workspace that has one."""
    table = ActualTable
    newest = (
        select(table.plan_id, func.max(table.recorded_at).label("at"))
        .join(PlanTable, PlanTable.id == table.plan_id)
        .where(PlanTable.workspace_id == workspace_id, PlanTable.deleted_at.is_(None))
        .where(table.plan_id.in_(plan_ids))
        .group_by(table.plan_id)
        .subquery()
    )
    query = select(table.__table__).join(
        newest, (newest.c.plan_id == table.plan_id) & (newest.c.at == table.recorded_at)
    )
    with engine.connect() as connection:
        grant_workspace(connection, actor, "read", workspace_id)
        return {row.plan_id: _month(row) for row in connection.execute(query)}


def _month(row: OneRow) -> Month:
    return Month(
        row.version,
        row.log_name,
        row.first_time,
        row.last_time,
        row.recorded_at,
        row.recorded_by,
        _ADAPTER.validate_json(row.found),
    )
