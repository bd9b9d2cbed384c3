from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from core.routing.frontier import frontier
from core.routing.optimum import optimum
from core.routing.plan import Plan
from core.routing.traffic import Traffic
from core.workload.grid import chances

from ..workload.conftest import make_model
from .conftest import (
    EASY,
    FOUR_O,
    HARD,
    MIDDLING,
    MINI,
    UNSURE,
    any_plan,
    any_traffic,
    traffic,
    usd_on,
)

MIDDLE = make_model("middle", 1.0, 4.0, ability=2.5)
PLAN = Plan(MINI, MIDDLE, FOUR_O)


@given(any_traffic(), any_plan())
@settings(max_examples=40, deadline=None)
def test_no_tolerances_beat_it_and_it_rises_ever_more_slowly(found: Traffic, plan: Plan) -> None:
    best = optimum(found, plan, UNSURE)
    assert (np.diff(best.usd) >= -1e-9).all() and (np.diff(best.quality) >= -1e-12).all()
    slopes = (
        np.diff(best.quality)[np.diff(best.usd) > 1e-9]
        / np.diff(best.usd)[np.diff(best.usd) > 1e-9]
    )
    assert (np.diff(slopes) <= 1e-6 * np.abs(slopes[:-1]) + 1e-9).all()
    for choice in frontier(found, plan, UNSURE):
        # A billionth of a dollar is rounding, and quality may rise steeply over it.
        assert best.quality_at(choice.usd + 1e-9) >= choice.quality - 1e-9


def test_it_equals_brute_force_over_every_choice_of_tiers() -> None:
    found = traffic([EASY, MIDDLING, HARD, 1.5])
    best = optimum(found, PLAN, UNSURE)
    used = np.flatnonzero(found.queries)
    models = list(PLAN.models.values())
    usd = np.array([usd_on(found, m, 0.0)[used] for m in models])
    good = np.array(
        [found.queries[used] * chances(m.ability.mean, UNSURE.spread, used) for m in models]
    )
    rows = np.arange(len(used))
    reached = []
    for tiers in product(range(3), repeat=len(used)):
        cost, quality = usd[list(tiers), rows].sum(), good[list(tiers), rows].sum()
        quality /= found.monthly_queries
        assert best.quality_at(cost) >= quality - 1e-9
        reached.append((cost, quality))
    for cost, quality in zip(best.usd, best.quality, strict=True):
        assert any(abs(c - cost) < 1e-9 and abs(q - quality) < 1e-9 for c, q in reached)


def test_a_quality_has_a_least_cost_or_none() -> None:
    best = optimum(traffic([EASY, HARD]), PLAN, UNSURE)
    assert best.usd_for(float(best.quality[-1])) == pytest.approx(best.usd[-1])
    assert best.usd_for(0.0) == best.usd[0]
    assert best.usd_for(1.0) is None


def test_of_two_tiers_that_cost_as_good_as_nothing_the_better_one_is_taken() -> None:
    least = make_model("least", 1e-160, 0.0, ability=1.0)
    hardly = make_model("hardly", 1e-14, 0.0, ability=3.0)
    best = optimum(traffic([MIDDLING]), Plan(least, hardly, FOUR_O), UNSURE)
    alone = optimum(traffic([MIDDLING]), Plan(hardly, hardly, FOUR_O), UNSURE)
    assert best.quality[0] == pytest.approx(alone.quality[0])
