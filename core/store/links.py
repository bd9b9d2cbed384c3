"""Secret links to a plan: whoever has the token can do what its kind allows, and nothing else."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, get_args

from sqlalchemy import Engine, insert, or_, select, update

from core.errors import BadInput
from core.store.access import (
    Actor,
    Grant,
    LinkKind,
    active_link,
    grant,
    token_digest,
    unknown_plan,
)
from core.store.audit import record
from core.store.plans import load_plan
from core.store.saved import SavedPlan
from core.store.tables import LinkTable, PlanTable
from core.store.transaction import writing

if TYPE_CHECKING:
    from core.store.saved import Rows

PASSPHRASE_LENGTH: Final = 8
TRIES: Final = 5  # wrong passphrases before a link waits
WAIT: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class ShareLink:
    """What those who share see of a link; the token was shown once and is not kept.

    `version` is None where it opens the newest one, whatever that is.
    """

    id: str
    kind: LinkKind
    version: int | None
    made_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    opened_at: datetime | None
    opened: int
    has_passphrase: bool
    has_examples: bool

    def is_open(self, now: datetime) -> bool:
        """Whether it still opens something."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)


@dataclass(frozen=True)
class Opened:
    """What a link opens: the plan, what its bearer may do, and who they are to the store."""

    plan: SavedPlan
    kind: LinkKind
    follows: bool  # the newest version, not one of its own
    actor: Actor
    examples: str


@dataclass(frozen=True)
class Locked:
    """A link that wants its passphrase; `until` when too many were wrong."""

    until: datetime | None


def share_plan(
    engine: Engine,
    actor: Actor,
    plan_id: str,
    now: datetime,
    *,
    kind: LinkKind = "view",
    version: int | None = None,
    follows: bool = False,
    expires_at: datetime | None = None,
    passphrase: str = "",
    examples: str = "",
) -> str:
    """A new token (128 random bits) that opens one version of the plan, for ever.

    That is `version`, or without it the newest of this moment. With `follows`, and for every link
    to edit, it opens the newest version whatever that is. `examples` is the redacted sample, where
    whoever shares includes it. BadInput for a passphrase under eight characters, or an end that
    has passed.
    """
    if kind not in get_args(LinkKind):
        raise BadInput(f"there is no kind '{kind}'", where="link", remedy="Choose one")
    if expires_at is not None and expires_at <= now:
        raise BadInput("it ends in the past", where="link", remedy="Choose a later day")
    if passphrase and len(passphrase) < PASSPHRASE_LENGTH:
        raise BadInput(
            f"it has {len(passphrase)} characters",
            where="passphrase",
            remedy=f"Use at least {PASSPHRASE_LENGTH}",
        )
    token, salt = secrets.token_urlsafe(16), secrets.token_hex(16) if passphrase else ""
    kept = token_digest(_slow(passphrase, salt)) if passphrase else ""
    follows = follows or kind == "edit"
    with writing(engine) as connection:
        granted = grant(connection, actor, "share", plan_id=plan_id, now=now)
        newest = connection.execute(
            select(PlanTable.version).where(PlanTable.id == plan_id)
        ).scalar_one()
        if version is not None and not 1 <= version <= newest:
            raise unknown_plan(f"{plan_id}, version {version}")
        pinned = version or newest
        link_id = link_id_of(token)
        connection.execute(
            insert(LinkTable).values(
                id=link_id,
                token_sha256=token_digest(token),
                plan_id=plan_id,
                version=None if follows else pinned,
                created_at=now,
                kind=kind,
                made_by=actor.who,
                expires_at=expires_at,
                salt=salt,
                passphrase=kept,
                examples=examples,
            )
        )
        said = f"to {kind}, {'the newest version' if follows else f'version {pinned}'}, {link_id}"
        record(connection, actor, granted, "made a link", now, plan_id=plan_id, detail=said)
    return token


def link_id_of(token: str) -> str:
    """The id that a link is listed and closed by; nobody comes from it to the token."""
    return token_digest(token)[:16]


def open_link(
    engine: Engine, token: str, now: datetime, *, name: str = "", key: str = "", first: bool = True
) -> Opened | Locked | None:
    """What a token opens; None for wrong, closed, run out, or the plan was deleted.

    The reasons are not told apart, so that nobody learns whether a token ever existed. `key` is
    what `unlock` gave for the passphrase, `name` what the bearer calls themselves. `first` notes
    in the audit log that it was opened; a page that is drawn anew says False.
    """
    actor = Actor(name or "somebody with the link", token=token, key=key)
    with engine.connect() as connection:
        row = active_link(connection, actor, now)
        if row is None:
            return _locked_or_nothing(engine, token, now)
    try:
        plan = load_plan(engine, actor, row.plan_id, now=now)
        if first:
            _count(engine, actor, row.id, plan, now)
    except BadInput as error:
        if "no plan" in error.found:  # closed or deleted in this very moment
            return None
        raise
    return Opened(plan, row.kind, row.version is None, actor, row.examples)


