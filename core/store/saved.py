"""What is kept of a plan, and how database rows become it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.store.tables import PlanTable, VersionTable

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

    # A joined row mixes columns of two tables; these are the only loose types of this room.
    Rows = Select[*tuple[Any, ...]]
    OneRow = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Headline:
    """The figures of a plan that a list shows, so that it need not read whole documents.

    `verified_queries` have outcomes of their own that the plan's quality rests on; 0 until there
    are enough. `note` says why the version was saved.
    """

    baseline_monthly_usd: float
    planned_monthly_usd: float
    saving_share: float
    quality: float
    log_name: str
    verified_queries: int = 0
    note: str = ""

    @property
    def saving_usd(self) -> float:
        """Less to pay a month than today."""
        return self.baseline_monthly_usd - self.planned_monthly_usd


@dataclass(frozen=True)
class PlanRow:
    """One line of a list: a plan with its newest version, or one version of a plan."""

    id: str
    name: str
    author: str
    updated_at: datetime
    version: int
    headline: Headline


@dataclass(frozen=True)
class SavedPlan:
    """One version of a plan as it was saved, under the plan's name of today."""

    id: str
    name: str
    author: str
    version: int
    saved_at: datetime
    document: str
    headline: Headline


def plan_lines() -> Rows:
    """Selects every version of every plan that is not deleted, without its document."""
    return (
        select(
            PlanTable.id,
            PlanTable.name,
            PlanTable.updated_at,
            VersionTable.version,
            VersionTable.author,
            VersionTable.saved_at,
            VersionTable.log_name,
            VersionTable.baseline_monthly_usd,
            VersionTable.planned_monthly_usd,
            VersionTable.saving_share,
            VersionTable.quality,
            VersionTable.verified_queries,
            VersionTable.note,
        )
        .join(VersionTable, VersionTable.plan_id == PlanTable.id)
        .where(PlanTable.deleted_at.is_(None))
    )


def whole_plans() -> Rows:
    """Selects the same with the document."""
    return plan_lines().add_columns(VersionTable.document)


def plan_line(row: OneRow, when: datetime) -> PlanRow:
    """A row of `plan_lines` as a line of a list that shows the moment `when`."""
    return PlanRow(row.id, row.name, row.author, when, row.version, _headline(row))


def saved_plan(row: OneRow) -> SavedPlan:
    """A row of `whole_plans` as a plan."""
    return SavedPlan(
        id=row.id,
        name=row.name,
        author=row.author,
        version=row.version,
        saved_at=row.saved_at,
        document=row.document,
        headline=_headline(row),
    )


def _headline(row: OneRow) -> Headline:
    return Headline(
        baseline_monthly_usd=row.baseline_monthly_usd,
        planned_monthly_usd=row.planned_monthly_usd,
        saving_share=row.saving_share,
        quality=row.quality,
        log_name=row.log_name,
        verified_queries=row.verified_queries,
        note=row.note,
    )
