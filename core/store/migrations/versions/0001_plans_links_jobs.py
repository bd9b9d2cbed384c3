"""Plans with versions, share links, jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# The types are spelled out here, not imported: a step must not change when the program does.
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "plans",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("deleted_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_plans"),
    )
    op.create_index("ix_plans_updated_at", "plans", ["updated_at"])
    op.create_table(
        "plan_versions",
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("log_name", sa.Text, nullable=False),
        sa.Column("baseline_monthly_usd", sa.Double, nullable=False),
        sa.Column("planned_monthly_usd", sa.Double, nullable=False),
        sa.Column("saving_share", sa.Double, nullable=False),
        sa.Column("quality", sa.Double, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("plan_id", "version", name="pk_plan_versions"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_plan_versions_plan_id_plans"),
    )
    op.create_table(
        "share_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False),
        sa.Column("plan_id", sa.String(32), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_share_links"),
        sa.UniqueConstraint("token_sha256", name="uq_share_links_token_sha256"),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name="fk_share_links_plan_id_plans"),
    )
    op.create_index("ix_share_links_plan_id", "share_links", ["plan_id"])
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("cancel_requested", sa.Boolean, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.CheckConstraint(
            "state in ('running', 'done', 'failed', 'stopped')", name="ck_jobs_state"
        ),
    )
    op.create_index("ix_jobs_kind_subject", "jobs", ["kind", "subject", "started_at"])
