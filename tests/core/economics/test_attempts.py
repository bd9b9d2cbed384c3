import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics import attempts
from core.errors import BadInput


def test_cost_per_task_matches_the_worked_case_for_every_cap(golden):
    case = golden["G2_retries"]
    c, r, tasks = (case["in"][key] for key in ("c", "r", "tasks"))
    for cap, key in ((0, "K0"), (1, "K1"), (2, "K2"), (3, "K3"), (None, "Kinf")):
        cost = attempts.cost_per_task_usd(c, r, cap) * tasks
        assert cost == pytest.approx(float(case["expect"][key]), abs=0.005)


@given(
    r=st.floats(0, 0.99),
    cap=st.integers(0, 40),
    attempt_usd=st.floats(1e-6, 10),
)
def test_cost_per_success_is_the_same_under_every_retry_cap(r, cap, attempt_usd):
    expected = attempt_usd / (1 - r)
    assert attempts.cost_per_success_usd(attempt_usd, r, cap) == pytest.approx(expected)
    assert attempts.cost_per_success_usd(attempt_usd, r, None) == pytest.approx(expected)


def test_mean_attempts_agree_with_playing_the_retries():
    random = np.random.default_rng(3)
    r, cap, tasks = 0.35, 2, 200_000
    fails = random.random((tasks, cap)) < r
    played = 1 + fails[:, 0] + (fails[:, 0] & fails[:, 1])
    assert attempts.expected_attempts(r, cap) == pytest.approx(played.mean(), abs=0.01)


def test_when_every_attempt_fails_a_cap_bounds_the_cost_and_no_success_has_a_price():
    assert attempts.expected_attempts(1.0, 2) == 3
    assert attempts.cost_per_success_usd(0.01, 1.0, 2) is None
    with pytest.raises(BadInput, match="every attempt fails"):
        attempts.expected_attempts(1.0, None)


@pytest.mark.parametrize("chance", [-0.1, 1.1, float("nan")])
def test_a_repeat_chance_outside_0_to_1_is_refused(chance):
    with pytest.raises(BadInput, match="repeat chance"):
        attempts.expected_attempts(chance, 2)


def test_a_negative_cap_is_refused():
    with pytest.raises(BadInput, match="retry cap is -1"):
        attempts.expected_attempts(0.1, -1)


def test_a_gain_in_accuracy_lowers_cost_per_success_as_in_the_worked_case(golden):
    case = golden["G14_accuracy_retries"]
    acc, c, tasks = (case["in"][key] for key in ("acc", "c", "tasks"))
    for gain, key in ((0.0, "base"), (0.2, "rel20"), (0.4, "rel40")):
        after = attempts.accuracy_after(acc, gain, "relative")
        cost = attempts.cost_per_success_usd(c, 1 - after, None) * tasks
        assert cost == pytest.approx(float(case["expect"][key]), abs=0.005)
    expect = case["expect"]
    for gain, key in ((0.2, "max_base_for_rel20"), (0.4, "max_base_for_rel40")):
        largest = attempts.largest_base_for_relative_gain(gain)
        assert largest == pytest.approx(expect[key], abs=1e-6)
        assert attempts.accuracy_after(largest, gain, "relative") == pytest.approx(1)


@pytest.mark.parametrize(
    ("accuracy", "gain", "kind", "bound"),
    [
        (0.9, 0.2, "relative", "at most 11.11% relative"),
        (0.72, 0.4, "relative", "at most 38.89% relative"),
        (0.85, 0.2, "points", "at most 15 points"),
        (0.02, -0.03, "points", "at least -2 points"),
    ],
)
def test_an_impossible_gain_is_refused_naming_the_bound(accuracy, gain, kind, bound):
    with pytest.raises(BadInput, match=bound):
        attempts.accuracy_after(accuracy, gain, kind)


@given(st.floats(0.05, 1), st.floats(0, 1), st.integers(0, 5))
def test_a_better_model_is_never_retried_more(accuracy, part, cap):
    gain = part * (1 - accuracy)
    assert attempts.retry_factor(accuracy, gain, "points", cap) <= 1 + 1e-12


def test_many_futures_at_once_agree_with_one_at_a_time():
    gains = np.array([-0.05, 0.0, 0.1])
    together = attempts.retry_factor(0.7, gains, "points", 2)
    assert together == pytest.approx(
        [attempts.retry_factor(0.7, float(gain), "points", 2) for gain in gains]
    )
