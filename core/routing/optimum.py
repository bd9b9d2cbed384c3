"""The best that any rule could do on what is read: for each kind of query its best tier.

Two tolerances cut every lever once per tier; a rule that may choose freely at each place can
only be better. The frontier of all such rules is concave, and found exactly: each place goes up
from tier to tier in the order of quality gained per dollar.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.complexity.metrics import upper_hull
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.plan import Plan
from core.routing.tier_costs import warmest_usd
from core.routing.traffic import Traffic
from core.workload.grid import bounds_at, chances

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Optimum:
    """The unrestricted frontier: USD per month (rising) and share of acceptable answers.

    Rents are those of all three models, used or not.
    """

    usd: Floats
    quality: Floats

    def quality_at(self, usd: float) -> float:
        """The best quality for that much a month; that of the ends beyond them."""
        return float(np.interp(usd, self.usd, self.quality))

    def usd_for(self, quality: float) -> float | None:
        """The least cost of that quality; None where nothing reaches it."""
        if quality > self.quality[-1] + 1e-12:
            return None
        return float(np.interp(quality, self.quality, self.usd))


def optimum(
    traffic: Traffic, plan: Plan, uncertainty: Uncertainty, assumptions: Assumptions | None = None
) -> Optimum:
    """The frontier over all choices of an open tier per place, with the plan's models.

    No conversation is taken to lose its cache, so that no plan can be better.
    """
    models = list(plan.models.values())
    used = np.flatnonzero(traffic.queries)
    usd = [each[used] for each in warmest_usd(traffic, plan, assumptions)]
    good = [
        traffic.queries[used] * chances(m.ability.mean, uncertainty.spread, used) for m in models
    ]
    points = np.stack([usd, good], axis=-1)  # (3, places, 2)
    low, high = bounds_at(used)
    start = np.zeros(2)
    steps: list[tuple[float, float]] = []
    for place in range(len(used)):
        here = points[low[place] : high[place] + 1, place]
        hull = here[upper_hull(here[:, 0], here[:, 1])]
        hull = hull[: int(np.argmax(hull[:, 1])) + 1]  # beyond the best it only costs more
        start += hull[0]
        steps += [(float(d[0]), float(d[1])) for d in np.diff(hull, axis=0)]
    steps.sort(key=lambda step: -step[1] / step[0])
    path = np.vstack([start, start + np.cumsum(np.reshape(steps, (-1, 2)), axis=0)])
    rent = sum({m.id: m.fixed_monthly_usd for m in models}.values())
    return Optimum(path[:, 0] + rent, path[:, 1] / (traffic.monthly_queries or 1.0))
