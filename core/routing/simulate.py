"""What a plan would cost and how good it would be on a workload, with ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.catalog.model import Model
from core.complexity.scale import NEUTRAL, Tier
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.cascade import pass_through
from core.routing.check import Check
from core.routing.futures import Draws, baseline_quality, draw_cascade, draw_route, ratio
from core.routing.plan import Plan
from core.routing.tier_costs import cascaded_usd, routed_usd, written_tokens
from core.routing.traffic import Traffic
from core.workload.grid import Cuts, chances, cuts_by_lever, tier_by_place

Floats = npt.NDArray[np.float64]

RANGE: Final = (5.0, 95.0)  # a 90% range
NO_CUTS: Final = (float("inf"), float("inf"))  # a cascade starts every query at the simple tier


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
    output_tokens: float = 0.0  # that it writes, answers that are not used included

    @property
    def utilisation(self) -> float | None:
        """How busy a rented endpoint is on average; above 1 it cannot keep up. None: not rented."""
        capacity = self.model.output_tokens_per_month
        return self.output_tokens / capacity if capacity else None


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
        futures = draw_cascade(traffic, plan, plan.check, uncertainty, assumptions)
        return _outcome(traffic, expected, NO_CUTS, check_usd, futures, uncertainty)
    cuts = plan_cuts(plan, uncertainty.spread)
    tier_of_place = tier_by_place(cuts)
    today = traffic.usd_by_place()
    by_tier: list[Floats] = []
    tiers: list[TierOutcome] = []
    rents = plan.rents_usd([bool(traffic.queries[tier_of_place == c].any()) for c in range(3)])
    costs = routed_usd(traffic, plan, cuts, assumptions)
    written = written_tokens(traffic, plan)
    for code, (tier, model) in enumerate(plan.models.items()):
        here = tier_of_place == code
        usd = np.where(here, costs[code], 0.0)
        by_tier.append(usd)
        queries = float(traffic.queries[here].sum())
        ok = chances(model.ability.mean, uncertainty.spread)
        tiers.append(
            TierOutcome(
                tier=tier,
                model=model,
                queries=queries,
                share_of_queries=ratio(queries, traffic.monthly_queries),
                share_of_spend_today=ratio(float(today[here].sum()), traffic.monthly_usd),
                usd=float(usd.sum()) + rents[code],
                quality=ratio(float((traffic.queries * ok)[here].sum()), queries),
                output_tokens=float(written[code][here].sum()),
            )
        )
    draws = draw_route(
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
    usd = [each[used] for each in cascaded_usd(traffic, plan, assumptions)]
    rents = plan.rents_usd([bool((queries * share).any()) for share in passage.touched])
    written = written_tokens(traffic, plan)
    tiers = [
        TierOutcome(
            tier=tier,
            model=model,
            queries=float(queries @ passage.used[code]),
            share_of_queries=ratio(float(queries @ passage.used[code]), traffic.monthly_queries),
            share_of_spend_today=ratio(float(today @ passage.used[code]), traffic.monthly_usd),
            usd=float(usd[code] @ passage.touched[code]) + rents[code],
            quality=ratio(float(queries @ passage.good[code]), float(queries @ passage.used[code])),
            calls=float(queries @ passage.touched[code]),
            output_tokens=float(written[code][used] @ passage.touched[code]),
        )
        for code, (tier, model) in enumerate(plan.models.items())
    ]
    return tiers, float(checks @ passage.checked)


def _outcome(
    traffic: Traffic,
    tiers: Sequence[TierOutcome],
    cuts: tuple[float, float],
    check_usd: float,
    draws: Draws,
    uncertainty: Uncertainty,
) -> Outcome:
    planned = sum(t.usd for t in tiers) + check_usd
    quality = ratio(sum(t.queries * t.quality for t in tiers), traffic.monthly_queries)
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
        quality_kept=_range(ratio(quality, before), draws.quality / draws.baseline_quality),
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
        quality = ratio(
            float((passage.good @ traffic.queries[used]).sum()), traffic.monthly_queries
        )
        return ratio(quality, baseline_quality(traffic, uncertainty.spread))
    tiers = tier_by_place(plan_cuts(plan, uncertainty.spread))
    good = sum(
        float((traffic.queries * chances(ability, uncertainty.spread))[tiers == code].sum())
        for code, ability in enumerate(plan.abilities)
    )
    before = baseline_quality(traffic, uncertainty.spread) * traffic.monthly_queries
    return ratio(good, before)


def plan_cuts(plan: Plan, spread: float) -> Cuts:
    """Per lever the plan's two cut points, on borders between bins (or infinite).

    So the simulation is exact: no bin is split between two tiers.
    """
    return cuts_by_lever(plan.abilities, spread, (plan.to_medium, plan.to_complex))


def _range(central: float, draws: Floats) -> Range:
    """The range of the draws; where futures were left out it still holds the central figure."""
    low, high = np.percentile(draws, RANGE)
    return Range(central, min(float(low), central), max(float(high), central))


def _share_saved(baseline: Floats, planned: Floats) -> Floats:
    """The saving over the baseline; 0 where there is no bill to save from."""
    none = np.ones_like(planned)
    return np.asarray(1 - np.divide(planned, baseline, out=none, where=baseline > 0))
