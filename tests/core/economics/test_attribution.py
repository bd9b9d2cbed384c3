import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics.attribution import FINE_TUNING, ROUTING, in_order, savings_usd, shapley
from core.errors import BadInput


def test_the_parts_match_the_worked_case(golden):
    given_, expect = golden["G16_shapley"]["in"], golden["G16_shapley"]["expect"]
    savings = savings_usd(given_["base"], given_["routing_mult"], given_["ft_cost"])
    assert savings[frozenset({ROUTING})] == pytest.approx(float(expect["routing_alone"]))
    assert savings[frozenset({FINE_TUNING})] == pytest.approx(float(expect["ft_alone"]))
    assert savings[frozenset({ROUTING, FINE_TUNING})] == pytest.approx(float(expect["both"]))
    parts = shapley(savings)
    assert parts[ROUTING] == pytest.approx(float(expect["shapley_routing"]), abs=0.005)
    assert parts[FINE_TUNING] == pytest.approx(float(expect["shapley_ft"]), abs=0.005)
    assert in_order(savings) == pytest.approx({ROUTING: 5264.0, FINE_TUNING: 736.0})


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1e6))
def test_the_parts_sum_to_the_joint_saving(current, multiplier, tuned):
    savings = savings_usd(current, multiplier, tuned)
    joint = savings[frozenset({ROUTING, FINE_TUNING})]
    assert sum(shapley(savings).values()) == pytest.approx(joint, abs=1e-6)
    assert sum(in_order(savings).values()) == pytest.approx(joint, abs=1e-6)
    assert joint <= current


def test_three_measures_that_do_not_touch_keep_their_own_saving():
    worth = {"a": 1.0, "b": 2.0, "c": 4.0}
    groups = ["a", "b", "c", "ab", "ac", "bc", "abc"]
    savings = {frozenset(group): sum(worth[name] for name in group) for group in groups}
    assert shapley(savings) == pytest.approx(worth)


def test_a_missing_combination_is_named():
    with pytest.raises(BadInput, match="a with b"):
        shapley({frozenset("a"): 1.0, frozenset("b"): 1.0})
