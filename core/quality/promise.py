"""What a saved plan promised its users: the ratings of then, less the quality it gives up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.complexity.scale import TIERS, Tier
from core.routing.assumptions import Uncertainty
from core.routing.plan import Plan
from core.routing.simulate import plan_cuts
from core.routing.traffic import Traffic
from core.workload.grid import chances, tier_by_place
from core.workload.workload import Workload


@dataclass(frozen=True)
class Before:
    """Ratings of one segment before the plan."""

    rated: int
    good: float

    @property
    def share(self) -> float:
        """The share of good ratings; 0 without any."""
        return self.good / self.rated if self.rated else 0.0


@dataclass(frozen=True)
class Promise:
    """Ratings before, by segment and in all, and the quality that each tier keeps of them."""

    segments: dict[str, Before]
    total: Before
    kept: dict[Tier, float]

    def of(self, segment: str) -> Before:
        """The ratings of a segment before; those of all where it had none."""
        found = self.segments.get(segment)
        return found if found is not None and found.rated else self.total


def promise_of(
    workload: Workload, traffic: Traffic, plan: Plan, uncertainty: Uncertainty
) -> Promise:
    """The promise of a plan on the log that it was made on."""
    cells = workload.cells
    by_segment = cells.groupby("segment")[["feedback_queries", "feedback_milli"]].sum()
    segments = {
        str(name): Before(int(row.feedback_queries), float(row.feedback_milli) / 1000)
        for name, row in by_segment.iterrows()
    }
    total = Before(
        sum(each.rated for each in segments.values()), sum(each.good for each in segments.values())
    )
    tiers = tier_by_place(plan_cuts(plan, uncertainty.spread))
    today = np.sum(
        [s.queries * chances(s.model.ability.mean, uncertainty.spread) for s in traffic.streams],
        axis=0,
    )
    kept: dict[Tier, float] = {}
    for code, tier in enumerate(TIERS):
        here = tiers == code
        planned = traffic.queries * chances(plan.models[tier].ability.mean, uncertainty.spread)
        before = float(today[here].sum()) if traffic.streams else 0.0
        kept[tier] = min(float(planned[here].sum()) / before, 1.0) if before else 1.0
    return Promise(segments, total, kept)
