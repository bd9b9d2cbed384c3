"""Workspaces, and who is in them."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast, get_args

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from core.errors import BadInput
from core.store.access import Actor, Grant, Role, grant_workspace, role_in
from core.store.audit import record
from core.store.names import clean_name
from core.store.tables import MAIN, MemberTable, WorkspaceTable
from core.store.transaction import writing

_EMAIL: Final = re.compile(r"[^@\s,;<>\"'\x00-\x1f\x7f\ud800-\udfff]{0,64}@[\w.-]+\.?\w+")


@dataclass(frozen=True)
class Member:
    """A person (or "@example.com", a whole domain) with a role."""

    email: str
    role: Role
    added_at: datetime
    added_by: str


@dataclass(frozen=True)
class Workspace:
    """A team's room, and what the one who asks may do in it."""

    id: str
    name: str
    role: Role


def workspaces_of(engine: Engine, actor: Actor) -> list[Workspace]:
    """The workspaces that the actor has a role in, by name; none for the bearer of a link."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(WorkspaceTable.id, WorkspaceTable.name).order_by(WorkspaceTable.name)
        ).all()
        with_roles = [(row, role_in(connection, actor, row.id)) for row in rows]
    return [Workspace(row.id, row.name, role) for row, role in with_roles if role]


def create_workspace(engine: Engine, actor: Actor, name: str, now: datetime) -> str:
    """The id of a new workspace, for those who manage the first one; they own it."""
    name = clean_name(name)
    with writing(engine) as connection:
        granted = grant_workspace(connection, actor, "manage", MAIN)
        workspace_id = secrets.token_hex(8)
        new = {"id": workspace_id, "name": name, "created_at": now}
        connection.execute(insert(WorkspaceTable).values(**new))
        here = Grant(workspace_id, granted.via)
        if actor.email:
            _put(connection, here, actor, actor.email, "owner", now)
        record(connection, actor, here, "made a workspace", now, detail=name)
    return workspace_id


def rename_workspace(
    engine: Engine, actor: Actor, name: str, now: datetime, workspace_id: str = MAIN
) -> None:
    """Gives a workspace another name."""
    name = clean_name(name)
    with writing(engine) as connection:
        granted = grant_workspace(connection, actor, "manage", workspace_id)
        change = update(WorkspaceTable).where(WorkspaceTable.id == workspace_id)
        connection.execute(change.values(name=name))
        record(connection, actor, granted, "renamed the workspace", now, detail=name)


def list_members(engine: Engine, actor: Actor, workspace_id: str = MAIN) -> list[Member]:
    """Everybody with a role, by address."""
    columns = (MemberTable.email, MemberTable.role, MemberTable.added_at, MemberTable.added_by)
    query = select(*columns).where(MemberTable.workspace_id == workspace_id)
    with engine.connect() as connection:
        grant_workspace(connection, actor, "manage", workspace_id)
        rows = connection.execute(query.order_by(MemberTable.email)).all()
    return [Member(row.email, cast(Role, row.role), row.added_at, row.added_by) for row in rows]


def set_role(
    engine: Engine, actor: Actor, email: str, role: Role, now: datetime, workspace_id: str = MAIN
) -> None:
    """Gives somebody a role in a workspace, instead of the one they may have had."""
    email = _clean_email(email)
    if role not in get_args(Role):
        raise BadInput(f"there is no role '{role}'", where="members", remedy="Choose one")
    with writing(engine) as connection:
        _one_at_a_time(connection, workspace_id)
        granted = grant_workspace(connection, actor, "manage", workspace_id)
        if role != "owner":
            _keep_an_owner(connection, actor, email, workspace_id)
        _put(connection, granted, actor, email, role, now)
        record(connection, actor, granted, "set a role", now, detail=f"{email}: {role}")


def remove_member(
    engine: Engine, actor: Actor, email: str, now: datetime, workspace_id: str = MAIN
) -> None:
    """Takes somebody's role away."""
    email = _clean_email(email)
    with writing(engine) as connection:
        _one_at_a_time(connection, workspace_id)
        granted = grant_workspace(connection, actor, "manage", workspace_id)
        _keep_an_owner(connection, actor, email, workspace_id)
        _drop(connection, email, workspace_id)
        record(connection, actor, granted, "took a role away", now, detail=email)


def _put(
    connection: Connection, granted: Grant, actor: Actor, email: str, role: Role, now: datetime
) -> None:
    _drop(connection, email, granted.workspace_id)
    connection.execute(
        insert(MemberTable).values(
            workspace_id=granted.workspace_id,
            email=email.lower(),
            role=role,
            added_at=now,
            added_by=actor.who,
        )
    )


def _drop(connection: Connection, email: str, workspace_id: str) -> None:
    connection.execute(
        delete(MemberTable).where(
            MemberTable.workspace_id == workspace_id, MemberTable.email == email.lower()
        )
    )


def _one_at_a_time(connection: Connection, workspace_id: str) -> None:
    """Waits for whoever else changes roles here: two owners could take each other's away."""
    query = select(WorkspaceTable.id).where(WorkspaceTable.id == workspace_id)
    if workspace_id.isalnum():
        connection.execute(query.with_for_update(key_share=True))


def _keep_an_owner(connection: Connection, actor: Actor, email: str, workspace_id: str) -> None:
    """BadInput where nobody would be left who may give roles."""
    if actor.local or actor.steward:
        return
    others = connection.execute(
        select(func.count())
        .select_from(MemberTable)
        .where(
            MemberTable.workspace_id == workspace_id,
            MemberTable.role == "owner",
            MemberTable.email != email,
        )
    ).scalar()
    if not others:
        raise BadInput(
            "a workspace needs an owner", where="members", remedy="Name another owner first"
        )


def _clean_email(email: str) -> str:
    email = email.strip().lower()
    if len(email) > 254 or not _EMAIL.fullmatch(email):
        raise BadInput(
            "this is no e-mail address",
            where="members",
            remedy="Write ada@example.com, or @example.com for everybody there",
        )
    return email
