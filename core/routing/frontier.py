"""The best plan for a wanted quality or a budget, over all tolerances at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from core.errors import BadInput
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.futures import baseline_quality
from core.routing.plan import Plan
from core.routing.tier_costs import TierCost, tier_costs
from core.routing.traffic import Traffic
from core.routing.warmth import Conversation, same_model, turn_centres
from core.workload.grid import (
    BINS,
    bin_centres,
    bounds_at,
    chances,
    cuts_by_lever,
    levers_at,
)
from core.workload.turns import TURN_BINS, TURN_BINS_EACH

Floats = npt.NDArray[np.float64]

STEP: Final = 0.001  # tolerances are searched in tenths of a point
LARGEST: Final = 0.80  # the most that models six logits apart can gain, at the usual spread


@dataclass(frozen=True)
class Choice:
    """Two tolerances with what they would cost (USD per month) and the quality they keep."""

    to_medium: float
    to_complex: float
    usd: float
    quality: float  # share of acceptable answers
    quality_kept: float  # over today's


def frontier(
    traffic: Traffic, plan: Plan, uncertainty: Uncertainty, assumptions: Assumptions | None = None
) -> list[Choice]:
    """The exact cost/quality frontier over tolerances with the plan's models, cheapest first.

    Nothing that the tolerances can reach beats a choice on it; each one costs more than the
    one before and is better. Tolerances go in tenths of a point up to LARGEST.
    """
    # A row of the grid: queries of one bound and one lever.
    rows_used = np.unique(np.flatnonzero(traffic.queries) // BINS)
    first, first_starts = _reachable(plan, uncertainty, rows_used, step=0)
    second, second_starts = _reachable(plan, uncertainty, rows_used, step=1)
    cost, ok = np.zeros((2, len(first), len(second)))
    used = np.zeros((3, len(first), len(second)), dtype=bool)
    costs = tier_costs(traffic, plan, assumptions)
    turns = _turns(traffic, plan, uncertainty, first, second)
    for column, row in enumerate(rows_used):
        here = slice(BINS * row, BINS * (row + 1))
        usd, good = _running_sums(traffic, plan, uncertainty, [c.usd for c in costs], here)
        asked = np.concatenate([[0.0], np.cumsum(traffic.queries[here])])
        # simple: bins [0, a); medium: [a, b); complex: [b, BINS); a never passes b
        b = second_starts[:, column][None, :]
        a = np.minimum(first_starts[:, column][:, None], b)
        cost += usd[0][a] + usd[1][b] - usd[1][a] + usd[2][BINS] - usd[2][b]
        if turns is not None:
            cost += turns.cost(here, costs, a, b)
        ok += good[0][a] + good[1][b] - good[1][a] + good[2][BINS] - good[2][b]
        used |= np.broadcast_arrays(asked[a] > 0, asked[b] > asked[a], asked[BINS] > asked[b])
    for model in {m.id: m for m in plan.models.values()}.values():
        tiers = [use for use, m in zip(used, plan.models.values(), strict=True) if m.id == model.id]
        cost = cost + model.fixed_monthly_usd * np.logical_or.reduce(tiers)  # paid once
    order = np.lexsort((-ok.ravel(), cost.ravel()))
    best_before = np.concatenate([[-np.inf], np.maximum.accumulate(ok.ravel()[order])[:-1]])
    kept = order[ok.ravel()[order] > best_before + 1e-9]
    total = traffic.monthly_queries or 1.0
    before = baseline_quality(traffic, uncertainty.spread) or 1.0
    rows, columns = np.unravel_index(kept, ok.shape)
    return [
        Choice(
            float(first[i]),
            float(second[j]),
            float(cost[i, j]),
            float(ok[i, j]) / total,
            float(ok[i, j]) / total / before,
        )
        for i, j in zip(rows, columns, strict=True)
    ]


def cheapest(found: list[Choice], min_quality_kept: float) -> Choice:
    """The cheapest choice that keeps that share of today's quality; BadInput when none does."""
    for choice in found:
        if choice.quality_kept >= min_quality_kept - 1e-9:
            return choice
    most = max(found, key=lambda c: c.quality_kept)
    raise BadInput(
        f"no plan with these models keeps {min_quality_kept:.1%} of today's quality",
        where="quality",
        remedy=f"They reach {most.quality_kept:.1%}; wish for less or take a stronger model",
    )


def best_within(found: list[Choice], max_monthly_usd: float) -> Choice:
    """The choice of best quality that costs at most that much; BadInput when none does."""
    within = [c for c in found if c.usd <= max_monthly_usd + 1e-9]
    if not within:
        raise BadInput(
            f"no plan with these models costs ${max_monthly_usd:,.2f} a month or less",
            where="budget",
            remedy=f"The cheapest costs ${found[0].usd:,.2f}; spend more or take cheaper models",
        )
    return max(within, key=lambda c: (c.quality, -c.usd))


