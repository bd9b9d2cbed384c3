import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.model import Model
from core.complexity.scale import NEUTRAL
from core.errors import BadInput
from core.routing.cascade import break_even_acceptance, pass_through
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.simulate import expected_quality_kept, simulate
from core.routing.traffic import Traffic, traffic_of
from core.workload.grid import BIN_WIDTH, BINS, LOWEST, bin_of, chances
from core.workload.routing_rules import RoutingRule

from ..workload.conftest import make_model, make_workload, row
from .conftest import CERTAIN, EASY, FOUR_O, HARD, MIDDLING, MINI, UNSURE, any_traffic, traffic

GOLDEN = json.loads((Path(__file__).parents[2] / "golden/economics.json").read_text())
MIDDLE = make_model("middle", 1.0, 4.0, ability=2.5)
FREE = make_model("free", 0.0, 0.0, ability=0.0)
PERFECT = Check(FREE, 1.0, 0.0, judged=10**9)


def place_of(difficulty: float) -> np.ndarray:
    return BINS * NEUTRAL + bin_of(np.array([difficulty]))


def answering(name: str, usd: tuple[float, float], share: float) -> Model:
    """A model of that price that answers this share of MIDDLING queries acceptably."""
    middle = LOWEST + BIN_WIDTH * (place_of(MIDDLING)[0] % BINS + 0.5)
    return make_model(name, *usd, ability=middle + math.log(share / (1 - share)))


def test_the_worked_cascades_cost_what_the_economics_page_says() -> None:
    """A check that is never wrong accepts what is acceptable: 70%, or 60% and then 50%."""
    expect = GOLDEN["G4_cascade"]["expect"]
    judge = make_model("judge", 0.00005 * 1e6 / 1300, 0.0)  # 0.00005 USD for 1,300 tokens read
    check = Check(judge, 1.0, 0.0, judged=10**9)
    found = traffic([MIDDLING], monthly_queries=1e6)
    cheap, middle = (0.15, 0.6), (0.5, 2.0)  # 0.00033 and 0.0011 USD a query
    three = Plan(answering("cheap", cheap, 0.6), answering("mid", middle, 0.5), FOUR_O, check=check)
    outcome = simulate(found, three, CERTAIN)
    assert outcome.planned.central == pytest.approx(float(expect["three_tier"]), abs=0.005)
    assert outcome.saving_share.central == pytest.approx(expect["three_saved_pct"])

    # Two tiers: a rule keeps all queries out of the third, which here is of no use.
    rules = (RoutingRule("segment", "chat", "cap", "medium"),)
    bound = make_workload([row("0", model="four-o", output_tokens=300)], [MIDDLING], rules)
    two = Plan(answering("cheap", cheap, 0.7), FOUR_O, FOUR_O, check=check, rules=rules)
    outcome = simulate(traffic_of(bound, {"four-o": FOUR_O}, 1e6), two, CERTAIN)
    assert outcome.planned.central == pytest.approx(float(expect["two_tier"]), abs=0.005)
    assert outcome.saving_share.central == pytest.approx(expect["saved_pct"])

    case = GOLDEN["G4_cascade"]["in"]
    needed = break_even_acceptance(case["c1"], case["v"], case["c2"])
    assert needed == pytest.approx(expect["a_break_even"])
    assert break_even_acceptance(1.0, 0.0, 0.0) == float("inf")


def test_every_query_is_answered_once_and_pays_every_tier_it_touched() -> None:
    passage = pass_through((1.0, 2.5, 4.0), 1.0, 0.9, 0.3, place_of(1.0))
    assert passage.used.sum() == pytest.approx(1.0)
    assert passage.touched[0, 0] == pytest.approx(1.0)
    assert passage.touched[1] == pytest.approx(1 - passage.used[0])
    assert passage.touched[2] == pytest.approx(passage.used[2])
    assert (passage.good <= passage.used + 1e-12).all()


def test_a_perfect_check_keeps_the_best_of_all_tiers() -> None:
    passage = pass_through((1.0, 2.5, 4.0), 1.0, 1.0, 0.0, place_of(1.0))
    assert passage.good.sum() >= chances(4.0, 1.0, place_of(1.0))[0] - 0.01
    assert passage.good[:2] == pytest.approx(passage.used[:2])


