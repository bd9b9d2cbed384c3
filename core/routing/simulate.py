"""What a plan would cost and how good it would be on a workload, with ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.catalog.model import Model
from core.complexity.scale import NEUTRAL, TIERS, Tier
from core.routing.plan import Plan
from core.routing.traffic import Traffic
from core.workload.grid import PLACES, Cuts, chances, cuts_by_lever, tier_by_place

Floats = npt.NDArray[np.float64]

DRAWS: Final = 400
RANGE: Final = (5.0, 95.0)  # a 90% range
USABLE: Final = 0.5  # judgement: today's models answer at least half of the log acceptably
TOKEN_SPREAD: Final = 0.10  # another vendor counts and writes other token numbers: about 10%


@dataclass(frozen=True)
class Uncertainty:
    """What is not known about difficulties, each one standard deviation in logits.

    `spread` is how far a single query lies from its reading; over many queries it evens out.
    `level_sd` is how far a whole log may lie from its reading; it does not even out. How far a
    model may do better or worse on this kind of log is part of its ability's own deviation.
    """

    spread: float
    level_sd: float


@dataclass(frozen=True)
class Assumptions:
    """What a simulation takes for granted."""

    cache_kept: float = 0.0  # share of cached input still cached after a query changes model
    token_spread: float = TOKEN_SPREAD
    seed: int = 20261123


@dataclass(frozen=True)
class Range:
    """A central figure with the ends of its 90% range."""

    central: float
    low: float
    high: float


@dataclass(frozen=True)
class TierOutcome:
    """What one tier does under the plan, per month."""

    tier: Tier
    model: Model
    queries: float
    share_of_queries: float
    share_of_spend_today: float
    usd: float
    quality: float  # chance of an acceptable answer among its queries


@dataclass(frozen=True)
class Outcome:
    """A plan against today's traffic: money per month, quality as share of acceptable answers."""

    tiers: tuple[TierOutcome, ...]
    cuts: tuple[float, float]  # difficulties where medium and complex begin, at a neutral lever
    baseline_usd: float
    planned: Range  # USD per month
    saving_share: Range  # of today's bill
    baseline_quality: float
    quality: Range
    quality_kept: Range  # planned quality over today's
    left_out_share: float

    @property
    def saving_usd(self) -> float:
        """USD saved per month; negative when the plan costs more than today."""
        return self.baseline_usd - self.planned.central


def simulate(
    traffic: Traffic, plan: Plan, uncertainty: Uncertainty, assumptions: Assumptions | None = None
) -> Outcome:
    """The outcome of a plan on that traffic.

    The plan sorts by the difficulty that was read, so shares and list-price cost follow from
    the log; ranges come from what is not known: abilities, the log's level of difficulty,
    token counts on other models, and the log being a sample.
    """
    assumptions = assumptions or Assumptions()
    cuts = plan_cuts(plan, uncertainty.spread)
    tier_of_place = tier_by_place(cuts)
    today = traffic.usd_by_place()
    by_tier: list[Floats] = []
    tiers: list[TierOutcome] = []
    rents = plan.rents_usd([bool(traffic.queries[tier_of_place == c].any()) for c in range(3)])
    for code, (tier, model) in enumerate(plan.models.items()):
        here = tier_of_place == code
        usd = np.where(here, traffic.usd_on(model, cache_kept=assumptions.cache_kept), 0.0)
        by_tier.append(usd)
        queries = float(traffic.queries[here].sum())
        ok = chances(model.ability.mean, uncertainty.spread)
        tiers.append(
            TierOutcome(
                tier=tier,
                model=model,
                queries=queries,
                share_of_queries=_ratio(queries, traffic.monthly_queries),
                share_of_spend_today=_ratio(float(today[here].sum()), traffic.monthly_usd),
                usd=float(usd.sum()) + rents[code],
                quality=_ratio(float((traffic.queries * ok)[here].sum()), queries),
            )
        )
    draws = _draw(
        traffic, plan, tier_of_place, np.array(by_tier), sum(rents), uncertainty, assumptions
    )
    planned = sum(t.usd for t in tiers)
    quality = _ratio(sum(t.queries * t.quality for t in tiers), traffic.monthly_queries)
    before = baseline_quality(traffic, uncertainty.spread)
    return Outcome(
        tiers=tuple(tiers),
        cuts=cuts[NEUTRAL],
        baseline_usd=traffic.monthly_usd,
        planned=_range(planned, draws.planned),
        saving_share=_range(
            float(_share_saved(np.array(traffic.monthly_usd), np.array(planned))),
            _share_saved(draws.baseline, draws.planned),
        ),
        baseline_quality=before,
        quality=_range(quality, draws.quality),
        quality_kept=_range(_ratio(quality, before), draws.quality / draws.baseline_quality),
        left_out_share=traffic.left_out_share,
    )


