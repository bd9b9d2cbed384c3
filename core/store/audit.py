"""The record of every change and of every link that was opened; it is only ever added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, Engine, insert, select

from core.events import event
from core.store.access import Actor, Grant, grant_workspace
from core.store.names import storable
from core.store.tables import MAIN, AuditTable

Action = Literal[
    "saved", "renamed", "described", "copied", "imported", "exported", "deleted", "brought back",
    "removed for good", "approved", "asked for changes", "commented", "recorded a month",
    "made a link", "closed a link", "opened a link", "gave a wrong passphrase",
    "set a role", "took a role away", "made a workspace", "renamed the workspace",
]  # fmt: skip
DETAIL_CHARS: Final = 500


@dataclass(frozen=True)
class Entry:
    """One line of the record; `via` is "local", "login" or a link's id."""

    at: datetime
    who: str
    via: str
    action: str
    plan_id: str
    plan_name: str
    detail: str


def record(
    connection: Connection,
    actor: Actor,
    granted: Grant,
    action: Action,
    now: datetime,
    *,
    plan_id: str = "",
    plan_name: str = "",
    detail: str = "",
) -> None:
    """Adds a line, in the transaction of the change itself: neither is there without the other."""
    connection.execute(
        insert(AuditTable).values(
            at=now,
            workspace_id=granted.workspace_id,
            plan_id=plan_id,
            plan_name=plan_name or granted.plan_name,
            who=actor.who,
            via=granted.via,
            action=action,
            detail=storable(detail)[:DETAIL_CHARS],
        )
    )
    event("store", did=action, plan=plan_id, workspace=granted.workspace_id, via=granted.via)


def list_audit(
    engine: Engine,
    actor: Actor,
    *,
    workspace_id: str = MAIN,
    plan_id: str = "",
    limit: int = 200,
    offset: int = 0,
) -> list[Entry]:
    """The lines of a workspace, or of one plan in it, newest first; for its owners."""
    table = AuditTable
    query = select(
        table.at, table.who, table.via, table.action, table.plan_id, table.plan_name, table.detail
    ).where(table.workspace_id == workspace_id)
    if plan_id:
        query = query.where(table.plan_id == plan_id)
    query = query.order_by(table.at.desc(), table.id.desc()).limit(limit).offset(offset)
    with engine.connect() as connection:
        grant_workspace(connection, actor, "manage", workspace_id)
        return [Entry(*row) for row in connection.execute(query)]
