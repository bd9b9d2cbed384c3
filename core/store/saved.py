"""What is kept of a plan, and how database rows become it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from core.errors import BadInput
from core.frozen.headline import Headline
from core.store.tables import PlanTable, VersionTable

if TYPE_CHECKING:
    from sqlalchemy import Row, Select

    # A joined row mixes columns of two tables; these are the only loose types of this room.
    Rows = Select[*tuple[Any, ...]]
    OneRow = Row[*tuple[Any, ...]]

Status = Literal["open", "approved", "changes"]


@dataclass(frozen=True)
class PlanRow:
    """One line of a list: a plan with its newest version, or one version of a plan.

    `changes` says in words what differs from the version before. `status` is the last decision
    on the newest version, `approved_version` the last one that was approved. `needs` and
    `decide_by` are the owner's words to whoever decides.
    """

    id: str
    name: str
    author: str
    updated_at: datetime
    version: int
    headline: Headline
    workspace_id: str = ""
    owner: str = ""
    status: Status = "open"
    approved_version: int | None = None
    needs: str = ""
    decide_by: date | None = None
    changes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class SavedPlan:
    """One version of a plan as it was saved, with what is known of the plan today.

    `newest` is the number of the plan's newest version, `status` the decision on that one.
    """

    id: str
    name: str
    author: str
    version: int
    saved_at: datetime
    document: str
    headline: Headline
    newest: int
    status: Status = "open"
    approved_version: int | None = None
    needs: str = ""
    decide_by: date | None = None
    owner: str = ""
    tags: tuple[str, ...] = ()


def plan_lines() -> Rows:
    """Selects every version of every plan that is not in the bin, without its document."""
    return (
        select(
            PlanTable.id,
            PlanTable.name,
            PlanTable.updated_at,
            PlanTable.deleted_at,
            PlanTable.version.label("newest"),
            PlanTable.workspace_id,
            PlanTable.owner,
            PlanTable.status,
            PlanTable.approved_version,
            PlanTable.needs,
            PlanTable.decide_by,
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
            VersionTable.payback_months,
            VersionTable.log_digest,
            VersionTable.trend,
            VersionTable.changes,
        )
        .join(VersionTable, VersionTable.plan_id == PlanTable.id)
        .where(PlanTable.deleted_at.is_(None))
    )


def whole_plans() -> Rows:
    """Selects the same with the document and its digest."""
    return plan_lines().add_columns(VersionTable.document, VersionTable.document_sha256)


def plan_line(row: OneRow, when: datetime, tags: tuple[str, ...] = ()) -> PlanRow:
    """A row of `plan_lines` as a line of a list that shows the moment `when`."""
    return PlanRow(
        row.id,
        row.name,
        row.author,
        when,
        row.version,
        _headline(row),
        row.workspace_id,
        row.owner,
        row.status,
        row.approved_version,
        row.needs,
        row.decide_by,
        tuple(json.loads(row.changes)),
        tags,
    )


def saved_plan(row: OneRow, tags: tuple[str, ...] = ()) -> SavedPlan:
    """A row of `whole_plans` as a plan; BadInput when its document is not the one saved."""
    if row.document_sha256 and document_digest(row.document) != row.document_sha256:
        raise BadInput(
            f"version {row.version} was changed or damaged after it was saved",
            where=row.name,
            remedy="Restore a backup (tierwise db restore), or open an earlier version",
        )
    return SavedPlan(
        id=row.id,
        name=row.name,
        author=row.author,
        version=row.version,
        saved_at=row.saved_at,
        document=row.document,
        headline=_headline(row),
        newest=row.newest,
        status=row.status,
        approved_version=row.approved_version,
        needs=row.needs,
        decide_by=row.decide_by,
        owner=row.owner,
        tags=tags,
    )


def document_digest(document: str) -> str:
    """What a version's document is held against, for ever."""
    return hashlib.sha256(document.encode()).hexdigest()


def _headline(row: OneRow) -> Headline:
    return Headline(
        baseline_monthly_usd=row.baseline_monthly_usd,
        planned_monthly_usd=row.planned_monthly_usd,
        saving_share=row.saving_share,
        quality=row.quality,
        log_name=row.log_name,
        verified_queries=row.verified_queries,
        note=row.note,
        payback_months=row.payback_months,
        log_digest=row.log_digest,
        trend=tuple(json.loads(row.trend)),
    )
