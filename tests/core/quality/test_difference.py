import numpy as np
import pytest

from core.quality.difference import paired_difference
from core.quality.judge_error import JudgeLabels

SHARP = JudgeLabels(good=10_000, good_passed=10_000, bad=10_000, bad_passed=0)
NOBODY = np.zeros(400, dtype=bool)
EVEN = np.ones(400)


def drawn(seed: int, worse: float) -> tuple[np.ndarray, np.ndarray]:
    """Two models on the same queries; the first fails in `worse` more of them."""
    dice = np.random.default_rng(seed)
    other = dice.random(400) < 0.7
    return (other & (dice.random(400) >= worse / 0.7)).astype(float), other.astype(float)


def test_what_is_hard_for_both_drops_out() -> None:
    one, other = drawn(1, 0.05)
    found = paired_difference((one, NOBODY), (other, NOBODY), EVEN, SHARP)
    assert found.central == pytest.approx((one - other).mean(), abs=0.005)
    apart = 1.645 * np.sqrt(one.var() / 400 + other.var() / 400)
    assert found.high - found.low < 0.6 * 2 * apart  # much surer than two rates by themselves


def test_the_range_is_that_of_the_textbook() -> None:
    one, other = drawn(2, 0.1)
    found = paired_difference((one, NOBODY), (other, NOBODY), EVEN, SHARP)
    error = 1.645 * (one - other).std() / 20
    assert found.high - found.low == pytest.approx(2 * error, rel=0.05)


def test_a_judge_that_errs_shrinks_differences_and_that_is_taken_out() -> None:
    one, other = drawn(3, 0.2)
    dice = np.random.default_rng(4)
    known = JudgeLabels(good=10_000, good_passed=9_000, bad=10_000, bad_passed=3_000)

    def judged(truth: np.ndarray) -> np.ndarray:
        return np.where(truth > 0, dice.random(400) < 0.9, dice.random(400) < 0.3).astype(float)

    seen = judged(one), judged(other)
    found = paired_difference((seen[0], NOBODY), (seen[1], NOBODY), EVEN, known)
    assert abs(found.central) > 1.5 * abs((seen[0] - seen[1]).mean())
    assert found.low < (one - other).mean() < found.high


def test_what_people_judged_counts_as_it_is() -> None:
    one, other = drawn(5, 0.1)
    found = paired_difference((one, ~NOBODY), (other, ~NOBODY), EVEN, JudgeLabels())
    assert found.central == pytest.approx((one - other).mean(), abs=0.005)


def test_weights_count() -> None:
    one, other = drawn(6, 0.1)
    weight = np.where(one < other, 10.0, 1.0)
    found = paired_difference((one, NOBODY), (other, NOBODY), weight, SHARP)
    assert found.central == pytest.approx(((one - other) @ weight) / weight.sum(), abs=0.02)


def test_a_judge_who_tosses_a_coin_proves_nothing() -> None:
    one, other = drawn(7, 0.1)
    coin = JudgeLabels(good=1_000, good_passed=500, bad=1_000, bad_passed=500)
    found = paired_difference((one, NOBODY), (other, NOBODY), EVEN, coin)
    assert (found.low, found.high) == (-1.0, 1.0)


@pytest.fixture
def fewer_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the usual bootstrap: enough where hundreds of ranges are judged together."""
    for module in ("difference", "judge_error"):
        monkeypatch.setattr(f"core.quality.{module}.DRAWS", 400)


@pytest.mark.usefixtures("fewer_draws")
def test_the_range_holds_the_truth_as_often_as_it_says() -> None:
    held = 0
    for seed in range(200):
        one, other = drawn(1_000 + seed, 0.08)
        found = paired_difference((one, NOBODY), (other, NOBODY), EVEN, SHARP)
        held += found.low <= -0.08 <= found.high
    assert 0.85 <= held / 200 <= 0.95


@pytest.mark.usefixtures("fewer_draws")
@pytest.mark.parametrize("part", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("rate", [0.6, 0.9])
def test_people_who_judged_one_side_only_do_not_tilt_it(part: float, rate: float) -> None:
    known = JudgeLabels(good=10_000, good_passed=9_000, bad=10_000, bad_passed=3_000)
    found = []
    for seed in range(30):
        dice = np.random.default_rng(seed)
        one, other = dice.random(400) < rate, dice.random(400) < 0.9
        seen = [np.where(truth, dice.random(400) < 0.9, dice.random(400) < 0.3)
                for truth in (one, other)]  # fmt: skip
        people = dice.random(400) < part
        first = np.where(people, one, seen[0]).astype(float)
        found.append(
            paired_difference((first, people), (seen[1].astype(float), NOBODY), EVEN, known).central
        )
    assert np.mean(found) == pytest.approx(rate - 0.9, abs=0.02)
