from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.quality.actual import Actual, actual_against
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.simulate import simulate
from core.routing.traffic import Traffic

from ..routing.conftest import (
    CERTAIN,
    EASY,
    FOUR_O,
    HARD,
    MINI,
    UNSURE,
    any_plan,
    any_traffic,
    traffic,
)

PLAN = Plan(MINI, MINI, FOUR_O)
BEFORE = traffic([EASY, HARD], monthly_queries=1e6)


def against(now: Traffic, today: Plan = PLAN) -> Actual:
    projected = simulate(BEFORE, PLAN, CERTAIN)
    return actual_against(projected, BEFORE, now, PLAN, today, CERTAIN)


def steps(found: Actual) -> float:
    return found.volume + found.mix + found.tokens + found.price + found.routing


def test_nothing_followed_yet_is_all_routing() -> None:
    found = against(BEFORE)
    assert found.came == pytest.approx(5_500.0)
    assert (found.volume, found.mix, found.tokens, found.price) == (0, 0, 0, 0)
    assert found.routing == pytest.approx(5_500.0 - found.planned.central)
    assert found.saved == pytest.approx(0.0)


def test_each_cause_shows_in_its_own_step() -> None:
    more = against(traffic([EASY, HARD], monthly_queries=2e6))
    assert more.volume == pytest.approx(more.planned.central)
    harder = against(traffic([HARD, HARD], monthly_queries=1e6))
    assert harder.mix > 0 and harder.volume == 0 and harder.tokens == pytest.approx(0)
    longer = against(traffic([EASY, HARD], monthly_queries=1e6, output_tokens=600))
    assert longer.tokens > 0 and longer.mix == pytest.approx(0)
    assert FOUR_O.price is not None
    dear = replace(FOUR_O, price=FOUR_O.price.less(-0.5))
    # prices matter for what the plan moves; what stays costs what was logged
    other = replace(dear, id="other")
    changed = against(BEFORE, replace(PLAN, complex=other))
    assert changed.price > 0


@settings(max_examples=20, deadline=None)
@given(any_traffic(), any_traffic(), any_plan(), st.booleans())
def test_the_steps_lead_from_what_was_planned_to_what_came(
    before: Traffic, now: Traffic, plan: Plan, cascade: bool
) -> None:
    plan = replace(plan, check=Check(MINI)) if cascade else plan
    projected = simulate(before, plan, UNSURE)
    found = actual_against(projected, before, now, plan, plan, UNSURE)
    assert found.planned.central + steps(found) == pytest.approx(found.came, rel=1e-9, abs=1e-6)
