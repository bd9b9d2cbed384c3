"""Controls: what anybody gets on this traffic without a classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.catalog.model import Model
from core.complexity.metrics import upper_hull
from core.complexity.scale import TIERS
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.futures import baseline_quality
from core.routing.plan import Plan
from core.routing.simulate import Outcome
from core.routing.tier_costs import alone_usd
from core.routing.traffic import Traffic
from core.workload.grid import PLACES, chances
from core.workload.workload import places

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Control:
    """One way to spend the same traffic: USD per month and expected share of acceptable answers."""

    name: str
    monthly_usd: float
    quality: float
    quality_kept: float  # over today's


def controls(
    traffic: Traffic,
    lengths: pd.DataFrame,
    plan: Plan,
    outcome: Outcome,
    uncertainty: Uncertainty,
    assumptions: Assumptions | None = None,
) -> list[Control]:
    """Today's mix, one model for everything, a fixed split, and prompt length.

    Quality is the classifier's own estimate, so a control that ignores the classifier is
    graded by it: the comparison leans towards the plan until own outcomes are there.
    """
    before = baseline_quality(traffic, uncertainty.spread)
    shares = np.array([t.share_of_queries for t in outcome.tiers])
    everything = [
        float(alone_usd(traffic, model, settings, assumptions).sum())
        for model, settings in zip(plan.models.values(), plan.settings, strict=True)
    ]
    usd = np.array(everything)
    quality = np.array([_quality_of(traffic, plan.models[t], uncertainty) for t in TIERS])
    fixed = np.array([plan.models[t].fixed_monthly_usd for t in TIERS])
    rent = sum(plan.rents_usd([t.queries > 0 for t in outcome.tiers]))
    found = {
        "today's mix": (traffic.monthly_usd, before),
        **{
            f"always {plan.models[tier].name}": (usd[i] + fixed[i], quality[i])
            for i, tier in enumerate(TIERS)
        },
        "random, same shares": (
            float(shares @ usd) + rent,
            float(shares @ quality),
        ),
        "fixed split, same cost": _mix_at(
            outcome.planned.central, list(zip(usd + fixed, quality, strict=True))
        ),
        "prompt length, same shares": _by_length(
            traffic, lengths, plan, shares, rent, uncertainty, everything
        ),
    }
    return [
        Control(name, float(cost), float(good), float(good) / before if before else 0.0)
        for name, (cost, good) in found.items()
    ]


def best_swap(
    traffic: Traffic, found: list[Control], min_quality_kept: float = 0.98
) -> Control | None:
    """The cheapest single model for everything that keeps that much quality and saves money."""
    swaps = [
        c
        for c in found
        if c.name.startswith("always ")
        and c.quality_kept >= min_quality_kept
        and c.monthly_usd < traffic.monthly_usd
    ]
    return min(swaps, key=lambda c: c.monthly_usd, default=None)


def lift_usd(found: list[Control], outcome: Outcome) -> float | None:
    """What the plan costs less than the best mix of controls of the same expected quality.

    USD per month, negative where the controls are cheaper; None where no mix of them reaches the
    plan's quality. Any two controls can be mixed by a random split.
    """
    usd, quality = _mixes([(c.monthly_usd, c.quality) for c in found])
    wanted = outcome.quality.central
    if wanted > quality[-1] + 1e-9:
        return None
    return float(np.interp(wanted, quality, usd)) - outcome.planned.central


def _quality_of(traffic: Traffic, model: Model, uncertainty: Uncertainty) -> float:
    """The share of acceptable answers if the model answered everything."""
    ok = chances(model.ability.mean, uncertainty.spread)
    asked = traffic.monthly_queries or 1.0
    return float((traffic.queries * ok).sum()) / asked


def _mix_at(usd: float, points: list[tuple[float, float]]) -> tuple[float, float]:
    """The best quality that a random split between single models reaches at that cost.

    That is the upper concave hull of the single models; below the cheapest and above the
    dearest of them there is nothing to mix.
    """
    costs, qualities = _mixes(points)
    return max(usd, float(costs[0])), float(np.interp(usd, costs, qualities))


def _mixes(points: list[tuple[float, float]]) -> tuple[Floats, Floats]:
    """Costs and qualities along the hull of the points, from the cheapest to the best."""
    usd, quality = np.array(points).T
    hull = upper_hull(usd, quality)
    hull = hull[: int(np.argmax(quality[hull])) + 1]
    return usd[hull], quality[hull]


def _by_length(
    traffic: Traffic,
    lengths: pd.DataFrame,
    plan: Plan,
    shares: Floats,
    rent_usd: float,
    uncertainty: Uncertainty,
    everything: Sequence[float],
) -> tuple[float, float]:
    """Shortest prompts to simple, longest to complex, in the plan's own shares.

    Lengths are counted over the whole log; the cost of a length and difficulty is taken as
    that of the plan's traffic of the same difficulty, scaled by its tokens.
    """
    if lengths.empty:
        return traffic.monthly_usd, baseline_quality(traffic, uncertainty.spread)
    counts = np.zeros((int(lengths["length"].max()) + 1, PLACES))
    tokens = np.zeros_like(counts)
    place = (lengths["length"].to_numpy(), places(lengths))
    np.add.at(counts, place, lengths["queries"].to_numpy())
    np.add.at(tokens, place, (lengths["input_tokens"] + lengths["output_tokens"]).to_numpy())
    kept = _shares_of_rows(counts.sum(axis=1), shares)  # (3, lengths): part of each row per tier
    usd = good = 0.0
    scale = traffic.monthly_queries / max(float(counts.sum()), 1.0)
    for code, tier in enumerate(TIERS):
        model = plan.models[tier]
        ok = chances(model.ability.mean, uncertainty.spread)
        good += float((kept[code][:, None] * counts * ok).sum()) * scale
        part = float((kept[code][:, None] * tokens).sum()) / max(float(tokens.sum()), 1.0)
        usd += everything[code] * part
    return usd + rent_usd, good / (traffic.monthly_queries or 1.0)


def _shares_of_rows(queries: Floats, shares: Floats) -> Floats:
    """The part of each row (in order) that goes to each tier, so that tiers get their shares."""
    total = queries.sum() or 1.0
    ends = np.cumsum(queries) / total
    starts = np.concatenate([[0.0], ends[:-1]])
    borders = np.concatenate([[0.0], np.cumsum(shares)])
    borders[-1] = 1.0
    width = np.maximum(ends - starts, 1e-15)
    low = np.maximum(starts[None, :], borders[:-1, None])
    high = np.minimum(ends[None, :], borders[1:, None])
    return np.asarray(np.clip(high - low, 0, None) / width, dtype=np.float64)
