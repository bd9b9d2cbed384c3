from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings

from core.complexity.category import categorize
from core.errors import BadInput
from core.routing.assumptions import Assumptions
from core.routing.frontier import LARGEST, STEP, best_within, cheapest, frontier, with_choice
from core.routing.plan import Plan
from core.routing.simulate import Outcome, simulate
from core.routing.traffic import Traffic, traffic_of
from core.workload.grid import NEUTRAL_PLACES, bin_centres, chances, cuts_by_lever

from ..workload.conftest import make_model, make_workload, row
from .conftest import (
    CERTAIN,
    EASY,
    FOUR_O,
    HARD,
    MIDDLING,
    MINI,
    UNSURE,
    any_plan,
    any_traffic,
    logistic,
    traffic,
    usd_on,
)

MID = make_model("mid", 0.8, 3.0, ability=2.5)
PLAN = Plan(MINI, MID, FOUR_O)


@pytest.fixture(scope="module", params=["single queries", "conversations"])
def mixed(request: pytest.FixtureRequest) -> Traffic:
    """A thousand queries from easy to hard."""
    difficulty = np.random.default_rng(5).normal(0.5, 2.0, 1_000).tolist()
    if request.param == "single queries":
        return traffic(difficulty, monthly_queries=1e6)
    rows = [
        row(str(i), model="four-o", session=f"of {i // 5}", cache_read_tokens=900 if i % 5 else 0)
        for i in range(len(difficulty))
    ]
    return traffic_of(make_workload(rows, difficulty), {"four-o": FOUR_O}, 1e6)


def figures(outcome: Outcome) -> tuple[float, float]:
    return outcome.planned.central, outcome.quality.central


def test_each_choice_costs_more_than_the_one_before_and_is_better(mixed: Traffic) -> None:
    found = frontier(mixed, PLAN, UNSURE)
    assert len(found) > 100
    for before, after in pairwise(found):
        assert after.usd > before.usd and after.quality > before.quality
    assert all(0 <= t <= LARGEST for c in found for t in (c.to_medium, c.to_complex))
    steps = [t / STEP for c in found for t in (c.to_medium, c.to_complex)]
    assert steps == pytest.approx(np.round(steps), abs=1e-9)


