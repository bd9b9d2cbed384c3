"""How long users wait for the answer that they get: p50 and p95, today and under a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from core.routing.plan import Plan
from core.routing.simulate import Outcome
from core.workload.latencies import names_with_latency, seconds_of_bins
from core.workload.pricing import Names
from core.workload.workload import Workload

Floats = npt.NDArray[np.float64]

# The quantiles that stand for a distribution of seconds: the middles of 400 equal parts.
LEVELS: Final = (np.arange(400) + 0.5) / 400
WAITED: Final = (50.0, 95.0)


@dataclass(frozen=True)
class AnswerTimes:
    """Seconds per answer at LEVELS: over the whole log, and by model id where it is known."""

    today: Floats
    by_model: dict[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """Seconds that half, and 95 of 100, of the queries wait at most.

    `taken_as_today` names the tiers whose model's speed nobody measured or stated.
    """

    p50: float
    p95: float
    today_p50: float
    today_p95: float
    taken_as_today: tuple[str, ...]


def answer_times(workload: Workload, names: Names) -> AnswerTimes | None:
    """How long answers took in the log; None where it does not say."""
    if not int(workload.latencies["queries"].sum()):
        return None
    table = workload.latencies
    enough = set(names_with_latency(table))
    by_model: dict[str, list[str]] = {}
    for name in table["model"].unique():
        model = names.get(name)
        if model is not None and name in enough:
            by_model.setdefault(model.id, []).append(name)
    return AnswerTimes(
        _quantiles(*seconds_of_bins(table)),
        {
            model: _quantiles(*seconds_of_bins(table[table["model"].isin(logged)]))
            for model, logged in by_model.items()
        },
    )


def waiting(times: AnswerTimes, plan: Plan, outcome: Outcome) -> Waiting:
    """The wait under a plan.

    A cascade's queries wait for every tier they touch and for the checks between. What takes
    long at one tier is taken to take long at all of them.
    """
    taken, unknown = [], []
    for tier, (model, settings) in zip(
        outcome.tiers, zip(plan.models.values(), plan.settings, strict=True), strict=True
    ):
        own = times.by_model.get(model.id, times.today)
        if settings.seconds is not None:
            own = own * (settings.seconds / max(float(np.median(own)), 1e-9))
        elif model.id not in times.by_model and tier.queries:
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
    return Waiting(p50, p95, float(today[0]), float(today[1]), tuple(unknown))


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


def _quantiles(seconds: Floats, calls: Floats) -> Floats:
    """The seconds at LEVELS of a histogram with rising seconds."""
    middle = (np.cumsum(calls) - calls / 2) / calls.sum()
    return np.asarray(np.interp(LEVELS, middle, seconds))


def _weighted(seconds: Floats, weights: Floats) -> tuple[float, float]:
    order = np.argsort(seconds)
    reached = np.cumsum(weights[order]) - weights[order] / 2
    low, high = np.interp(np.array(WAITED) / 100 * weights.sum(), reached, seconds[order])
    return float(low), float(high)
