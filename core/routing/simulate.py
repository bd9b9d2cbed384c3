"""What a plan would cost and how good it would be on a workload, with ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.catalog.model import Model
from core.complexity.scale import NEUTRAL, TIERS, Tier
from core.routing.cascade import FEW_NODES, pass_through
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.traffic import Traffic
from core.workload.grid import PLACES, Cuts, chances, cuts_by_lever, tier_by_place

Floats = npt.NDArray[np.float64]

DRAWS: Final = 400
RANGE: Final = (5.0, 95.0)  # a 90% range
USABLE: Final = 0.5  # judgement: today's models answer at least half of the log acceptably
NO_CUTS: Final = (float("inf"), float("inf"))  # a cascade starts every query at the simple tier
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
    calls: float = 0.0  # queries that it answers in a cascade, whether or not the answer is used


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
    check_usd: float = 0.0  # what a cascade's checks cost, part of what is planned

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
    if plan.check is not None:
        expected, check_usd = expected_cascade(traffic, plan, plan.check, uncertainty, assumptions)
        futures = _draw_cascade(traffic, plan, plan.check, uncertainty, assumptions)
        return _outcome(traffic, expected, NO_CUTS, check_usd, futures, uncertainty)
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
    return _outcome(traffic, tiers, cuts[NEUTRAL], 0.0, draws, uncertainty)


def expected_cascade(
    traffic: Traffic,
    plan: Plan,
    check: Check,
    uncertainty: Uncertainty,
    assumptions: Assumptions,
) -> tuple[list[TierOutcome], float]:
    """The tiers of a cascade, and what its checks cost, USD per month.

    Escalated queries pay every tier and every check they touch.
    """
    used = np.flatnonzero(traffic.queries)
    passage = pass_through(
        plan.abilities, uncertainty.spread, check.accepts_good, check.accepts_bad, used
    )
    queries, today = traffic.queries[used], traffic.usd_by_place()[used]
    checks = check.usd_by_place(traffic)[used]
    usd = [
        traffic.usd_on(model, cache_kept=assumptions.cache_kept)[used]
        for model in plan.models.values()
    ]
    rents = plan.rents_usd([bool((queries * share).any()) for share in passage.touched])
    tiers = [
        TierOutcome(
            tier=tier,
            model=model,
            queries=float(queries @ passage.used[code]),
            share_of_queries=_ratio(float(queries @ passage.used[code]), traffic.monthly_queries),
            share_of_spend_today=_ratio(float(today @ passage.used[code]), traffic.monthly_usd),
            usd=float(usd[code] @ passage.touched[code]) + rents[code],
            quality=_ratio(
                float(queries @ passage.good[code]), float(queries @ passage.used[code])
            ),
            calls=float(queries @ passage.touched[code]),
        )
        for code, (tier, model) in enumerate(plan.models.items())
    ]
    return tiers, float(checks @ passage.checked)


def _outcome(
    traffic: Traffic,
    tiers: Sequence[TierOutcome],
    cuts: tuple[float, float],
    check_usd: float,
    draws: _Draws,
    uncertainty: Uncertainty,
) -> Outcome:
    planned = sum(t.usd for t in tiers) + check_usd
    quality = _ratio(sum(t.queries * t.quality for t in tiers), traffic.monthly_queries)
    before = baseline_quality(traffic, uncertainty.spread)
    return Outcome(
        tiers=tuple(tiers),
        cuts=cuts,
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
        check_usd=check_usd,
    )


def expected_quality_kept(traffic: Traffic, plan: Plan, uncertainty: Uncertainty) -> float:
    """The central quality of a plan over today's, without the simulated futures."""
    if plan.check is not None:
        used = np.flatnonzero(traffic.queries)
        passage = pass_through(
            plan.abilities,
            uncertainty.spread,
            plan.check.accepts_good,
            plan.check.accepts_bad,
            used,
        )
        quality = _ratio(
            float((passage.good @ traffic.queries[used]).sum()), traffic.monthly_queries
        )
        return _ratio(quality, baseline_quality(traffic, uncertainty.spread))
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
    """Simulated futures of a plan that routes."""
    f = _futures(traffic, plan, uncertainty, assumptions)
    planned = np.full(DRAWS, rent_usd)
    quality = np.zeros(DRAWS)
    for code, tier in enumerate(TIERS):
        model = plan.models[tier]
        here = np.where(tier_of_place == code, traffic.queries, 0.0)
        stays = np.where(tier_of_place == code, _stays(traffic, model), 0.0)
        moves = (usd[code] - stays)[f.used]
        planned += f.weight @ stays[f.used] + (f.weight @ moves) * f.tokens[model.id]
        quality += f.good(here, model.id)
    return f.draws(planned, quality)


def _draw_cascade(
    traffic: Traffic,
    plan: Plan,
    check: Check,
    uncertainty: Uncertainty,
    assumptions: Assumptions,
) -> _Draws:
    """Simulated futures of a cascade; what the check lets through is not known exactly either."""
    f = _futures(traffic, plan, uncertainty, assumptions)
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
    for code, model in enumerate(plan.models.values()):
        stays = _stays(traffic, model)[f.used]
        touched = f.weight * passage.touched[code]
        all_usd = traffic.usd_on(model, cache_kept=assumptions.cache_kept)[f.used]
        planned += touched @ stays + (touched @ (all_usd - stays)) * f.tokens[model.id]
    quality = ((f.weight * passage.good.sum(axis=0)) @ traffic.queries[f.used]).astype(np.float64)
    return f.draws(planned, quality)


def _stays(traffic: Traffic, model: Model) -> Floats:
    """What the queries that a model answers already cost today, per place."""
    return sum((s.usd for s in traffic.streams if s.model.id == model.id), start=np.zeros(PLACES))


@dataclass(frozen=True)
class _Futures:
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

    def draws(self, planned: Floats, quality: Floats) -> _Draws:
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
        return _Draws(
            baseline=(self.weight @ self.traffic.usd_by_place()[self.used])[likely],
            planned=planned[likely],
            baseline_quality=before[likely],
            quality=(quality / _positive(asked))[likely],
        )


def _futures(
    traffic: Traffic, plan: Plan, uncertainty: Uncertainty, assumptions: Assumptions
) -> _Futures:
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
    counted = traffic.queries[used] * _ratio(traffic.log_queries, traffic.monthly_queries)
    weight = np.clip(1 + random.normal(0, 1, (DRAWS, len(used))) / np.sqrt(counted), 0, None)
    return _Futures(traffic, uncertainty.spread, used, weight, level, ability, tokens)


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
