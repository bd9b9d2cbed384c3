"""Plans that teams keep: every save is a new version, nothing is overwritten or lost."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import asdict
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, insert, or_, update

from core.errors import BadInput
from core.store.saved import Headline as Headline  # part of what save_plan takes
from core.store.saved import (
    PlanRow,
    SavedPlan,
    plan_line,
    plan_lines,
    saved_plan,
    whole_plans,
)
from core.store.tables import PlanTable, VersionTable

NAME_LENGTH: Final = 120


def save_plan(
    engine: Engine,
    *,
    name: str,
    author: str,
    document: str,
    headline: Headline,
    now: datetime,
    plan_id: str | None = None,
) -> str:
    """The id of the saved plan: a new plan, or with `plan_id` the next version of that one.

    BadInput when name or author is not 1 to 120 printable characters, or the plan is unknown.
    """
    name, author = clean_name(name), clean_name(author, "author")
    with engine.begin() as connection:
        if plan_id is None:
            plan_id, version = secrets.token_hex(8), 1
            plan = {"id": plan_id, "name": name, "version": version}
            connection.execute(insert(PlanTable).values(**plan, created_at=now, updated_at=now))
        else:
            # Counting up and reading back is one statement, so two savers get two numbers.
            version = _change(
                connection, plan_id, name=name, version=PlanTable.version + 1, updated_at=now
            )
        connection.execute(
            insert(VersionTable).values(
                plan_id=plan_id,
                version=version,
                author=author,
                saved_at=now,
                document=document,
                **asdict(headline),
            )
        )
    return plan_id


def load_plan(engine: Engine, plan_id: str, version: int | None = None) -> SavedPlan:
    """A plan's newest version, or the one asked for; BadInput when there is none."""
    wanted = PlanTable.version if version is None else version
    query = whole_plans().where(PlanTable.id == plan_id, VersionTable.version == wanted)
    with engine.connect() as connection:
        row = connection.execute(query).first()
    if row is None:
        raise _unknown(plan_id if version is None else f"{plan_id}, version {version}")
    return saved_plan(row)


def list_plans(engine: Engine, search: str = "") -> list[PlanRow]:
    """All plans that are not deleted, newest first; `search` looks in name, author and log."""
    query = plan_lines().where(VersionTable.version == PlanTable.version)
    text = search.strip()
    if text:
        columns = (PlanTable.name, VersionTable.author, VersionTable.log_name)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(PlanTable.updated_at.desc(), PlanTable.id)).all()
    return [plan_line(row, row.updated_at) for row in rows]


def list_versions(engine: Engine, plan_id: str) -> list[PlanRow]:
    """All versions of a plan, newest first; `updated_at` is when each was saved."""
    query = plan_lines().where(PlanTable.id == plan_id).order_by(VersionTable.version.desc())
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    if not rows:
        raise _unknown(plan_id)
    return [plan_line(row, row.saved_at) for row in rows]


def rename_plan(engine: Engine, plan_id: str, name: str) -> None:
    """Gives a plan another name; its versions, date and links stay."""
    with engine.begin() as connection:
        _change(connection, plan_id, name=clean_name(name))


def duplicate_plan(engine: Engine, plan_id: str, author: str, now: datetime) -> str:
    """The id of a new plan, "Copy of ...", that starts with the newest version of this one."""
    plan = load_plan(engine, plan_id)
    return save_plan(
        engine,
        name=f"Copy of {plan.name}"[:NAME_LENGTH],
        author=author,
        document=plan.document,
        headline=plan.headline,
        now=now,
    )


def delete_plan(engine: Engine, plan_id: str, now: datetime) -> None:
    """Takes a plan out of the list and closes its links, until `undelete_plan`."""
    with engine.begin() as connection:
        _change(connection, plan_id, deleted_at=now)


def undelete_plan(engine: Engine, plan_id: str) -> None:
    """Brings a deleted plan back as it was, with its versions and links."""
    change = update(PlanTable).where(PlanTable.id == plan_id).values(deleted_at=None)
    with engine.begin() as connection:
        if connection.execute(change.returning(PlanTable.id)).first() is None:
            raise _unknown(plan_id)


def clean_name(name: str, what: str = "name") -> str:
    """The name without outer space; BadInput unless it has 1 to 120 printable characters."""
    name = name.strip()
    if not 1 <= len(name) <= NAME_LENGTH:
        raise BadInput(
            f"it has {len(name)} characters",
            where=what,
            remedy=f"Use 1 to {NAME_LENGTH} characters",
        )
    # Line breaks, NUL and half characters: a list cannot show them, a database not store them.
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in name):
        raise BadInput("it has control characters", where=what, remedy="Type it on one line")
    return name


def _change(connection: Connection, plan_id: str, **values: object) -> int:
    """The version of the plan after the change; BadInput when it is unknown or deleted."""
    version = connection.execute(
        update(PlanTable)
        .where(PlanTable.id == plan_id, PlanTable.deleted_at.is_(None))
        .values(**values)
        .returning(PlanTable.version)
    ).scalar()
    if version is None:
        raise _unknown(plan_id)
    return version


def _unknown(plan_id: str) -> BadInput:
    return BadInput(
        f"no plan '{plan_id}'",
        where="plans",
        remedy="Choose one from the list; this one may have been deleted",
    )
