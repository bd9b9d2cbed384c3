"""Whether the database is sound: its file, its schema, and every version that was confirmed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DatabaseError

from core.errors import BadInput
from core.frozen.document import document_from_json
from core.store.engine import newest_revision, place_of, plainly, revision
from core.store.saved import document_digest
from core.store.tables import (
    ActualTable,
    Base,
    DecisionTable,
    LinkTable,
    PlanTable,
    VersionTable,
)


@dataclass(frozen=True)
class Check:
    """How much was looked at, and what is wrong with it: nothing, if all is well."""

    plans: int
    versions: int
    links: int
    revision: str
    problems: tuple[str, ...]


def check(engine: Engine) -> Check:
    """Looks at everything once; reads only.

    BadInput when the database cannot be opened, or nothing is in it.
    """
    counts = [0, 0, 0]
    problems: list[str] = []
    with plainly(engine), engine.connect() as connection:
        found, newest = revision(connection), newest_revision()
        if found is None:
            raise BadInput(
                "there is nothing in it",
                where=place_of(engine),
                remedy="'tierwise db migrate' makes its tables",
            )
        try:
            if engine.dialect.name == "sqlite":
                problems += _file(connection)
            if found != newest:
                problems.append(
                    f"its schema is step {found}, and this program works with step {newest}"
                )
            else:
                problems += _unreadable(connection)
                problems += _numbers(connection)
                problems += _versions(connection)
                counts = [
                    connection.execute(select(func.count()).select_from(table)).scalar_one()
                    for table in (PlanTable, VersionTable, LinkTable)
                ]
        except DatabaseError as error:
            said = " ".join(str(error.orig).split())
            problems.append(f"it cannot be read to its end: {said}")
    plans, versions, links = counts
    return Check(plans, versions, links, found, tuple(problems))


def _file(connection: Connection) -> Iterator[str]:
    for (line,) in connection.execute(text("PRAGMA integrity_check")).all():
        if line != "ok":
            yield f"the file: {' '.join(str(line).split())}"
    for table, _, parent, _ in connection.execute(text("PRAGMA foreign_key_check")).all():
        yield f"table {table}: a row refers to one in {parent} that is gone"


def _unreadable(connection: Connection) -> Iterator[str]:
    """Tables with a value that is not of its kind; SQLite would keep any."""
    for table in Base.metadata.sorted_tables:
        columns = [c for c in table.columns if c.name != "document"]
        try:
            for _ in connection.execute(select(*columns)):
                pass
        except (ValueError, TypeError) as error:
            yield f"table {table.name}: a value cannot be read ({error})"


def _numbers(connection: Connection) -> Iterator[str]:
    """Every plan has all versions from 1 to its newest, and nothing speaks of one that is not."""
    kept, last = func.count(VersionTable.version), func.max(VersionTable.version)
    counted = (
        select(PlanTable.id, PlanTable.version, kept.label("kept"))
        .outerjoin(VersionTable, VersionTable.plan_id == PlanTable.id)
        .group_by(PlanTable.id, PlanTable.version)
        .having((kept != PlanTable.version) | (last != PlanTable.version))
        .order_by(PlanTable.id)
    )
    for row in connection.execute(counted):
        yield f"plan {row.id}: {row.kept} versions are kept, and its newest is {row.version}"
    for table, what in ((LinkTable, "link"), (DecisionTable, "decision"), (ActualTable, "month")):
        stray = (
            select(table.id, table.plan_id, table.version)
            .outerjoin(
                VersionTable,
                (VersionTable.plan_id == table.plan_id) & (VersionTable.version == table.version),
            )
            .where(VersionTable.version.is_(None), table.version.is_not(None))
            .order_by(table.id)
        )
        for its_id, plan_id, version in connection.execute(stray):
            yield f"{what} {its_id}: plan {plan_id} has no version {version}"


def _versions(connection: Connection) -> Iterator[str]:
    """Versions whose document or figures are not those that were saved."""
    columns = [c for c in VersionTable.__table__.columns if c.name != "saved_at"]
    query = select(*columns).order_by(VersionTable.plan_id, VersionTable.version)
    for row in connection.execution_options(yield_per=50).execute(query):
        where = f"plan {row.plan_id}, version {row.version}"
        if row.document_sha256 and document_digest(str(row.document)) != row.document_sha256:
            yield f"{where}: its document is not the one that was saved"
            continue
        try:
            outcome = document_from_json(row.document).figures.outcome
            json.loads(row.trend), json.loads(row.changes)
        except BadInput as error:
            yield f"{where}: {error}"
        except ValueError as error:
            yield f"{where}: a list beside its document is damaged ({error})"
        else:
            beside = (
                row.baseline_monthly_usd,
                row.planned_monthly_usd,
                row.saving_share,
                row.quality,
            )
            frozen = (
                outcome.baseline_usd,
                outcome.planned.central,
                outcome.saving_share.central,
                outcome.quality_kept.central,
            )
            if beside != frozen:
                yield f"{where}: the figures in the list are not those of its document"