def unlock(engine: Engine, token: str, passphrase: str, now: datetime) -> str | None:
    """The key that a link's passphrase turns into; None for a wrong one, or where no link waits.

    After five wrong ones the link waits a minute, and BadInput says so, whatever is tried then.
    """
    with engine.connect() as connection:
        row = connection.execute(_locked(token)).first()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    if _waits(row.locked_until, now):
        raise _too_many()
    key = _slow(passphrase, row.salt)  # outside of any transaction: it takes its time
    right = secrets.compare_digest(token_digest(key), row.passphrase)
    with writing(engine) as connection:
        # Many may have guessed at once: those after the fifth find it locked by now.
        counted = connection.execute(
            update(LinkTable)
            .where(
                LinkTable.id == row.id,
                or_(
                    LinkTable.locked_until.is_(None),
                    LinkTable.locked_until <= now,
                    LinkTable.locked_until > now + WAIT,  # see `_waits`
                ),
            )
            .values(wrong=0 if right else LinkTable.wrong + 1)
            .returning(LinkTable.wrong)
        ).first()
        if counted is None:
            raise _too_many()
        if not right:
            if counted.wrong % TRIES == 0:
                later = update(LinkTable).where(LinkTable.id == row.id)
                connection.execute(later.values(locked_until=now + WAIT))
            granted = Grant(row.workspace_id, f"link {row.id}", row.name)
            somebody = Actor("somebody with the link")
            record(connection, somebody, granted, "gave a wrong passphrase", now,
                   plan_id=row.plan_id)  # fmt: skip
    return key if right else None


def list_links(engine: Engine, actor: Actor, plan_id: str, *, now: datetime) -> list[ShareLink]:
    """All links to a plan, newest first, closed ones too."""
    query = (
        select(LinkTable.__table__)
        .where(LinkTable.plan_id == plan_id)
        .order_by(LinkTable.created_at.desc(), LinkTable.id)
    )
    with engine.connect() as connection:
        grant(connection, actor, "share", plan_id=plan_id, now=now)
        rows = connection.execute(query).all()
    return [
        ShareLink(
            row.id,
            row.kind,
            row.version,
            row.made_by,
            row.created_at,
            row.expires_at,
            row.revoked_at,
            row.opened_at,
            row.opened,
            bool(row.passphrase),
            bool(row.examples),
        )
        for row in rows
    ]


def revoke_link(engine: Engine, actor: Actor, plan_id: str, link_id: str, now: datetime) -> None:
    """Closes a link to a plan for good, by its id in `list_links`; the first date stays.

    What it carried of the redacted sample goes with it.
    """
    here = (LinkTable.id == link_id, LinkTable.plan_id == plan_id)
    with writing(engine) as connection:
        granted = grant(connection, actor, "share", plan_id=plan_id, now=now)
        closed = connection.execute(
            update(LinkTable)
            .where(*here, LinkTable.revoked_at.is_(None))
            .values(revoked_at=now, examples="")
        )
        if closed.rowcount:
            record(connection, actor, granted, "closed a link", now, plan_id=plan_id,
                   detail=link_id)  # fmt: skip
        elif connection.execute(select(LinkTable.id).where(*here)).first() is None:
            raise BadInput(f"no link '{link_id}'", where="links", remedy="Choose one from the list")


def _count(engine: Engine, actor: Actor, link_id: str, plan: SavedPlan, now: datetime) -> None:
    """Notes in the link and in the audit log that it was opened."""
    with writing(engine) as connection:
        counted = {"opened": LinkTable.opened + 1, "opened_at": now}
        connection.execute(update(LinkTable).where(LinkTable.id == link_id).values(**counted))
        granted = grant(connection, actor, "read", plan_id=plan.id, now=now)
        record(connection, actor, granted, "opened a link", now, plan_id=plan.id,
               detail=f"version {plan.version}")  # fmt: skip


def _locked_or_nothing(engine: Engine, token: str, now: datetime) -> Locked | None:
    """Whether a passphrase would open it: that there is such a link is told to its bearer only."""
    with engine.connect() as connection:
        row = connection.execute(_locked(token)).first()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return Locked(row.locked_until if _waits(row.locked_until, now) else None)


def _waits(until: datetime | None, now: datetime) -> bool:
    """Whether a link waits for that moment; not for one that only a clock set back since can give.

    Otherwise it would wait for as long as the clock was set back.
    """
    return until is not None and now < until <= now + WAIT


def _locked(token: str) -> Rows:
    """Selects the link of that token if it wants a passphrase, with what is said of its plan."""
    return (
        select(LinkTable.__table__, PlanTable.workspace_id, PlanTable.name)
        .join(PlanTable, PlanTable.id == LinkTable.plan_id)
        .where(
            LinkTable.token_sha256 == token_digest(token),
            LinkTable.revoked_at.is_(None),
            LinkTable.passphrase != "",
            PlanTable.deleted_at.is_(None),
        )
    )


def _too_many() -> BadInput:
    return BadInput(
        "too many wrong passphrases", where="link", remedy="Wait a minute, then try again"
    )


def _slow(passphrase: str, salt: str) -> str:
    """The passphrase through scrypt: 16 MB and some 50 ms for each guess."""
    raw = passphrase.encode("utf-8", "surrogatepass")
    return hashlib.scrypt(raw, salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()
