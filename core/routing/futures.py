"""Simulated futures of a plan: what its ranges are drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.scale import TIERS
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.cascade import FEW_NODES, pass_through
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.tier_costs import cascaded_usd, tier_costs
from core.routing.traffic import Traffic
from core.workload.grid import chances

Floats = npt.NDArray[np.float64]

DRAWS: Final = 400
USABLE: Final = 0.5  # judgement: today's models answer at least half of the log acceptably


def baseline_quality(traffic: Traffic, spread: float) -> float:
    """The share of acceptable answers expected of today's models."""
    good = sum(
        float((s.queries * chances(s.model.ability.mean, spread)).sum()) for s in traffic.streams
    )
    return ratio(good, traffic.monthly_queries)


@dataclass(frozen=True)
class Draws:
    """A plan beside today, one entry per future: USD per month and shares of good answers."""

    baseline: Floats
    planned: Floats
    baseline_quality: Floats
    quality: Floats


def draw_route(
    traffic: Traffic,
    plan: Plan,
    tier_of_place: npt.NDArray[np.int64],
    usd: Floats,
    rent_usd: float,
    uncertainty: Uncertainty,
    assumptions: Assumptions,
) -> Draws:
    """Simulated futures of a plan that routes."""
    f = _common(traffic, plan, uncertainty, assumptions)
    planned = np.full(DRAWS, rent_usd)
    quality = np.zeros(DRAWS)
    for code, (tier, cost) in enumerate(
        zip(TIERS, tier_costs(traffic, plan, assumptions), strict=True)
    ):
        model = plan.models[tier]
        here = np.where(tier_of_place == code, traffic.queries, 0.0)
        stays = np.where(tier_of_place == code, cost.stays, 0.0)
        moves = (usd[code] - stays)[f.used]
        planned += f.weight @ stays[f.used] + (f.weight @ moves) * f.tokens[model.id]
        quality += f.good(here, model.id)
    return f.draws(planned, quality)


def draw_cascade(
    traffic: Traffic,
    plan: Plan,
    check: Check,
    uncertainty: Uncertainty,
    assumptions: Assumptions,
) -> Draws:
    """Simulated futures of a cascade; what the check lets through is not known exactly either."""
    f = _common(traffic, plan, uncertainty, assumptions)
    good, bad = check.draw(np.random.default_rng(assumptions.seed + 1), DRAWS)
    simple, medium, complex_ = (f.ability[model.id] for model in plan.models.values())
    passage = pass_through(
        (simple, medium, complex_),
        uncertainty.spread,
        good,
        bad,
        f.used,
        harder_by=f.level,
        nodes=FEW_NODES,
    )
    rents = plan.rents_usd([bool(share.any()) for share in passage.touched])
    judge = f.tokens.get(check.model.id, np.ones(DRAWS))
    checks = check.usd_by_place(traffic)[f.used]
    planned = np.full(DRAWS, sum(rents))
    planned += (f.weight * passage.checked) @ checks * judge
    usd = cascaded_usd(traffic, plan, assumptions)
    for code, (model, cost) in enumerate(
        zip(plan.models.values(), tier_costs(traffic, plan, assumptions), strict=True)
    ):
        stays = cost.stays[f.used]
        touched = f.weight * passage.touched[code]
        all_usd = usd[code][f.used]
        planned += touched @ stays + (touched @ (all_usd - stays)) * f.tokens[model.id]
    quality = ((f.weight * passage.good.sum(axis=0)) @ traffic.queries[f.used]).astype(np.float64)
    return f.draws(planned, quality)


@dataclass(frozen=True)
class Futures:
    """What is drawn alike for every plan on the same traffic; DRAWS futures.

    The same model has the same ability before and after in each of them.
    """

    traffic: Traffic
    spread: float
    used: npt.NDArray[np.int64]  # places with queries
    weight: Floats  # (DRAWS, used): the log is a sample, each place has the error of a count
    level: Floats
    ability: dict[str, Floats]
    tokens: dict[str, Floats]

    def good(self, queries: Floats, name: str) -> Floats:
        """Acceptable answers of a model to these queries (per place), per future."""
        here = queries[self.used] > 0
        ok = chances(self.ability[name], self.spread, self.used[here], harder_by=self.level)
        return np.asarray((self.weight[:, here] * queries[self.used][here] * ok).sum(axis=1))

    def draws(self, planned: Floats, quality: Floats) -> Draws:
        """The futures that are likely, with today beside the plan."""
        asked = self.weight @ self.traffic.queries[self.used]
        streams = self.traffic.streams
        before = sum((self.good(s.queries, s.model.id) for s in streams), start=np.zeros(DRAWS))
        before = _positive(before / _positive(asked))
        # Nobody keeps in production what fails more often than not: where today's models are
        # expected to do better than that, futures in which they do not are left out.
        likely = asked > 0  # in a tiny log's futures there may be no query at all
        if baseline_quality(self.traffic, self.spread) >= USABLE:
            likely &= before >= USABLE
        if not likely.any():
            likely[:] = True
        return Draws(
            baseline=(self.weight @ self.traffic.usd_by_place()[self.used])[likely],
            planned=planned[likely],
            baseline_quality=before[likely],
            quality=(quality / _positive(asked))[likely],
        )


def _common(
    traffic: Traffic, plan: Plan, uncertainty: Uncertainty, assumptions: Assumptions
) -> Futures:
    random = np.random.default_rng(assumptions.seed)
    level = random.normal(0, uncertainty.level_sd, DRAWS)
    models = {m.id: m for m in (*plan.models.values(), *(s.model for s in traffic.streams))}
    ability = {
        name: random.normal(models[name].ability.mean, models[name].ability.sd, DRAWS)
        for name in sorted(models)
    }
    tokens = {
        name: 1 + random.normal(0, assumptions.token_spread, DRAWS) for name in sorted(models)
    }
    used = np.flatnonzero(traffic.queries)
    counted = traffic.queries[used] * ratio(traffic.log_queries, traffic.monthly_queries)
    weight = np.clip(1 + random.normal(0, 1, (DRAWS, len(used))) / np.sqrt(counted), 0, None)
    return Futures(traffic, uncertainty.spread, used, weight, level, ability, tokens)


def ratio(part: float, whole: float) -> float:
    """The part over the whole, 0 of nothing."""
    return part / whole if whole else 0.0


def _positive(values: Floats) -> Floats:
    """The values with zeros made tiny, so that an empty log divides to 0 and not to NaN."""
    return np.maximum(values, 1e-12)
