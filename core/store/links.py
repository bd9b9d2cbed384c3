"""Secret links to one version of a plan; whoever has the token can read that version only."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, insert, select, update

from core.errors import BadInput
from core.store.plans import load_plan
from core.store.saved import SavedPlan, saved_plan, whole_plans
from core.store.tables import LinkTable, PlanTable, VersionTable


@dataclass(frozen=True)
class ShareLink:
    """What the owner sees of a link; the token was shown once and is not kept."""

    id: str
    version: int
    created_at: datetime
    revoked_at: datetime | None


def share_plan(engine: Engine, plan_id: str, now: datetime) -> str:
    """A new token (128 random bits) that opens the plan's version of this moment, for ever."""
    version = load_plan(engine, plan_id).version
    token = secrets.token_urlsafe(16)
    link = insert(LinkTable).values(
        id=secrets.token_hex(8),
        token_sha256=_digest(token),
        plan_id=plan_id,
        version=version,
        created_at=now,
    )
    with engine.begin() as connection:
        connection.execute(link)
    return token


def open_link(engine: Engine, token: str) -> SavedPlan | None:
    """The version that a token opens; None for wrong, revoked, or the plan was deleted.

    The reasons are not told apart, so that nobody learns whether a token ever existed.
    """
    query = (
        whole_plans()
        .join(LinkTable, LinkTable.plan_id == PlanTable.id)
        .where(
            LinkTable.token_sha256 == _digest(token),
            LinkTable.revoked_at.is_(None),
            VersionTable.version == LinkTable.version,
        )
    )
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return None if row is None else saved_plan(row)


def list_links(engine: Engine, plan_id: str) -> list[ShareLink]:
    """All links to a plan, newest first, revoked ones too."""
    query = (
        select(LinkTable.id, LinkTable.version, LinkTable.created_at, LinkTable.revoked_at)
        .where(LinkTable.plan_id == plan_id)
        .order_by(LinkTable.created_at.desc(), LinkTable.id)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return [ShareLink(row.id, row.version, row.created_at, row.revoked_at) for row in rows]


def revoke_link(engine: Engine, link_id: str, now: datetime) -> None:
    """Closes a link for good, by its id in `list_links`; the first revocation's date stays."""
    change = (
        update(LinkTable)
        .where(LinkTable.id == link_id, LinkTable.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    with engine.begin() as connection:
        connection.execute(change)
        known = connection.execute(select(LinkTable.id).where(LinkTable.id == link_id)).first()
    if known is None:
        raise BadInput(f"no link '{link_id}'", where="links", remedy="Choose one from the list")


def _digest(token: str) -> str:
    # Tokens are random, so a plain hash cannot be guessed back; no salt is needed.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
