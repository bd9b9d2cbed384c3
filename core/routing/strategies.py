"""Route or cascade: both on the same traffic, and which is the better one, with the reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from core.routing.cascade import break_even_acceptance, pass_through
from core.routing.check import Check
from core.routing.frontier import Choice, frontier
from core.routing.plan import Plan, Strategy
from core.routing.simulate import Assumptions, Outcome, Uncertainty, simulate
from core.routing.traffic import Traffic

Reason = Literal["cheaper at equal quality", "better than any routing", "rarely accepted"]


@dataclass(frozen=True)
class Comparison:
    """A cascade beside the cheapest routing of the same quality, with the same three models.

    `routed` is None where no routing reaches the cascade's quality. `accepted` is the share of
    first answers that pass the check, `break_even` the share from which trying the simple model
    first pays against going straight to the medium one. `second_calls` and `third_calls` are the
    shares of queries that wait for another answer.
    """

    cascade: Outcome
    routed: Choice | None
    better: Strategy
    reason: Reason
    accepted: float
    break_even: float
    second_calls: float
    third_calls: float


def compare(
    traffic: Traffic,
    plan: Plan,
    check: Check,
    uncertainty: Uncertainty,
    assumptions: Assumptions | None = None,
) -> Comparison:
    """The comparison on that traffic, whatever strategy the plan follows now."""
    assumptions = assumptions or Assumptions()
    cascade = simulate(traffic, replace(plan, check=check), uncertainty, assumptions)
    choices = frontier(traffic, replace(plan, check=None), uncertainty, assumptions)
    good_enough = [c for c in choices if c.quality >= cascade.quality.central - 1e-9]
    routed = min(good_enough, key=lambda c: c.usd, default=None)
    used = np.flatnonzero(traffic.queries)
    passage = pass_through(
        plan.abilities, uncertainty.spread, check.accepts_good, check.accepts_bad, used
    )
    asked = traffic.monthly_queries or 1.0
    reached = passage.touched @ traffic.queries[used] / asked
    better: Strategy = "cascade"
    reason: Reason = "better than any routing"
    if routed is not None:
        better = "cascade" if cascade.planned.central < routed.usd else "route"
        reason = "cheaper at equal quality"
    break_even = break_even_acceptance(
        *(
            float(usd.sum()) / asked
            for usd in (
                traffic.usd_on(plan.simple, cache_kept=assumptions.cache_kept),
                check.usd_by_place(traffic),
                traffic.usd_on(plan.medium, cache_kept=assumptions.cache_kept),
            )
        )
    )
    if better == "route" and 1.0 - reached[1] < break_even:
        reason = "rarely accepted"
    return Comparison(
        cascade=cascade,
        routed=routed,
        better=better,
        reason=reason,
        accepted=float(1.0 - reached[1]),
        break_even=break_even,
        second_calls=float(reached[1]),
        third_calls=float(reached[2]),
    )