@pytest.mark.parametrize("kept", [0.0, 0.7])
def test_choices_simulate_to_the_cost_and_quality_they_state(mixed: Traffic, kept: float) -> None:
    assumptions = Assumptions(cache_kept=kept)
    found = frontier(mixed, PLAN, UNSURE, assumptions)
    for choice in found[:: max(1, len(found) // 12)]:
        outcome = simulate(mixed, with_choice(PLAN, choice), UNSURE, assumptions)
        assert figures(outcome) == pytest.approx((choice.usd, choice.quality), rel=1e-10)
        assert outcome.quality_kept.central == pytest.approx(choice.quality_kept, rel=1e-10)


def beaten(found: list, usd: float, quality: float) -> bool:  # type: ignore[type-arg]
    """Whether a plan of that cost and quality is better than all choices."""
    return not any(c.usd <= usd + 1e-7 and c.quality >= quality - 1e-9 for c in found)


@pytest.mark.parametrize("rent", [0.0, 300.0])
def test_no_pair_of_tolerances_beats_the_frontier(mixed: Traffic, rent: float) -> None:
    plan = replace(PLAN, medium=replace(MID, fixed_monthly_usd=rent))
    found = frontier(mixed, plan, UNSURE)
    for pair in product([0.0, 0.01, 0.03, 0.06, 0.1, 0.2, 0.4], repeat=2):
        tried = replace(plan, to_medium=pair[0], to_complex=pair[1])
        assert not beaten(found, *figures(simulate(mixed, tried, UNSURE)))


@settings(max_examples=10, deadline=None)
@given(any_traffic(), any_plan())
def test_on_any_traffic_choices_are_exact_and_unbeaten(small: Traffic, plan: Plan) -> None:
    found = frontier(small, plan, UNSURE)
    for choice in (found[0], found[-1]):
        outcome = simulate(small, with_choice(plan, choice), UNSURE)
        assert figures(outcome) == pytest.approx((choice.usd, choice.quality), rel=1e-9, abs=1e-9)
    for pair in ((0.0, 0.0), (0.05, 0.05), (0.4, 0.4), (0.0, 0.4)):
        tried = replace(plan, to_medium=pair[0], to_complex=pair[1])
        assert not beaten(found, *figures(simulate(small, tried, UNSURE)))


@pytest.mark.parametrize("seed", range(20))
def test_the_best_plan_equals_brute_force_over_all_pairs_of_thresholds(seed: int) -> None:
    dice = np.random.default_rng(seed)
    abilities = np.sort(dice.uniform(0, 5, 3)) if seed % 4 else dice.uniform(0, 5, 3)
    prices = dice.uniform(0.05, 10, 3)
    models = [
        make_model(name, price, 4 * price, ability=ability)
        for name, price, ability in zip("abc", prices, abilities, strict=True)
    ]
    plan = Plan(*models)
    here = traffic(dice.normal(1, 2, int(dice.integers(5, 60))).tolist(), monthly_queries=1e5)
    costs = [usd_on(here, model)[NEUTRAL_PLACES] for model in models]
    good = [
        here.queries[NEUTRAL_PLACES] * chances(m.ability.mean, UNSURE.spread)[NEUTRAL_PLACES]
        for m in models
    ]
    steps = np.round(np.arange(0, LARGEST + STEP / 2, STEP), 3)
    firsts = {cuts_by_lever(plan.abilities, UNSURE.spread, (t, 1.0), [1.0])[0][0] for t in steps}
    seconds = {cuts_by_lever(plan.abilities, UNSURE.spread, (0.0, t), [1.0])[0][1] for t in steps}
    found = []
    for first, second in product(firsts, seconds):
        tiers = categorize(bin_centres(), (min(first, second), second))
        usd = sum(float(costs[t][tiers == t].sum()) for t in range(3))
        quality = sum(float(good[t][tiers == t].sum()) for t in range(3))
        found.append((usd, quality / here.monthly_queries))
    choices = frontier(here, plan, UNSURE)
    for wanted in np.linspace(0, 1, 11):
        least = min(q for _, q in found), max(q for _, q in found)
        quality = least[0] + wanted * (least[1] - least[0])
        cheap = min(usd for usd, q in found if q >= quality - 1e-12)
        best = min(c.usd for c in choices if c.quality >= quality - 1e-9)
        assert best == pytest.approx(cheap, rel=1e-9)
        budget = found[int(dice.integers(len(found)))][0]
        within = max(q for usd, q in found if usd <= budget + 1e-9)
        assert best_within(choices, budget).quality == pytest.approx(within, rel=1e-9)


def test_two_queries_have_the_three_sensible_plans_worked_out_by_hand() -> None:
    # one easy and one middling query; FOUR_O gains .022 on the first and .25 on the second
    two = traffic([-2.98, MIDDLING], monthly_queries=2e6)
    found = frontier(two, Plan(MINI, FOUR_O, FOUR_O), CERTAIN)
    easy, middling = ([logistic(a - d) for a in (1.0, 4.0)] for d in (-2.98, MIDDLING))
    assert [c.usd for c in found] == pytest.approx([660.0, 330.0 + 5_500.0, 11_000.0])
    assert [c.quality for c in found] == pytest.approx(
        [(easy[0] + middling[0]) / 2, (easy[0] + middling[1]) / 2, (easy[1] + middling[1]) / 2]
    )
    assert found[-1].quality_kept == pytest.approx(1.0)


def test_rent_is_part_of_the_cost_only_where_the_model_is_used() -> None:
    own = make_model("own", 0.0, ability=1.0, fixed=50.0)
    two = traffic([EASY, MIDDLING], monthly_queries=2e6)
    found = frontier(two, Plan(own, FOUR_O, FOUR_O), CERTAIN)
    assert [c.usd for c in found] == pytest.approx([50.0, 5_550.0, 11_000.0])


def test_one_rented_endpoint_in_two_tiers_is_paid_once(mixed: Traffic) -> None:
    own = make_model("own", 0.0, ability=1.0, fixed=50.0)
    abler = replace(own, ability=replace(own.ability, mean=2.0))
    found = frontier(mixed, Plan(own, abler, FOUR_O), UNSURE)
    for choice in found[:: max(1, len(found) // 6)]:
        outcome = simulate(mixed, with_choice(Plan(own, abler, FOUR_O), choice), UNSURE)
        assert figures(outcome) == pytest.approx((choice.usd, choice.quality), rel=1e-10)


def test_the_cheapest_choice_keeps_the_wanted_quality(mixed: Traffic) -> None:
    found = frontier(mixed, PLAN, UNSURE)
    for wanted in (0.85, 0.95, 0.99):
        choice = cheapest(found, wanted)
        assert choice.quality_kept >= wanted
        assert all(c.quality_kept < wanted for c in found if c.usd < choice.usd)
    assert cheapest(found, 0.01) == found[0]
    assert cheapest(found, found[-1].quality_kept) == found[-1]


def test_a_quality_that_no_plan_reaches_is_refused_with_what_can_be_reached(
    mixed: Traffic,
) -> None:
    weak = Plan(MINI, MINI, MINI)
    found = frontier(mixed, weak, UNSURE)
    reached = simulate(mixed, weak, UNSURE).quality_kept.central
    with pytest.raises(BadInput) as error:
        cheapest(found, 0.999)
    assert str(error.value) == (
        "quality: no plan with these models keeps 99.9% of today's quality. "
        f"They reach {reached:.1%}; wish for less or take a stronger model."
    )


def test_the_best_choice_within_a_budget_uses_no_more_than_it(mixed: Traffic) -> None:
    found = frontier(mixed, PLAN, UNSURE)
    budget = (found[0].usd + found[-1].usd) / 2
    choice = best_within(found, budget)
    assert choice.usd <= budget
    assert all(c.quality <= choice.quality for c in found if c.usd <= budget)
    assert best_within(found, 1e9) == found[-1]
    assert best_within(found, found[0].usd) == found[0]


def test_a_budget_below_the_cheapest_plan_is_refused_with_its_cost() -> None:
    found = frontier(traffic([EASY], monthly_queries=1e6), Plan(MINI, MINI, MINI), CERTAIN)
    with pytest.raises(BadInput) as error:
        best_within(found, 100.0)
    assert str(error.value) == (
        "budget: no plan with these models costs $100.00 a month or less. "
        "The cheapest costs $330.00; spend more or take cheaper models."
    )


@pytest.mark.parametrize("difficulty", [[], [HARD]])
def test_a_tiny_log_has_a_frontier(difficulty: list[float]) -> None:
    tiny = traffic(difficulty)
    found = frontier(tiny, PLAN, UNSURE)
    assert found and all(np.isfinite([c.usd, c.quality, c.quality_kept]).all() for c in found)
    assert figures(simulate(tiny, with_choice(PLAN, found[-1]), UNSURE)) == pytest.approx(
        (found[-1].usd, found[-1].quality)
    )


def test_a_choice_changes_nothing_but_the_tolerances(mixed: Traffic) -> None:
    choice = frontier(mixed, PLAN, UNSURE)[3]
    chosen = with_choice(PLAN, choice)
    assert (chosen.to_medium, chosen.to_complex) == (choice.to_medium, choice.to_complex)
    assert replace(chosen, to_medium=0.05, to_complex=0.05) == PLAN
