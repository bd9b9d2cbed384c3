import pytest

from core.errors import BadInput
from core.routing.plan import Plan

from ..workload.conftest import make_model
from .conftest import FOUR_O, MINI

RENTED = make_model("own", 0.0, fixed=900.0)


def test_a_plan_names_a_model_per_tier_and_tolerates_five_points() -> None:
    plan = Plan(MINI, RENTED, FOUR_O)
    assert list(plan.models.items()) == [("simple", MINI), ("medium", RENTED), ("complex", FOUR_O)]
    assert plan.abilities == (1.0, 2.0, 4.0)
    assert (plan.to_medium, plan.to_complex) == (0.05, 0.05)


@pytest.mark.parametrize(("name", "value"), [("to_medium", -0.01), ("to_complex", 1.01)])
def test_a_tolerance_outside_zero_to_one_is_refused(name: str, value: float) -> None:
    with pytest.raises(BadInput, match=f"{name}: a tolerance is {value:g}. Give a share"):
        Plan(MINI, MINI, FOUR_O, **{name: value})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_tolerance_that_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(BadInput):
        Plan(MINI, MINI, FOUR_O, to_medium=value)


def test_an_unpriced_model_is_refused_unless_it_is_paid_by_the_month() -> None:
    with pytest.raises(BadInput, match="medium tier: Mystery has no price"):
        Plan(MINI, make_model("mystery", None), FOUR_O)
    Plan(MINI, make_model("own", None, fixed=100.0), FOUR_O)


def test_rent_is_paid_where_a_tier_is_used() -> None:
    plan = Plan(RENTED, MINI, FOUR_O)
    assert plan.rents_usd([True, True, True]) == (900.0, 0.0, 0.0)
    assert plan.rents_usd([False, True, True]) == (0.0, 0.0, 0.0)


def test_one_endpoint_in_two_tiers_is_paid_once() -> None:
    plan = Plan(RENTED, RENTED, FOUR_O)
    assert plan.rents_usd([True, True, True]) == (900.0, 0.0, 0.0)
    assert plan.rents_usd([False, True, False]) == (0.0, 900.0, 0.0)
    both = Plan(RENTED, make_model("other", 0.0, fixed=50.0), RENTED)
    assert both.rents_usd([True, True, True]) == (900.0, 50.0, 0.0)