def expected_quality_kept(traffic: Traffic, plan: Plan, uncertainty: Uncertainty) -> float:
    """The central quality of a plan over today's, without the simulated futures."""
    tiers = tier_by_place(plan_cuts(plan, uncertainty.spread))
    good = sum(
        float((traffic.queries * chances(ability, uncertainty.spread))[tiers == code].sum())
        for code, ability in enumerate(plan.abilities)
    )
    before = baseline_quality(traffic, uncertainty.spread) * traffic.monthly_queries
    return _ratio(good, before)


def plan_cuts(plan: Plan, spread: float) -> Cuts:
    """Per lever the plan's two cut points, on borders between bins (or infinite).

    So the simulation is exact: no bin is split between two tiers.
    """
    return cuts_by_lever(plan.abilities, spread, (plan.to_medium, plan.to_complex))


def baseline_quality(traffic: Traffic, spread: float) -> float:
    """The share of acceptable answers expected of today's models."""
    good = sum(
        float((s.queries * chances(s.model.ability.mean, spread)).sum()) for s in traffic.streams
    )
    return _ratio(good, traffic.monthly_queries)


@dataclass(frozen=True)
class _Draws:
    baseline: Floats
    planned: Floats
    baseline_quality: Floats
    quality: Floats


def _draw(
    traffic: Traffic,
    plan: Plan,
    tier_of_place: npt.NDArray[np.int64],
    usd: Floats,
    rent_usd: float,
    uncertainty: Uncertainty,
    assumptions: Assumptions,
) -> _Draws:
    """Simulated futures; the same model has the same ability before and after in each of them."""
    random = np.random.default_rng(assumptions.seed)
    today = traffic.usd_by_place()
    level = random.normal(0, uncertainty.level_sd, DRAWS)
    models = {m.id: m for m in (*plan.models.values(), *(s.model for s in traffic.streams))}
    ability = {
        name: random.normal(models[name].ability.mean, models[name].ability.sd, DRAWS)
        for name in sorted(models)
    }
    tokens = {
        name: 1 + random.normal(0, assumptions.token_spread, DRAWS) for name in sorted(models)
    }
    # The log is a sample: each place's share of the traffic has the error of a count.
    used = np.flatnonzero(traffic.queries)
    counted = traffic.queries[used] * _ratio(traffic.log_queries, traffic.monthly_queries)
    weight = np.clip(1 + random.normal(0, 1, (DRAWS, len(used))) / np.sqrt(counted), 0, None)

    def good(queries: Floats, name: str) -> Floats:
        here = queries[used] > 0
        ok = chances(ability[name], uncertainty.spread, used[here], harder_by=level)
        return np.asarray((weight[:, here] * queries[used][here] * ok).sum(axis=1))

    asked = weight @ traffic.queries[used]
    planned = np.full(DRAWS, rent_usd)
    quality = np.zeros(DRAWS)
    for code, tier in enumerate(TIERS):
        model = plan.models[tier]
        here = np.where(tier_of_place == code, traffic.queries, 0.0)
        stays = sum(
            (
                np.where(tier_of_place == code, s.usd, 0.0)
                for s in traffic.streams
                if s.model.id == model.id
            ),
            start=np.zeros(PLACES),
        )
        moves = (usd[code] - stays)[used]
        planned += weight @ stays[used] + (weight @ moves) * tokens[model.id]
        quality += good(here, model.id)
    before = sum((good(s.queries, s.model.id) for s in traffic.streams), start=np.zeros(DRAWS))
    before = _positive(before / _positive(asked))
    # Nobody keeps in production what fails more often than not: where today's models are
    # expected to do better than that, futures in which they do not are left out.
    likely = asked > 0  # in a tiny log's futures there may be no query at all
    if baseline_quality(traffic, uncertainty.spread) >= USABLE:
        likely &= before >= USABLE
    if not likely.any():
        likely[:] = True
    return _Draws(
        baseline=(weight @ today[used])[likely],
        planned=planned[likely],
        baseline_quality=before[likely],
        quality=(quality / _positive(asked))[likely],
    )


def _range(central: float, draws: Floats) -> Range:
    """The range of the draws; where futures were left out it still holds the central figure."""
    low, high = np.percentile(draws, RANGE)
    return Range(central, min(float(low), central), max(float(high), central))


def _share_saved(baseline: Floats, planned: Floats) -> Floats:
    """The saving over the baseline; 0 where there is no bill to save from."""
    none = np.ones_like(planned)
    return np.asarray(1 - np.divide(planned, baseline, out=none, where=baseline > 0))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _positive(values: Floats) -> Floats:
    """The values with zeros made tiny, so that an empty log divides to 0 and not to NaN."""
    return np.maximum(values, 1e-12)