def with_choice(plan: Plan, choice: Choice) -> Plan:
    """The plan with the tolerances of that choice."""
    return replace(plan, to_medium=choice.to_medium, to_complex=choice.to_complex)


def _reachable(
    plan: Plan, uncertainty: Uncertainty, rows: npt.NDArray[np.int64], step: int
) -> tuple[Floats, npt.NDArray[np.int64]]:
    """The tolerances of one step that differ in effect, and the next tier's first bins.

    Bins have shape (tolerances, rows of the grid); where rules close a tier, it has no bins.
    """
    tolerances = np.round(np.arange(0, LARGEST + STEP / 2, STEP), 3)
    wanted = levers_at(BINS * rows).tolist()
    cuts = []
    for tolerance in tolerances:
        # The other step is left wide open, so that only this one cuts.
        pair = (tolerance, 1.0) if step == 0 else (0.0, tolerance)
        by_lever = cuts_by_lever(plan.abilities, uncertainty.spread, pair, wanted)
        cuts.append([both[step] for both in by_lever])
    starts = np.searchsorted(bin_centres(), np.reshape(cuts, (len(tolerances), -1)), "right")
    low, high = bounds_at(BINS * rows)
    starts[:, low > step] = 0
    starts[:, high <= step] = BINS
    firsts = np.unique(starts, axis=0, return_index=True)
    return tolerances[firsts[1]], firsts[0]


@dataclass(frozen=True)
class _Turns:
    """What pairs of tolerances keep warm of conversations; `first` and `second` are turn bins."""

    conversation: Conversation
    models: tuple[str, ...]
    first: npt.NDArray[np.int64]  # where medium begins at a neutral lever, shape (first, second)
    second: npt.NDArray[np.int64]

    def cost(
        self,
        here: slice,
        costs: Sequence[TierCost],
        a: npt.NDArray[np.int64],
        b: npt.NDArray[np.int64],
    ) -> Floats:
        """What a row of the grid costs more with caches lost, and less with those kept."""
        follows = self.conversation.follows()[here]
        before = np.cumsum(np.repeat(self.conversation.before, TURN_BINS_EACH, axis=1), axis=0)
        before = np.vstack([np.zeros(BINS), before])  # by the first turn bin not yet counted
        none, all_ = np.zeros_like(a), np.full_like(b, BINS)
        came_from = [
            (none, self.first),
            (self.first, self.second),
            (self.second, np.full_like(self.second, TURN_BINS)),
        ]
        found = np.zeros(np.broadcast_shapes(a.shape, b.shape))
        for tier, (low, high) in enumerate([(none, a), (a, b), (b, all_)]):
            lost = np.concatenate([[0.0], np.cumsum(follows * costs[tier].lost[here])])
            found += lost[high] - lost[low]
            kept = np.zeros((TURN_BINS + 1, BINS + 1))
            kept[:, 1:] = np.cumsum(before * costs[tier].kept[here], axis=1)
            for other in same_model(self.models, tier):
                start, end = came_from[other]
                found -= kept[end, high] - kept[end, low] - kept[start, high] + kept[start, low]
        return found


def _turns(
    traffic: Traffic, plan: Plan, uncertainty: Uncertainty, first: Floats, second: Floats
) -> _Turns | None:
    """What each pair of tolerances keeps warm; None where there is nothing to keep."""
    if not traffic.conversation.known:
        return None
    starts = []
    for step, tolerances in enumerate((first, second)):
        pairs = [(t, 1.0) if step == 0 else (0.0, t) for t in tolerances]
        cuts = [cuts_by_lever(plan.abilities, uncertainty.spread, p, [1.0])[0] for p in pairs]
        starts.append(np.searchsorted(turn_centres(), [cut[step] for cut in cuts], "right"))
    after, last = np.broadcast_arrays(starts[0][:, None], starts[1][None, :])
    models = tuple(model.id for model in plan.models.values())
    return _Turns(traffic.conversation, models, np.minimum(after, last), last)


def _running_sums(
    traffic: Traffic,
    plan: Plan,
    uncertainty: Uncertainty,
    costs: Sequence[Floats],
    here: slice,
) -> tuple[list[Floats], list[Floats]]:
    """Per tier: cost and acceptable answers of one lever's bins before each, (BINS + 1,)."""
    usd, good = [], []
    for cost, model in zip(costs, plan.models.values(), strict=True):
        ok = chances(model.ability.mean, uncertainty.spread)[here]
        usd.append(np.concatenate([[0.0], np.cumsum(cost[here])]))
        good.append(np.concatenate([[0.0], np.cumsum(traffic.queries[here] * ok)]))
    return usd, good
