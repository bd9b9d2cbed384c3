"""Plans in the making, kept for their editor with every change of a control."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, select

from core.errors import Forbidden
from core.store.access import LINK_RIGHTS, Actor, active_link
from core.store.tables import DraftTable
from core.store.transaction import writing

PATIENCE_MS: Final = 2_000


def write_draft(engine: Engine, actor: Actor, subject: str, body: str, now: datetime) -> None:
    """Keeps a draft of the actor's own on a subject (a log's digest, or what ends in a plan's id).

    Forbidden for nobody we know, and for the bearer of a link that does not open that plan to edit.
    Hindered after a short wait for others: a page keeps one with every move of a control.
    """
    with writing(engine, patience_ms=PATIENCE_MS) as connection:
        _let_in(connection, actor, subject, now)
        # Both databases spell "or change the one that is there" alike; SQLAlchemy keeps it apart.
        kind: Any = import_module(f"sqlalchemy.dialects.{engine.dialect.name}")
        new = kind.insert(DraftTable).values(
            who=actor.id, subject=subject, body=body, updated_at=now
        )
        changed = {"body": new.excluded.body, "updated_at": new.excluded.updated_at}
        connection.execute(
            new.on_conflict_do_update(index_elements=["who", "subject"], set_=changed)
        )


def read_draft(engine: Engine, actor: Actor, subject: str) -> str | None:
    """The actor's own draft on a subject, as they left it; None without one."""
    query = select(DraftTable.body).where(DraftTable.who == actor.id, DraftTable.subject == subject)
    with engine.connect() as connection:
        return connection.execute(query).scalar()


def forget_draft(engine: Engine, actor: Actor, subject: str) -> None:
    """Lets a draft go, since it was saved or its log was deleted."""
    with writing(engine) as connection:
        connection.execute(
            delete(DraftTable).where(DraftTable.who == actor.id, DraftTable.subject == subject)
        )


def _let_in(connection: Connection, actor: Actor, subject: str, now: datetime) -> None:
    if actor.local or (actor.email and not actor.token):
        return
    link = active_link(connection, actor, now) if actor.token else None
    known = link is not None and subject.endswith(link.plan_id)
    if link is None or not known or "write" not in LINK_RIGHTS[link.kind]:
        raise Forbidden("only those who may save versions can draft them", where="draft")
