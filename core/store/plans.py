"""Plans that teams keep: every save is a new version, nothing is overwritten or lost."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Engine, delete, insert, select, update

from core.errors import BadInput, Conflict
from core.frozen.headline import Headline
from core.store.access import Actor, Grant, grant, grant_workspace, unknown_plan
from core.store.audit import record
from core.store.names import NAME_LENGTH, clean_name, clean_note, storable
from core.store.saved import (
    PlanRow,
    SavedPlan,
    document_digest,
    plan_line,
    plan_lines,
    saved_plan,
    whole_plans,
)
from core.store.tables import MAIN, PlanTable, TagTable, VersionTable
from core.store.transaction import writing

TAG_LENGTH: Final = 40
MOST_TAGS: Final = 10
MOST_VERSIONS: Final = 2**31 - 1  # what a database can count to


def save_plan(
    engine: Engine,
    actor: Actor,
    *,
    name: str,
    author: str,
    document: str,
    headline: Headline,
    now: datetime,
    workspace_id: str = MAIN,
) -> str:
    """The id of a new plan, with this document as its first version.

    BadInput when name or author is not 1 to 120 printable characters.
    """
    name, author = clean_name(name), clean_name(author, "author")
    with writing(engine) as connection:
        granted = grant_workspace(connection, actor, "write", workspace_id)
        plan_id = _add_plan(connection, actor, granted, name, author, document, headline, now)
        record(connection, actor, granted, "saved", now, plan_id=plan_id, plan_name=name,
               detail="version 1")  # fmt: skip
    return plan_id


def save_version(
    engine: Engine,
    actor: Actor,
    plan_id: str,
    *,
    base_version: int,
    name: str | None = None,
    author: str,
    document: str,
    headline: Headline,
    changes: Sequence[str] = (),
    now: datetime,
) -> int:
    """The number of the plan's next version, which was made from `base_version`.

    Conflict when somebody else has saved a version since: nothing is stored then. A new version
    is open again, whatever was decided on the one before. A `name` other than the plan's renames
    it, which takes the right to; None leaves the name to those who gave it.
    """
    name, author = None if name is None else clean_name(name), clean_name(author, "author")
    with writing(engine) as connection:
        granted = grant(connection, actor, "write", plan_id=plan_id, now=now)
        name = name or granted.plan_name
        if name != granted.plan_name:
            grant(connection, actor, "arrange", plan_id=plan_id, now=now)
        # Comparing and counting up is one statement, so of two savers one gets the number.
        values = {"name": name, "version": PlanTable.version + 1, "updated_at": now}
        version = connection.execute(
            update(PlanTable)
            .where(
                PlanTable.id == plan_id,
                PlanTable.deleted_at.is_(None),
                PlanTable.version == base_version,
            )
            .values(**values, status="open")
            .returning(PlanTable.version)
        ).scalar()
        if version is None:
            raise _conflict(connection, plan_id, base_version)
        add_version(connection, plan_id, version, author, document, headline, now, changes)
        if name != granted.plan_name:
            record(connection, actor, granted, "renamed", now, plan_id=plan_id, detail=name)
        record(connection, actor, granted, "saved", now, plan_id=plan_id, plan_name=name,
               detail=f"version {version}")  # fmt: skip
    return version


def load_plan(
    engine: Engine, actor: Actor, plan_id: str, version: int | None = None, *, now: datetime
) -> SavedPlan:
    """A plan's newest version, or the one asked for; BadInput when there is none.

    The bearer of a link that opens one version gets that one only.
    """
    with engine.connect() as connection:
        granted = grant(connection, actor, "read", plan_id=plan_id, now=now)
        if granted.pinned is not None:
            if version not in (None, granted.pinned):
                raise unknown_plan(f"{plan_id}, version {version}")
            version = granted.pinned
        if version is not None and not 1 <= version <= MOST_VERSIONS:
            raise unknown_plan(f"{plan_id}, version {version}")
        wanted = PlanTable.version if version is None else version
        query = whole_plans().where(PlanTable.id == plan_id, VersionTable.version == wanted)
        row = connection.execute(query).first()
        tags = tags_of(connection, [plan_id])[plan_id]
    if row is None:
        raise unknown_plan(plan_id if version is None else f"{plan_id}, version {version}")
    return saved_plan(row, tags)


def list_versions(
    engine: Engine, actor: Actor, plan_id: str, *, now: datetime, limit: int = 200
) -> list[PlanRow]:
    """The versions of a plan, newest first; `updated_at` is when each was saved."""
    query = plan_lines().where(PlanTable.id == plan_id).order_by(VersionTable.version.desc())
    with engine.connect() as connection:
        granted = grant(connection, actor, "read", plan_id=plan_id, now=now)
        if granted.pinned is not None:
            query = query.where(VersionTable.version == granted.pinned)
        rows = connection.execute(query.limit(limit)).all()
    return [plan_line(row, row.saved_at) for row in rows]


def rename_plan(engine: Engine, actor: Actor, plan_id: str, name: str, now: datetime) -> None:
    """Gives a plan another name; its versions, date and links stay."""
    name = clean_name(name)
    with writing(engine) as connection:
        granted = grant(connection, actor, "arrange", plan_id=plan_id, now=now)
        connection.execute(update(PlanTable).where(PlanTable.id == plan_id).values(name=name))
        record(connection, actor, granted, "renamed", now, plan_id=plan_id, detail=name)


def describe_plan(
    engine: Engine,
    actor: Actor,
    plan_id: str,
    *,
    tags: Sequence[str],
    needs: str,
    decide_by: date | None,
    name: str | None = None,
    now: datetime,
) -> None:
    """Sets the words that a plan is found by, and what its owner says to whoever decides.

    With a `name` it is renamed, too: all of it or, with BadInput, nothing.
    """
    name = None if name is None else clean_name(name)
    needs = clean_note(needs, "needs")
    tags = clean_tags(tags)
    with writing(engine) as connection:
        granted = grant(connection, actor, "arrange", plan_id=plan_id, now=now)
        change = update(PlanTable).where(PlanTable.id == plan_id)
        name = name or granted.plan_name
        connection.execute(change.values(needs=needs, decide_by=decide_by, name=name))
        if name != granted.plan_name:
            record(connection, actor, granted, "renamed", now, plan_id=plan_id, detail=name)
        connection.execute(delete(TagTable).where(TagTable.plan_id == plan_id))
        if tags:
            rows = [{"plan_id": plan_id, "tag": tag} for tag in tags]
            connection.execute(insert(TagTable), rows)
        said = ", ".join(filter(None, [*tags, f"decide by {decide_by}" if decide_by else ""]))
        record(connection, actor, granted, "described", now, plan_id=plan_id, detail=said)


def duplicate_plan(engine: Engine, actor: Actor, plan_id: str, author: str, now: datetime) -> str:
    """The id of a new plan, "Copy of ...", that starts with the newest version of this one."""
    author = clean_name(author, "author")
    plan = load_plan(engine, actor, plan_id, now=now)
    name = f"Copy of {plan.name}"[:NAME_LENGTH].rstrip()
    with writing(engine) as connection:
        granted = grant(connection, actor, "arrange", plan_id=plan_id, now=now)
        copy = _add_plan(
            connection, actor, granted, name, author, plan.document, plan.headline, now
        )
        record(connection, actor, granted, "copied", now, plan_id=copy, plan_name=name,
               detail=f"version {plan.version} of {plan_id}")  # fmt: skip
    return copy


def _add_plan(
    connection: Connection,
    actor: Actor,
    granted: Grant,
    name: str,
    author: str,
    document: str,
    headline: Headline,
    now: datetime,
) -> str:
    plan_id = secrets.token_hex(8)
    connection.execute(
        insert(PlanTable).values(
            id=plan_id,
            name=name,
            version=1,
            created_at=now,
            updated_at=now,
            workspace_id=granted.workspace_id,
            owner=actor.email or author,
        )
    )
    add_version(connection, plan_id, 1, author, document, headline, now, ())
    return plan_id


def add_version(
    connection: Connection,
    plan_id: str,
    version: int,
    author: str,
    document: str,
    headline: Headline,
    now: datetime,
    changes: Sequence[str],
) -> None:
    """Writes a version, in a transaction that has checked the right to."""
    figures = asdict(headline)
    figures |= {"log_name": storable(headline.log_name), "note": storable(headline.note)}
    figures["trend"] = json.dumps([round(usd, 2) for usd in headline.trend])
    connection.execute(
        insert(VersionTable).values(
            plan_id=plan_id,
            version=version,
            author=author,
            saved_at=now,
            changes=json.dumps(list(changes)),
            document=document,
            document_sha256=document_digest(document),
            **figures,
        )
    )


def tags_of(connection: Connection, plan_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The tags of each of these plans, in order."""
    query = select(TagTable.plan_id, TagTable.tag).where(TagTable.plan_id.in_(plan_ids))
    found: dict[str, tuple[str, ...]] = dict.fromkeys(plan_ids, ())
    for plan_id, tag in connection.execute(query.order_by(TagTable.tag)):
        found[plan_id] += (tag,)
    return found


