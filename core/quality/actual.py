"""Projected against actual: a month that came after, beside what the plan said of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.plan import Plan
from core.routing.simulate import Outcome, Range, plan_cuts, simulate
from core.routing.tier_costs import routed_usd
from core.routing.traffic import Traffic
from core.workload.grid import tier_by_place


@dataclass(frozen=True)
class Actual:
    """USD per month: what was planned, what came, and what lies between; the steps add up.

    `volume`: more or fewer queries. `mix`: harder or easier ones. `tokens`: longer or shorter
    ones. `price`: other prices than the plan froze. `routing`: queries that did not go where the
    plan sends them, and what the plan cannot see. In a cascade `tokens` holds the mix, too.
    `saved` is against today's mix of then at today's volume.
    """

    planned: Range
    came: float
    volume: float
    mix: float
    tokens: float
    price: float
    routing: float
    saved: float
    saved_planned: float

    @property
    def within(self) -> bool:
        """Whether what came, at the volume of then, lies in the plan's range."""
        return self.planned.low <= self.came - self.volume <= self.planned.high


def actual_against(
    projected: Outcome,
    before: Traffic,
    now: Traffic,
    plan: Plan,
    plan_today: Plan,
    uncertainty: Uncertainty,
    assumptions: Assumptions | None = None,
) -> Actual:
    """The month in `now` against the plan made on `before`.

    `plan` has the frozen prices, `plan_today` the same models at today's. Rents are part of all.
    """
    per_query = projected.planned.central / (before.monthly_queries or 1.0)
    volume = per_query * (now.monthly_queries - before.monthly_queries)
    tiers = tier_by_place(plan_cuts(plan, uncertainty.spread))
    then_usd = _by_tier(before, plan, tiers, assumptions, uncertainty)
    shares_then = _shares(before, tiers)
    shares_now = _shares(now, tiers)
    unit = then_usd / np.maximum(shares_then * before.monthly_queries, 1e-12)
    unit = np.where(shares_then > 0, unit, 0.0)
    grown = now.monthly_queries / (before.monthly_queries or 1.0)
    mix = float((unit * shares_now).sum()) * now.monthly_queries - float(then_usd.sum()) * grown
    if plan.check is not None:
        mix = 0.0  # nothing is sorted: harder queries show in what they cost
    at_new_mix = projected.planned.central * grown + mix
    with_tokens = simulate(now, plan, uncertainty, assumptions).planned.central
    at_new_prices = simulate(now, plan_today, uncertainty, assumptions).planned.central
    baseline = projected.baseline_usd * grown
    return Actual(
        planned=projected.planned,
        came=now.monthly_usd,
        volume=volume,
        mix=mix,
        tokens=with_tokens - at_new_mix,
        price=at_new_prices - with_tokens,
        routing=now.monthly_usd - at_new_prices,
        saved=baseline - now.monthly_usd,
        saved_planned=projected.saving_usd * grown,
    )


def _by_tier(
    traffic: Traffic,
    plan: Plan,
    tiers: np.ndarray,
    assumptions: Assumptions | None,
    uncertainty: Uncertainty,
) -> np.ndarray:
    """The cost of each tier, without rent."""
    costs = routed_usd(traffic, plan, plan_cuts(plan, uncertainty.spread), assumptions)
    return np.array([float(cost[tiers == code].sum()) for code, cost in enumerate(costs)])


def _shares(traffic: Traffic, tiers: np.ndarray) -> np.ndarray:
    counts = np.array([float(traffic.queries[tiers == code].sum()) for code in range(3)])
    return np.asarray(counts / max(counts.sum(), 1e-12))