def test_what_failed_at_the_first_tier_fails_more_often_at_the_second() -> None:
    passage = pass_through((1.0, 1.0, 1.0), 2.0, 1.0, 0.0, place_of(1.0))
    assert passage.good[1, 0] / passage.touched[1, 0] < 0.7 * chances(1.0, 2.0, place_of(1.0))[0]


@given(any_traffic())
@settings(max_examples=30, deadline=None)
def test_a_check_that_lets_nothing_through_costs_more_than_frontier_alone(found: Traffic) -> None:
    never = Check(MINI, 0.0, 0.0)
    strict = simulate(found, Plan(MINI, MIDDLE, FOUR_O, check=never), CERTAIN)
    alone = simulate(found, Plan(FOUR_O, FOUR_O, FOUR_O), CERTAIN)
    assert strict.planned.central >= alone.planned.central - 1e-9
    assert strict.quality.central == pytest.approx(alone.quality.central, abs=0.02)


def test_a_check_that_lets_everything_through_is_always_the_cheap_model_and_the_check() -> None:
    found = traffic([EASY] * 5 + [HARD] * 5, monthly_queries=1e6)
    open_ = simulate(found, Plan(MINI, MIDDLE, FOUR_O, check=Check(FREE, 1.0, 1.0)), UNSURE)
    alone = simulate(found, Plan(MINI, MINI, MINI), UNSURE)
    assert open_.planned.central == pytest.approx(alone.planned.central)
    assert open_.quality.central == pytest.approx(alone.quality.central, abs=0.01)
    assert [t.calls for t in open_.tiers] == pytest.approx([1e6, 0, 0])


def test_the_bill_of_a_cascade_is_its_calls_and_its_checks() -> None:
    found = traffic([EASY] * 7 + [HARD] * 3, monthly_queries=1e6)
    plan = Plan(MINI, MIDDLE, FOUR_O, check=Check(MIDDLE))
    outcome = simulate(found, plan, UNSURE)
    per_query = [0.00033, 0.0022, 0.0055]
    for tier, usd in zip(outcome.tiers, per_query, strict=True):
        assert tier.usd == pytest.approx(tier.calls * usd)
    checked = outcome.tiers[0].calls + outcome.tiers[1].calls
    assert outcome.check_usd == pytest.approx(checked * (1300 * 1.0 + 20 * 4.0) / 1e6)
    assert outcome.planned.central == pytest.approx(
        sum(t.usd for t in outcome.tiers) + outcome.check_usd
    )
    assert sum(t.share_of_queries for t in outcome.tiers) == pytest.approx(1.0)
    assert outcome.planned.low < outcome.planned.central < outcome.planned.high
    assert outcome.quality.low < outcome.quality.central < outcome.quality.high
    kept = expected_quality_kept(found, plan, UNSURE)
    assert kept == pytest.approx(outcome.quality_kept.central)


def test_a_check_that_is_known_less_well_has_a_wider_range() -> None:
    found = traffic([EASY] * 50 + [HARD] * 50, monthly_queries=1e6)
    widths = []
    for judged in (10, 10_000):
        plan = Plan(MINI, MIDDLE, FOUR_O, check=Check(MIDDLE, judged=judged))
        quality = simulate(found, plan, CERTAIN).quality
        widths.append(quality.high - quality.low)
    assert widths[0] > widths[1]


@given(st.floats(0, 1), st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_a_check_that_stops_more_good_answers_only_costs_more(first: float, second: float) -> None:
    found = traffic([EASY, HARD, 0.0])
    low, high = sorted((first, second))
    lenient, strict = (
        simulate(found, Plan(MINI, MIDDLE, FOUR_O, check=Check(FREE, share, 0.2)), UNSURE)
        for share in (high, low)
    )
    assert strict.planned.central >= lenient.planned.central - 1e-12


def test_a_check_needs_shares_and_a_price() -> None:
    with pytest.raises(BadInput, match="accepts_good"):
        Check(MINI, 1.2)
    with pytest.raises(BadInput, match="has no price"):
        Check(replace(MINI, price=None))


def test_a_plan_says_which_strategy_it_follows() -> None:
    assert Plan(MINI, MIDDLE, FOUR_O).strategy == "route"
    assert Plan(MINI, MIDDLE, FOUR_O, check=PERFECT).strategy == "cascade"
