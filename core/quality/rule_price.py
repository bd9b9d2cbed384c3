"""What a rule by segment would cost, before anybody applies it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.errors import BadInput
from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.plan import Plan
from core.routing.simulate import simulate
from core.routing.traffic import traffic_of
from core.workload.pricing import Names
from core.workload.routing_rules import RoutingRule
from core.workload.workload import Workload


def rule_price_usd(
    workload: Workload,
    names: Names,
    plan: Plan,
    rule: RoutingRule,
    uncertainty: Uncertainty,
    assumptions: Assumptions | None = None,
    monthly_queries: float | None = None,
) -> float:
    """What the plan would cost more a month with this rule after those it has, USD.

    BadInput for a rule that does not go by segment: others are counted in the queries themselves.
    """
    if rule.test != "segment":
        raise BadInput("only rules by segment have a price beforehand", remedy="Apply it and look")
    cells = workload.cells
    fits = (cells["segment"] == rule.value) & (cells["rule"] == 0)
    bound = np.where(fits, rule.bound, cells["bound"])
    ruled = replace(workload, cells=cells.assign(bound=bound))
    with_rule, without = (
        simulate(
            traffic_of(each, names, monthly_queries, plan.windows), plan, uncertainty, assumptions
        ).planned.central
        for each in (ruled, workload)
    )
    return with_rule - without
