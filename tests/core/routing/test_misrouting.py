import numpy as np
import pytest
from hypothesis import given, settings

from core.routing.misrouting import break_even_redone, misrouting
from core.routing.plan import Plan
from core.routing.simulate import simulate
from core.routing.traffic import Traffic

from ..workload.conftest import make_model
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
)

MIDDLE = make_model("middle", 1.0, 4.0, ability=2.5)


def test_two_models_send_too_low_and_too_high_as_worked_out_by_hand() -> None:
    found = traffic([MIDDLING])
    weak, strong = logistic(1.0 - 0.02), logistic(4.0 - 0.02)
    stays = misrouting(found, Plan(MINI, FOUR_O, FOUR_O, 1.0, 1.0), CERTAIN)
    # the other two tiers hold the same model, asked twice: either may answer acceptably
    assert stays.too_low == pytest.approx((1 - weak) * (1 - (1 - strong) ** 2))
    assert stays.too_high == 0
    goes = misrouting(found, Plan(MINI, FOUR_O, FOUR_O, 0.0, 1.0), CERTAIN)
    assert goes.too_high == pytest.approx(weak)


@given(any_traffic(), any_plan())
@settings(max_examples=30, deadline=None)
def test_shares_are_shares_and_one_model_for_all_is_never_too_high(
    found: Traffic, plan: Plan
) -> None:
    both = misrouting(found, plan, UNSURE)
    assert 0 <= both.too_low <= 1 and 0 <= both.too_high <= 1
    everything = Plan(plan.simple, plan.medium, plan.complex, 1.0, 1.0)
    assert misrouting(found, everything, UNSURE).too_high == 0


def test_a_simulation_of_queries_gives_the_same_shares() -> None:
    dice = np.random.default_rng(0)
    found = traffic([MIDDLING] * 10)
    plan = Plan(MINI, MIDDLE, FOUR_O, 1.0, 1.0)
    difficulty = 0.02 + dice.normal(0, UNSURE.spread, 200_000)
    ok = [dice.random(200_000) < 1 / (1 + np.exp(difficulty - a)) for a in plan.abilities]
    expected = (~ok[0] & (ok[1] | ok[2])).mean()
    assert misrouting(found, plan, UNSURE).too_low == pytest.approx(expected, abs=0.004)


def test_the_saving_is_gone_when_that_share_is_asked_again() -> None:
    found = traffic([EASY] * 7 + [HARD] * 3, monthly_queries=1e6)
    plan = Plan(MINI, FOUR_O, FOUR_O)
    outcome = simulate(found, plan, CERTAIN)
    assert break_even_redone(found, plan, outcome) == pytest.approx(3_619 / 5_500)
    stay = Plan(FOUR_O, FOUR_O, FOUR_O)
    assert break_even_redone(found, stay, simulate(found, stay, CERTAIN)) is None
