"""Route or cascade: both on the same traffic, and which is the better one, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.cascade import break_even_acceptance
from core.routing.check import Check
from core.routing.frontier import Choice, frontier
from core.routing.plan import Plan, Strategy
from core.routing.simulate import expected_cascade
from core.routing.tier_costs import cascaded_usd
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

    check: Check
    cascade_usd: float
    cascade_quality: float
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
    choices: Sequence[Choice] | None = None,
) -> Comparison:
    """The comparison on that traffic, whatever strategy the plan follows now.

    `choices` is the frontier of these models where it is known already.
    """
    assumptions = assumptions or Assumptions()
    tiers, check_usd = expected_cascade(traffic, plan, check, uncertainty, assumptions)
    usd = sum(tier.usd for tier in tiers) + check_usd
    quality = sum(tier.queries * tier.quality for tier in tiers) / (traffic.monthly_queries or 1.0)
    if choices is None:
        choices = frontier(traffic, plan, uncertainty, assumptions)
    good_enough = [c for c in choices if c.quality >= quality - 1e-9]
    routed = min(good_enough, key=lambda c: c.usd, default=None)
    asked = traffic.monthly_queries or 1.0
    reached = [tier.calls / asked for tier in tiers]
    better: Strategy = "cascade"
    reason: Reason = "better than any routing"
    if routed is not None:
        better = "cascade" if usd < routed.usd else "route"
        reason = "cheaper at equal quality"
    simple_usd, medium_usd, _ = cascaded_usd(traffic, plan, assumptions)
    break_even = break_even_acceptance(
        *(
            float(cost.sum()) / asked
            for cost in (
                simple_usd,
                check.usd_by_place(traffic),
                medium_usd,
            )
        )
    )
    if better == "route" and 1.0 - reached[1] < break_even:
        reason = "rarely accepted"
    return Comparison(
        check=check,
        cascade_usd=usd,
        cascade_quality=quality,
        routed=routed,
        better=better,
        reason=reason,
        accepted=1.0 - reached[1],
        break_even=break_even,
        second_calls=reached[1],
        third_calls=reached[2],
    )
