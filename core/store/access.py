"""Who may do what: roles in a workspace, kinds of share links, and the check in every call.

Every function of the store takes an `Actor` and asks `grant` before it reads or changes anything;
what a page shows or hides is a convenience on top. Roles and links are read anew each time, so
whoever loses a right loses it with the next click.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import Connection, case, select

from core.errors import BadInput, Forbidden
from core.store.names import storable
from core.store.tables import MAIN, LinkTable, MemberTable, PlanTable, WorkspaceTable

if TYPE_CHECKING:
    from core.store.saved import OneRow

Role = Literal["viewer", "editor", "owner"]
LinkKind = Literal["view", "comment", "edit"]
# read: see plans. comment: decide and remark. write: save versions. arrange: names, tags, needs,
# copies, the bin. share: links. manage: members, workspaces, the audit log.
Right = Literal["read", "comment", "write", "arrange", "share", "manage"]

WHO_CHARS: Final = 254
ROLE_RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    "viewer": frozenset({"read", "comment"}),
    "editor": frozenset({"read", "comment", "write", "arrange", "share"}),
    "owner": frozenset({"read", "comment", "write", "arrange", "share", "manage"}),
}
LINK_RIGHTS: Final[Mapping[LinkKind, frozenset[Right]]] = {
    "view": frozenset({"read"}),
    "comment": frozenset({"read", "comment"}),
    "edit": frozenset({"read", "comment", "write"}),
}
_DOING: Final[Mapping[Right, str]] = {
    "read": "see this",
    "comment": "comment or decide",
    "write": "save versions",
    "arrange": "rename, tag, copy or delete plans",
    "share": "make or close links",
    "manage": "manage the workspace",
}


@dataclass(frozen=True)
class Actor:
    """Whoever asks: the person at this machine, somebody signed in, or the bearer of a link.

    `name` is what histories show. `email` is vouched for by the login or the proxy, `steward`
    says that whoever runs the server named this address as an owner. `token` is a share link's,
    `key` what its passphrase was turned into (`links.unlock`).
    """

    name: str
    local: bool = False
    email: str = ""
    steward: bool = False
    token: str = ""
    key: str = ""

    @property
    def id(self) -> str:
        """What drafts are kept under; a link's passphrase is part of it."""
        link = f"link:{token_digest(self.token + self.key)[:16]}" if self.token else ""
        return self.email or link

    @property
    def who(self) -> str:
        """What records say of them, as any database takes it."""
        return storable(self.email or self.name)[:WHO_CHARS]


@dataclass(frozen=True)
class Grant:
    """A right that was found to be there: in which workspace, and by what."""

    workspace_id: str
    via: str  # "local", "login", or "link " and the link's id, for the audit log
    plan_name: str = ""
    pinned: int | None = None  # the only version that a link opens


def the_person_here(name: str = "you") -> Actor:
    """The person at this machine, who may do everything."""
    return Actor(name, local=True)


def grant(
    connection: Connection,
    actor: Actor,
    right: Right,
    *,
    plan_id: str,
    now: datetime,
    deleted: bool = False,
) -> Grant:
    """The right to do that with a plan (one in the bin where `deleted`).

    BadInput where there is no such plan for this actor: whether it exists is not told to those
    who may not see it. Forbidden where they see it but may not do this.
    """
    if not plan_id.isalnum() or (actor.token and deleted):
        raise unknown_plan(plan_id)
    query = select(PlanTable.workspace_id, PlanTable.name).where(
        PlanTable.id == plan_id,
        PlanTable.deleted_at.is_not(None) if deleted else PlanTable.deleted_at.is_(None),
    )
    if right != "read":
        # Until the change is committed, nobody deletes the plan or brings it back.
        query = query.with_for_update(key_share=True)
    row = connection.execute(query).first()
    if row is None:
        raise unknown_plan(plan_id)
    if actor.token:
        link = active_link(connection, actor, now)
        if link is None or link.plan_id != plan_id:
            raise unknown_plan(plan_id)
        _need(LINK_RIGHTS[link.kind], right, f"a link to {link.kind}")
        return Grant(row.workspace_id, f"link {link.id}", row.name, link.version)
    rights = _rights(connection, actor, row.workspace_id)
    if not rights:
        raise unknown_plan(plan_id)
    _need(rights, right, "your role")
    return Grant(row.workspace_id, _via(actor), row.name)


def grant_workspace(
    connection: Connection, actor: Actor, right: Right, workspace_id: str = MAIN
) -> Grant:
    """The right to do that in a workspace; Forbidden without it, BadInput for an unknown one."""
    if actor.token:
        raise Forbidden("a share link opens one plan and nothing else", where="workspace")
    known = (
        workspace_id.isalnum()
        and connection.execute(
            select(WorkspaceTable.id).where(WorkspaceTable.id == workspace_id)
        ).scalar()
    )
    rights = _rights(connection, actor, workspace_id) if known else frozenset()
    if not rights:
        raise BadInput(
            "you are no member of it, or it does not exist",
            where="workspace",
            remedy="Ask an owner to add you",
        )
    _need(rights, right, "your role")
    return Grant(workspace_id, _via(actor))


def role_in(connection: Connection, actor: Actor, workspace_id: str) -> Role | None:
    """The actor's role: their own entry, else that of their domain; None for strangers."""
    if actor.local or actor.steward:
        return "owner"
    if not actor.email or actor.token:
        return None
    email = actor.email.lower()
    domain = "@" + email.rpartition("@")[2]
    own_first = case((MemberTable.email == email, 0), else_=1)
    found = connection.execute(
        select(MemberTable.role)
        .where(MemberTable.workspace_id == workspace_id, MemberTable.email.in_((email, domain)))
        .order_by(own_first)
    ).scalar()
    return found  # type: ignore[return-value]  # the table's check allows nothing else


def active_link(connection: Connection, actor: Actor, now: datetime) -> OneRow | None:
    """The link of that token, unless it is wrong, closed, run out, or wants another passphrase."""
    row = connection.execute(
        select(LinkTable.__table__).where(
            LinkTable.token_sha256 == token_digest(actor.token), LinkTable.revoked_at.is_(None)
        )
    ).first()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return row if not row.passphrase or token_digest(actor.key) == row.passphrase else None


def token_digest(token: str) -> str:
    """What is kept of a token: it is random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def unknown_plan(plan_id: str) -> BadInput:
    """What everybody reads who asks for a plan that is not there for them."""
    return BadInput(
        f"no plan '{plan_id}'",
        where="plans",
        remedy="Choose one from the list; this one may have been deleted",
    )


def _rights(connection: Connection, actor: Actor, workspace_id: str) -> frozenset[Right]:
    role = role_in(connection, actor, workspace_id)
    return ROLE_RIGHTS[role] if role else frozenset()


def _need(rights: frozenset[Right], right: Right, by: str) -> None:
    if right not in rights:
        raise Forbidden(
            f"{by} does not allow to {_DOING[right]}", remedy="Ask an owner of the workspace"
        )


def _via(actor: Actor) -> str:
    return "local" if actor.local else "login"
