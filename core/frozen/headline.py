"""The figures of a version that a list shows, so that it need not read whole documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.economics.tuning.verdict import assess
from core.frozen.document import PlanDocument

TREND_MONTHS: Final = 12


@dataclass(frozen=True)
class Headline:
    """The figures of a version that a list shows, so that it need not read whole documents.

    `verified_queries` have outcomes of their own that the plan's quality rests on; 0 until there
    are enough. `note` says why the version was saved. `payback_months` is that of its fine-tuning
    case, None without one or where it does not pay back. `trend`: USD saved after each of the
    first twelve months.
    """

    baseline_monthly_usd: float
    planned_monthly_usd: float
    saving_share: float
    quality: float
    log_name: str
    verified_queries: int = 0
    note: str = ""
    payback_months: float | None = None
    log_digest: str = ""
    trend: tuple[float, ...] = ()

    @property
    def saving_usd(self) -> float:
        """Less to pay a month than today."""
        return self.baseline_monthly_usd - self.planned_monthly_usd


def headline_of(document: PlanDocument) -> Headline:
    """The figures that a list of plans shows."""
    outcome = document.figures.outcome
    return Headline(
        baseline_monthly_usd=outcome.baseline_usd,
        planned_monthly_usd=outcome.planned.central,
        saving_share=outcome.saving_share.central,
        quality=outcome.quality_kept.central,
        log_name=document.log.name,
        verified_queries=(
            document.taught.paired if document.taught and document.taught.enough else 0
        ),
        note=document.note,
        payback_months=(
            assess(document.fine_tuning).sustained_payback_months if document.fine_tuning else None
        ),
        log_digest=document.log.digest,
        trend=document.figures.central.cumulative_usd[:TREND_MONTHS],
    )
