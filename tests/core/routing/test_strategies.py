import pytest

from core.routing.check import Check
from core.routing.controls import Control, lift_usd
from core.routing.plan import Plan
from core.routing.simulate import simulate
from core.routing.strategies import compare

from ..workload.conftest import make_model
from .conftest import EASY, FOUR_O, HARD, MIDDLING, MINI, UNSURE, traffic

MIDDLE = make_model("middle", 1.0, 4.0, ability=2.5)
PLAN = Plan(MINI, MIDDLE, FOUR_O)


def test_a_sharp_and_free_check_makes_the_cascade_the_better_one() -> None:
    found = traffic([MIDDLING] * 50, monthly_queries=1e6)
    free = make_model("free", 0.0, 0.0)
    both = compare(found, PLAN, Check(free, 1.0, 0.0), UNSURE)
    assert both.better == "cascade"
    assert both.accepted > both.break_even == pytest.approx(0.00033 / 0.0022)
    assert both.second_calls == pytest.approx(1 - both.accepted)
    assert both.third_calls < both.second_calls


def test_a_dear_check_makes_routing_the_better_one_and_says_why() -> None:
    found = traffic([EASY] * 25 + [HARD] * 25, monthly_queries=1e6)
    both = compare(found, PLAN, Check(FOUR_O, 0.6, 0.6), UNSURE)
    assert both.better == "route"
    assert both.routed is not None
    assert both.routed.quality >= both.cascade_quality - 1e-9
    assert both.routed.usd <= both.cascade_usd
    assert both.break_even > 1 and both.reason == "rarely accepted"


def test_a_quality_that_no_routing_reaches_is_the_cascades_own() -> None:
    """A perfect judge keeps whatever any of three models got right."""
    found = traffic([MIDDLING] * 50, monthly_queries=1e6)
    free = make_model("free", 0.0, 0.0)
    alike = [make_model(f"m{i}", 1.0, 4.0, ability=1.0) for i in range(3)]
    both = compare(found, Plan(*alike), Check(free, 1.0, 0.0), UNSURE)
    assert both.routed is None and both.reason == "better than any routing"


def test_the_lift_is_what_the_best_mix_of_controls_costs_more() -> None:
    found = traffic([EASY] * 5 + [HARD] * 5, monthly_queries=1e6)
    outcome = simulate(found, PLAN, UNSURE)
    quality, usd = outcome.quality.central, outcome.planned.central
    cheap = Control("cheap", 100.0, quality - 0.1, 0.9)
    dear = Control("dear", 1_100.0, quality + 0.1, 1.1)
    assert lift_usd([cheap, dear], outcome) == pytest.approx(600.0 - usd)
    better = Control("better", 300.0, quality + 0.01, 1.0)
    assert lift_usd([cheap, dear, better], outcome) == pytest.approx(100 + 200 * 0.1 / 0.11 - usd)
    assert lift_usd([cheap], outcome) is None
