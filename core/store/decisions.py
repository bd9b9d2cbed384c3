"""What people said to a version: approved, asked for changes, or a comment; kept for ever."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

from sqlalchemy import Engine, insert, or_, select, update

from core.errors import BadInput
from core.store.access import Actor, grant, unknown_plan
from core.store.audit import Action, record
from core.store.names import clean_name, clean_note
from core.store.tables import DecisionTable, PlanTable, VersionTable
from core.store.transaction import writing

Kind = Literal["approved", "changes", "comment"]
_ACTIONS: Final[dict[Kind, Action]] = {
    "approved": "approved",
    "changes": "asked for changes",
    "comment": "commented",
}


@dataclass(frozen=True)
class Decision:
    """What somebody said to one version; `via` is "local", "login" or a link's id."""

    version: int
    kind: Kind
    who: str
    via: str
    note: str
    made_at: datetime


def decide(
    engine: Engine,
    actor: Actor,
    plan_id: str,
    version: int,
    kind: Kind,
    note: str,
    now: datetime,
) -> None:
    """Keeps what the actor says to a version, and with a decision on the newest its status.

    BadInput where changes or a comment come without words, or the bearer of a link speaks of
    another version than theirs.
    """
    who = clean_name(actor.email or actor.name, "your name")
    note = clean_note(note)
    if kind != "approved" and not note:
        raise BadInput("it is empty", where="note", remedy="Say in a sentence what you mean")
    with writing(engine) as connection:
        granted = grant(connection, actor, "comment", plan_id=plan_id, now=now)
        exists = connection.execute(
            select(VersionTable.version).where(
                VersionTable.plan_id == plan_id, VersionTable.version == version
            )
        ).first()
        if exists is None or granted.pinned not in (None, version):
            raise unknown_plan(f"{plan_id}, version {version}")
        connection.execute(
            insert(DecisionTable).values(
                id=secrets.token_hex(8),
                plan_id=plan_id,
                version=version,
                kind=kind,
                who=who,
                via=granted.via,
                note=note,
                made_at=now,
            )
        )
        if kind != "comment":
            here = update(PlanTable).where(PlanTable.id == plan_id)
            connection.execute(here.where(PlanTable.version == version).values(status=kind))
            if kind == "approved":
                later = or_(
                    PlanTable.approved_version.is_(None), PlanTable.approved_version < version
                )
                connection.execute(here.where(later).values(approved_version=version))
        record(connection, actor, granted, _ACTIONS[kind], now, plan_id=plan_id,
               detail=f"version {version}")  # fmt: skip


def list_decisions(
    engine: Engine, actor: Actor, plan_id: str, *, now: datetime, limit: int = 100
) -> list[Decision]:
    """What was said to a plan, newest first; the bearer of a link reads of their version only."""
    table = DecisionTable
    query = select(
        table.version, table.kind, table.who, table.via, table.note, table.made_at
    ).where(table.plan_id == plan_id)
    with engine.connect() as connection:
        granted = grant(connection, actor, "read", plan_id=plan_id, now=now)
        if granted.pinned is not None:
            query = query.where(table.version == granted.pinned)
        rows = connection.execute(query.order_by(table.made_at.desc(), table.id).limit(limit)).all()
    return [
        Decision(row.version, cast(Kind, row.kind), row.who, row.via, row.note, row.made_at)
        for row in rows
    ]
