"""A frozen plan at the ends and in the middle of its ranges, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from core.economics.projection import Projection
from core.frozen.document import PlanDocument
from core.routing.simulate import Range

YEAR = 12


@dataclass(frozen=True)
class Scenario:
    """One column of the range: USD a month once all is routed, and saved over `Saved.months`.

    The bill and the saving of a scenario add up to today's bill; quality is over today's.
    """

    name: str
    monthly_usd: float
    monthly_saving_usd: float
    quality_kept: float
    saved_usd: float


@dataclass(frozen=True)
class Saved:
    """What is saved in the first `months`, net of the work of switching, in USD."""

    months: int
    usd: Range

    @property
    def label(self) -> str:
        """What the figure is called."""
        return f"Saved over {self.months} {'month' if self.months == 1 else 'months'}"


def saved_by(document: PlanDocument) -> Saved:
    """The saving after twelve months, or after all of them where the plan looks less far."""
    kept = document.figures
    months = min(YEAR, len(kept.central.cumulative_usd))

    def after(made: Projection) -> float:
        return made.cumulative_usd[months - 1]

    return Saved(months, Range(after(kept.central), after(kept.low), after(kept.high)))


def scenarios_of(document: PlanDocument) -> tuple[Scenario, Scenario, Scenario]:
    """Cautious, expected, favourable: each figure at the same end of its own 90% range.

    All figures being at one end at once is rarer than each of them, so the two outer scenarios
    are wider than 90%.
    """
    outcome, saved = document.figures.outcome, saved_by(document).usd
    rents = sum(document.plan.rents_usd([tier.queries > 0 for tier in outcome.tiers]))
    rent = min(rents, outcome.planned.central)
    saving, kept = outcome.saving_share, outcome.quality_kept

    def scenario(name: str, saving_share: float, quality: float, total: float) -> Scenario:
        # As in the forecast that the document keeps: no bill is below its rent.
        bill = max(outcome.baseline_usd * (1 - saving_share), rent)
        return Scenario(name, bill, outcome.baseline_usd - bill, quality, total)

    expected = outcome.planned.central
    return (
        scenario("Cautious", saving.low, kept.low, saved.low),
        Scenario("Expected", expected, outcome.saving_usd, kept.central, saved.central),
        scenario("Favourable", saving.high, kept.high, saved.high),
    )