def clean_tags(tags: Sequence[str]) -> list[str]:
    """The tags in order, each once; BadInput for more than ten, or one over 40 characters."""
    found = sorted({clean_name(tag, "tag") for tag in tags if tag.strip()})
    if long := next((tag for tag in found if len(tag) > TAG_LENGTH), None):
        raise BadInput(
            f"'{long[:20]}...' has {len(long)} characters",
            where="tags",
            remedy=f"Use at most {TAG_LENGTH}",
        )
    if len(found) > MOST_TAGS:
        raise BadInput(f"there are {len(found)}", where="tags", remedy=f"Use at most {MOST_TAGS}")
    return found


def _conflict(connection: Connection, plan_id: str, base_version: int) -> Conflict | BadInput:
    """Why nothing was saved: somebody was faster, or the plan is gone."""
    row = connection.execute(
        select(PlanTable.version, VersionTable.author)
        .join(VersionTable, VersionTable.plan_id == PlanTable.id)
        .where(
            PlanTable.id == plan_id,
            PlanTable.deleted_at.is_(None),
            VersionTable.version == PlanTable.version,
        )
    ).first()
    if row is None:
        return unknown_plan(plan_id)
    return Conflict(
        f"{row.author} saved version {row.version} while you worked on version {base_version}",
        newest=row.version,
        where="plan",
        remedy="Look at both, and choose what to keep of each",
    )
