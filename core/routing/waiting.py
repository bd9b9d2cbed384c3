"""How long users wait for the answer that they get: p50 and p95, today and under a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.scale import Tier
from core.routing.answer_times import LEVELS, AnswerTimes
from core.routing.plan import Plan
from core.routing.simulate import Outcome

Floats = npt.NDArray[np.float64]

WAITED: Final = (50.0, 95.0)


@dataclass(frozen=True)
class Waiting:
    """Seconds that half, and 95 of 100, of the queries wait at most.

    `taken_as_today` names the tiers whose model's speed nobody measured or stated.
    """

    p50: float
    p95: float
    today_p50: float
    today_p95: float
    taken_as_today: tuple[Tier, ...]
    tiers_used: int


def waiting(times: AnswerTimes, plan: Plan, outcome: Outcome) -> Waiting:
    """The wait under a plan.

    A cascade's queries wait for every tier they touch and for the checks between. What takes
    long at one tier is taken to take long at all of them.
    """
    taken: list[Floats] = []
    unknown: list[Tier] = []
    for tier, (model, settings) in zip(
        outcome.tiers, zip(plan.models.values(), plan.settings, strict=True), strict=True
    ):
        own = times.by_model.get(model.id, times.today)
        if settings.seconds is not None:
            own = own * (settings.seconds / max(float(np.median(own)), 1e-9))
        elif model.id not in times.by_model and (tier.queries or tier.calls):
            unknown.append(tier.tier)
        taken.append(own)
    seconds, weights = [], []
    for path, share in _paths(plan, outcome):
        checks = (len(path) - 1) * plan.check.seconds if plan.check else 0.0
        if plan.check and path[-1] != len(taken) - 1:
            checks += plan.check.seconds  # the answer that is used was checked, too
        seconds.append(np.sum([taken[tier] for tier in path], axis=0) + checks)
        weights.append(np.full(len(LEVELS), share))
    p50, p95 = _weighted(np.concatenate(seconds), np.concatenate(weights))
    today = np.percentile(times.today, WAITED)
    used = sum(tier.queries > 0 or tier.calls > 0 for tier in outcome.tiers)
    return Waiting(p50, p95, float(today[0]), float(today[1]), tuple(unknown), used)


def _paths(plan: Plan, outcome: Outcome) -> list[tuple[tuple[int, ...], float]]:
    """Which tiers answer a query, one after the other, and how often."""
    used = [tier.share_of_queries for tier in outcome.tiers]
    if plan.check is None:
        return [((tier,), share) for tier, share in enumerate(used)]
    asked = sum(tier.queries for tier in outcome.tiers) or 1.0
    # Rules may let queries start higher up, so not all that end higher were asked here.
    starts = [
        min(1.0, max(0.0, tier.calls / asked - used[n]) / max(sum(used[n + 1 :]), 1e-12))
        for n, tier in enumerate(outcome.tiers)
    ]
    found: list[tuple[tuple[int, ...], float]] = []
    for end, share in enumerate(used):
        ways: list[tuple[tuple[int, ...], float]] = [((), share)]
        for tier in range(end):
            ways = [
                way
                for path, part in ways
                for way in (
                    ((*path, tier), part * starts[tier]),
                    (path, part * (1.0 - starts[tier])),
                )
            ]
        found += [((*path, end), part) for path, part in ways if part > 0]
    return found


def _weighted(seconds: Floats, weights: Floats) -> tuple[float, float]:
    order = np.argsort(seconds)
    reached = np.cumsum(weights[order]) - weights[order] / 2
    low, high = np.interp(np.array(WAITED) / 100 * weights.sum(), reached, seconds[order])
    return float(low), float(high)
