"""What each rule on top of a plan moves, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.plan import Plan
from core.routing.simulate import plan_cuts
from core.routing.tier_costs import routed_usd
from core.routing.traffic import Traffic, traffic_of
from core.workload.grid import tier_by_place
from core.workload.pricing import Names
from core.workload.routing_rules import RoutingRule
from core.workload.spend import monthly_factor
from core.workload.windows import within_windows
from core.workload.workload import Workload, places


@dataclass(frozen=True)
class RuleEffect:
    """One rule, in the order in which they are tried.

    `queries` fit it (and no rule before it), per month; `moved` of them get another tier than
    the tolerances would give, which costs `usd` more (less, when negative). In a cascade nothing
    is sorted, so both are None.
    """

    rule: RoutingRule
    queries: float
    moved: float | None
    usd: float | None


def rule_effects(
    workload: Workload,
    names: Names,
    plan: Plan,
    uncertainty: Uncertainty,
    assumptions: Assumptions | None = None,
    monthly_queries: float | None = None,
) -> list[RuleEffect]:
    """The effect of every rule of the plan on that workload."""
    factor = monthly_factor(workload, monthly_queries)
    found = []
    for number, rule in enumerate(plan.rules, start=1):
        cells = workload.cells[workload.cells["rule"] == number]
        bound = replace(workload, cells=cells)
        queries = float(cells["queries"].sum()) * factor
        if plan.check is not None or not queries:
            nothing = None if plan.check else 0.0
            found.append(RuleEffect(rule, queries, nothing, nothing))
            continue
        free = replace(workload, cells=cells.assign(bound=0))
        usd = [
            _usd(traffic_of(each, names, queries, plan.windows), plan, uncertainty, assumptions)
            for each in (bound, free)
        ]
        tiers = tier_by_place(plan_cuts(plan, uncertainty.spread))
        bound, free = (within_windows(each, plan.windows) for each in (bound, free))
        other = tiers[places(bound.cells)] != tiers[places(free.cells)]
        moved = float(cells["queries"].to_numpy()[other].sum()) * factor
        found.append(RuleEffect(rule, queries, moved, usd[0] - usd[1]))
    return found


def _usd(
    traffic: Traffic, plan: Plan, uncertainty: Uncertainty, assumptions: Assumptions | None
) -> float:
    """The cost of a plan that routes, without rents."""
    cuts = plan_cuts(plan, uncertainty.spread)
    tiers = tier_by_place(cuts)
    costs = routed_usd(traffic, plan, cuts, assumptions)
    return sum(float(usd[tiers == code].sum()) for code, usd in enumerate(costs))
