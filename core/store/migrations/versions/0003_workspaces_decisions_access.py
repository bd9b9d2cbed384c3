"""Workspaces with members, decisions, kinds of links, drafts, actual months, and an audit log."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
LONG_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _new_tables()
    _plans()
    _versions()
    _links()


def _new_tables() -> None:
    workspaces = op.create_table(
        "workspaces",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
    )
    first = {"id": "main", "name": "Workspace", "created_at": datetime.now(UTC)}
    op.bulk_insert(workspaces, [first])
    op.create_table(
        "members",
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("added_by", sa.String(254), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "email", name="pk_members"),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspaces.id"], name="fk_members_workspace_id_workspaces"
        ),
        sa.CheckConstraint("role in ('viewer', 'editor', 'owner')", name="ck_members_role"),
    )
    op.create_table(
        "plan_tags",
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("tag", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "tag", name="pk_plan_tags"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_plan_tags_plan_id_plans"),
    )
    op.create_index("ix_plan_tags_tag", "plan_tags", ["tag"])
    op.create_table(
        "decisions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("who", sa.String(254), nullable=False),
        sa.Column("via", sa.String(40), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_decisions_plan_id_plans"),
        sa.CheckConstraint("kind in ('approved', 'changes', 'comment')", name="ck_decisions_kind"),
    )
    op.create_index("ix_decisions_plan_id_made_at", "decisions", ["plan_id", "made_at"])
    op.create_table(
        "actuals",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("log_name", sa.Text, nullable=False),
        sa.Column("first_time", MOMENT),
        sa.Column("last_time", MOMENT),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("recorded_by", sa.String(254), nullable=False),
        sa.Column("found", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_actuals"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_actuals_plan_id_plans"),
    )
    op.create_index("ix_actuals_plan_id", "actuals", ["plan_id"])
    op.create_table(
        "drafts",
        sa.Column("who", sa.String(254), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("who", "subject", name="pk_drafts"),
    )
    op.create_table(
        "audit",
        sa.Column("id", LONG_ID, nullable=False, autoincrement=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("workspace_id", sa.String(32), nullable=False),
        sa.Column("plan_id", sa.String(32), nullable=False, server_default=""),
        sa.Column("plan_name", sa.String(120), nullable=False, server_default=""),
        sa.Column("who", sa.String(254), nullable=False),
        sa.Column("via", sa.String(40), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("detail", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_workspace_id_at", "audit", ["workspace_id", "at"])
    op.create_index("ix_audit_plan_id_at", "audit", ["plan_id", "at"])


def _plans() -> None:
    with op.batch_alter_table("plans") as table:
        table.add_column(
            sa.Column("workspace_id", sa.String(32), nullable=False, server_default="main")
        )
        table.add_column(sa.Column("owner", sa.String(254), nullable=False, server_default=""))
        table.add_column(sa.Column("status", sa.String(10), nullable=False, server_default="open"))
        table.add_column(sa.Column("approved_version", sa.Integer))
        table.add_column(sa.Column("needs", sa.Text, nullable=False, server_default=""))
        table.add_column(sa.Column("decide_by", sa.Date))
        table.create_foreign_key(
            "fk_plans_workspace_id_workspaces", "workspaces", ["workspace_id"], ["id"]
        )
        table.create_check_constraint(
            "ck_plans_status", "status in ('open', 'approved', 'changes')"
        )
    op.create_index("ix_plans_workspace_id_updated_at", "plans", ["workspace_id", "updated_at"])
    op.execute(
        "UPDATE plans SET owner = coalesce((SELECT author FROM plan_versions WHERE "
        "plan_versions.plan_id = plans.id AND plan_versions.version = 1), '')"
    )


def _versions() -> None:
    # Before the document, so that reading a headline does not step over it in SQLite.
    sqlite = op.get_bind().dialect.name == "sqlite"
    added = (
        sa.Column("payback_months", sa.Double),
        sa.Column("log_digest", sa.String(64), nullable=False, server_default=""),
        sa.Column("trend", sa.Text, nullable=False, server_default="[]"),
        sa.Column("changes", sa.Text, nullable=False, server_default="[]"),
        sa.Column("document_sha256", sa.String(64), nullable=False, server_default=""),
    )
    with op.batch_alter_table("plan_versions", recreate="always" if sqlite else "never") as table:
        before = "note"
        for column in added:
            table.add_column(column, insert_after=before if sqlite else None)
            before = column.name
    figures = ("baseline_monthly_usd", "planned_monthly_usd", "quality", "payback_months")
    columns = ["plan_id", "version", *figures, "verified_queries"]
    op.create_index("ix_plan_versions_figures", "plan_versions", columns)
    connection = op.get_bind()
    names = ("plan_id", "version", "document", "log_digest", "trend", "document_sha256")
    versions = sa.table("plan_versions", *map(sa.column, names))
    keys = connection.execute(sa.select(versions.c.plan_id, versions.c.version)).all()
    for plan_id, version in keys:
        here = (versions.c.plan_id == plan_id) & (versions.c.version == version)
        document = connection.execute(sa.select(versions.c.document).where(here)).scalar()
        connection.execute(sa.update(versions).where(here).values(**_said(str(document))))


def _said(document: str) -> dict[str, str]:
    """What a version's own document says; only its digest where it is damaged."""
    found = {"document_sha256": hashlib.sha256(document.encode()).hexdigest()}
    try:
        said = json.loads(document)
        digest = str(said.get("log", {}).get("digest", ""))[:64]
        saved = said["figures"]["central"]["cumulative_usd"][:12]
        return found | {"log_digest": digest, "trend": json.dumps([round(v, 2) for v in saved])}
    except (ValueError, KeyError, TypeError, AttributeError):
        return found


def _links() -> None:
    with op.batch_alter_table("share_links") as table:
        table.alter_column("version", existing_type=sa.Integer, nullable=True)
        table.add_column(sa.Column("kind", sa.String(10), nullable=False, server_default="view"))
        table.add_column(sa.Column("made_by", sa.String(254), nullable=False, server_default=""))
        table.add_column(sa.Column("expires_at", MOMENT))
        table.add_column(sa.Column("opened_at", MOMENT))
        table.add_column(sa.Column("opened", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("salt", sa.String(32), nullable=False, server_default=""))
        table.add_column(sa.Column("passphrase", sa.String(64), nullable=False, server_default=""))
        table.add_column(sa.Column("wrong", sa.Integer, nullable=False, server_default="0"))
        table.add_column(sa.Column("locked_until", MOMENT))
        table.add_column(sa.Column("examples", sa.Text, nullable=False, server_default=""))
        table.create_check_constraint("ck_share_links_kind", "kind in ('view', 'comment', 'edit')")
