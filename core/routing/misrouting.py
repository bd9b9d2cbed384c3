"""Queries that a plan sends too low and too high, and how many mistakes its saving survives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.complexity.scale import levered
from core.routing.assumptions import Uncertainty
from core.routing.cascade import NODES
from core.routing.plan import Plan
from core.routing.simulate import Outcome, plan_cuts
from core.routing.tier_costs import tier_cost
from core.routing.traffic import Traffic
from core.workload.grid import BINS, bin_centres, levers_at, tier_by_place

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Misrouting:
    """Expected shares of all queries, of a plan that routes.

    `too_low`: answered unacceptably although a stronger tier would have answered acceptably.
    `too_high`: answered by a tier although a cheaper one would have answered acceptably. Each
    costs something else, so they are never added up.
    """

    too_low: float
    too_high: float


def misrouting(traffic: Traffic, plan: Plan, uncertainty: Uncertainty) -> Misrouting:
    """The two shares as the classifier expects them.

    Tiers fail together on what is harder than it looks, so chances are averaged over the unknown
    difficulty of each query.
    """
    used = np.flatnonzero(traffic.queries)
    sent = tier_by_place(plan_cuts(plan, uncertainty.spread))[used]
    levers = levers_at(used)
    margins = [levered(ability, levers) - bin_centres()[used % BINS] for ability in plan.abilities]
    low, high = np.zeros(len(used)), np.zeros(len(used))
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    for node, weight in zip(nodes, weights / weights.sum(), strict=True):
        fails = [1.0 / (1.0 + np.exp(m - uncertainty.spread * node)) for m in margins]
        for tier in range(3):
            here = sent == tier
            all_stronger_fail = np.prod([np.ones(len(used)), *fails[tier + 1 :]], axis=0)
            all_cheaper_fail = np.prod([np.ones(len(used)), *fails[:tier]], axis=0)
            low += weight * np.where(here, fails[tier] * (1.0 - all_stronger_fail), 0.0)
            high += weight * np.where(here, 1.0 - all_cheaper_fail, 0.0)
    asked = traffic.monthly_queries or 1.0
    queries = traffic.queries[used]
    return Misrouting(float(queries @ low) / asked, float(queries @ high) / asked)


def break_even_redone(traffic: Traffic, plan: Plan, outcome: Outcome) -> float | None:
    """The share of queries that could be asked again of the complex model until nothing is saved.

    None where nothing is saved to begin with, or where asking again is free.
    """
    again = float(tier_cost(traffic, plan.complex, plan.settings[2]).usd.sum())
    if outcome.saving_usd <= 0 or again <= 0:
        return None
    return outcome.saving_usd / again
