"""What a version rests on: how many queries with outcomes of its own, and why it was saved."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ENOUGH_PAIRED = 200  # as in core.complexity.learned when this step was written


def upgrade() -> None:
    # Before the document, so that reading a headline does not step over it in SQLite.
    sqlite = op.get_bind().dialect.name == "sqlite"
    added = (
        sa.Column("verified_queries", sa.Integer, nullable=False, server_default="0"),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
    )
    with op.batch_alter_table("plan_versions", recreate="always" if sqlite else "never") as table:
        before = "quality"
        for column in added:
            table.add_column(column, insert_after=before if sqlite else None)
            before = column.name
    connection = op.get_bind()
    names = ("plan_id", "version", "document", "verified_queries", "note")
    versions = sa.table("plan_versions", *map(sa.column, names))
    keys = connection.execute(sa.select(versions.c.plan_id, versions.c.version)).all()
    for plan_id, version in keys:
        here = (versions.c.plan_id == plan_id) & (versions.c.version == version)
        document = connection.execute(sa.select(versions.c.document).where(here)).scalar()
        values = _rests_on(str(document))
        if any(values.values()):
            connection.execute(sa.update(versions).where(here).values(**values))


def _rests_on(document: str) -> dict[str, int | str]:
    """What a version's own document says; nothing where it is damaged."""
    try:
        said = json.loads(document)
        paired = int(json.loads(said.get("learned") or "{}").get("paired", 0))
        note = str(said.get("note", ""))
    except (ValueError, AttributeError):
        return {}
    return {"verified_queries": paired if paired >= _ENOUGH_PAIRED else 0, "note": note}
