"""The tables, as SQLAlchemy sees them; the schema itself is made by `migrations/`."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

MAIN: Final = "main"  # the workspace that every database starts with

FIGURES: Final = (
    "plan_id", "version", "baseline_monthly_usd", "planned_monthly_usd", "quality",
    "payback_months", "verified_queries",
)  # fmt: skip


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC; SQLite keeps no time zone, so it is checked going in and put back after."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC; ValueError when it has no time zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone; pass datetime.now(UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored moment with its time zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Names every constraint, so that later migrations can change it on any database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class WorkspaceTable(Base):
    """A team's room: its plans, and who may do what with them."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcTime)


class MemberTable(Base):
    """What a signed-in person may do in a workspace; "@example.com" stands for a whole domain."""

    __tablename__ = "members"
    __table_args__ = (CheckConstraint("role in ('viewer', 'editor', 'owner')", name="role"),)

    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    role: Mapped[str] = mapped_column(String(10))
    added_at: Mapped[datetime] = mapped_column(UtcTime)
    added_by: Mapped[str] = mapped_column(String(254))


class PlanTable(Base):
    """One plan: its name and its newest version; what it says lies in `VersionTable`.

    `status` is the last decision on the newest version, `approved_version` the last one approved.
    """

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("status in ('open', 'approved', 'changes')", name="status"),
        Index("ix_plans_workspace_id_updated_at", "workspace_id", "updated_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcTime)
    workspace_id: Mapped[str] = mapped_column(ForeignKey("workspaces.id"), server_default=MAIN)
    owner: Mapped[str] = mapped_column(String(254), server_default="")
    status: Mapped[str] = mapped_column(String(10), server_default="open")
    approved_version: Mapped[int | None]
    needs: Mapped[str] = mapped_column(Text, server_default="")
    decide_by: Mapped[date | None]


class TagTable(Base):
    """A word that plans can be found by."""

    __tablename__ = "plan_tags"

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class VersionTable(Base):
    """One saved state of a plan; written once and never changed.

    `changes` says in words, as a JSON list, what differs from the version before; `trend` holds
    what is saved after each of the first twelve months, as a JSON list of USD.
    """

    __tablename__ = "plan_versions"
    __table_args__ = (
        # All that putting plans in order and adding them up needs, without a look at the rows.
        Index("ix_plan_versions_figures", *FIGURES),
    )

    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author: Mapped[str] = mapped_column(String(120))
    saved_at: Mapped[datetime] = mapped_column(UtcTime)
    log_name: Mapped[str] = mapped_column(Text)
    baseline_monthly_usd: Mapped[float] = mapped_column(Double)
    planned_monthly_usd: Mapped[float] = mapped_column(Double)
    saving_share: Mapped[float] = mapped_column(Double)
    quality: Mapped[float] = mapped_column(Double)
    verified_queries: Mapped[int] = mapped_column(server_default="0")
    note: Mapped[str] = mapped_column(Text, server_default="")
    payback_months: Mapped[float | None] = mapped_column(Double)
    log_digest: Mapped[str] = mapped_column(String(64), server_default="")
    trend: Mapped[str] = mapped_column(Text, server_default="[]")
    changes: Mapped[str] = mapped_column(Text, server_default="[]")
    document_sha256: Mapped[str] = mapped_column(String(64), server_default="")
    # Last, so that reading a headline does not step over the whole document in SQLite.
    document: Mapped[str] = mapped_column(Text)


class DecisionTable(Base):
    """What somebody said to one version: approved, asked for changes, or a comment."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("kind in ('approved', 'changes', 'comment')", name="kind"),
        Index("ix_decisions_plan_id_made_at", "plan_id", "made_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"))
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    who: Mapped[str] = mapped_column(String(254))
    via: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcTime)


class ActualTable(Base):
    """What a later month really cost, beside what a version had said of it."""

    __tablename__ = "actuals"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    version: Mapped[int]
    log_name: Mapped[str] = mapped_column(Text)
    first_time: Mapped[datetime | None] = mapped_column(UtcTime)
    last_time: Mapped[datetime | None] = mapped_column(UtcTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcTime)
    recorded_by: Mapped[str] = mapped_column(String(254))
    found: Mapped[str] = mapped_column(Text)


class LinkTable(Base):
    """A secret link to a plan; neither the token nor the passphrase is stored.

    `version` is what it opens, None for the newest one whatever that is. `passphrase` is a digest
    of a slow hash, `salt` belongs to it. `examples` is the redacted sample, where its owner
    included it, as JSON.
    """

    __tablename__ = "share_links"
    __table_args__ = (CheckConstraint("kind in ('view', 'comment', 'edit')", name="kind"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    plan_id: Mapped[str] = mapped_column(ForeignKey("plans.id"), index=True)
    version: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    kind: Mapped[str] = mapped_column(String(10), server_default="view")
    made_by: Mapped[str] = mapped_column(String(254), server_default="")
    expires_at: Mapped[datetime | None] = mapped_column(UtcTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcTime)
    opened: Mapped[int] = mapped_column(server_default="0")
    salt: Mapped[str] = mapped_column(String(32), server_default="")
    passphrase: Mapped[str] = mapped_column(String(64), server_default="")
    wrong: Mapped[int] = mapped_column(server_default="0")
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime)
    examples: Mapped[str] = mapped_column(Text, server_default="")


class DraftTable(Base):
    """A plan in the making, as its editor left it."""

    __tablename__ = "drafts"

    who: Mapped[str] = mapped_column(String(254), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)


class AuditTable(Base):
    """Every change, and every link that was opened; nothing here is ever changed.

    No foreign key to plans: the record outlives what it is about.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_workspace_id_at", "workspace_id", "at"),
        Index("ix_audit_plan_id_at", "plan_id", "at"),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime] = mapped_column(UtcTime)
    workspace_id: Mapped[str] = mapped_column(String(32))
    plan_id: Mapped[str] = mapped_column(String(32), server_default="")
    plan_name: Mapped[str] = mapped_column(String(120), server_default="")
    who: Mapped[str] = mapped_column(String(254))
    via: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(Text, server_default="")


class JobTable(Base):
    """A piece of background work and how far it is: who asked for it, and which server has it.

    It waits from `started_at` on, when it was asked for, until `began_at`.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_kind_subject", "kind", "subject", "started_at"),
        CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed', 'stopped')", name="state"
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), index=True)
    done: Mapped[int]
    total: Mapped[int]
    message: Mapped[str] = mapped_column(Text)
    cancel_requested: Mapped[bool]
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    who: Mapped[str] = mapped_column(String(254), server_default="")
    server: Mapped[str] = mapped_column(String(100), server_default="")
    began_at: Mapped[datetime | None] = mapped_column(UtcTime)
