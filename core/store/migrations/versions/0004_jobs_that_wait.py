"""Jobs wait for their turn: who asked, which server has them, and when their work began."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STATES = "state in ('waiting', 'running', 'done', 'failed', 'stopped')"


def upgrade() -> None:
    # SQLite makes the table anew from this, without the check of states, whatever is reflected.
    with op.batch_alter_table("jobs", copy_from=_before()) as table:
        if op.get_bind().dialect.name != "sqlite":
            # Step 0001 gave it its whole name, and a convention put the prefix before it again.
            table.drop_constraint(op.f("ck_jobs_ck_jobs_state"), type_="check")
        table.add_column(sa.Column("who", sa.String(254), nullable=False, server_default=""))
        table.add_column(sa.Column("server", sa.String(100), nullable=False, server_default=""))
        table.add_column(sa.Column("began_at", MOMENT))
        table.create_check_constraint(op.f("ck_jobs_state"), STATES)
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.execute("UPDATE jobs SET began_at = started_at")


def _before() -> sa.Table:
    return sa.Table(
        "jobs",
        sa.MetaData(),
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
        sa.Index("ix_jobs_kind_subject", "kind", "subject", "started_at"),
    )
