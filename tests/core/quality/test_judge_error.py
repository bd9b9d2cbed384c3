import numpy as np
import pytest

from core.quality.judge_error import JudgeLabels, true_rate


def test_a_judge_without_error_says_what_is() -> None:
    sharp = JudgeLabels(good=10_000, good_passed=10_000, bad=10_000, bad_passed=0)
    found = true_rate(0.8, 400, sharp)
    assert found.central == pytest.approx(0.8, abs=0.01)
    assert (found.low, found.high) == (
        pytest.approx(0.765, abs=0.01),
        pytest.approx(0.832, abs=0.01),
    )


def test_errors_that_are_known_are_taken_out() -> None:
    # passes 90% of the good and 30% of the bad: of 80% good ones it passes .78
    known = JudgeLabels(good=100_000, good_passed=90_000, bad=100_000, bad_passed=30_000)
    found = true_rate(0.78, 5_000, known)
    assert found.central == pytest.approx(0.8, abs=0.01)


def test_a_judge_who_tosses_a_coin_proves_nothing() -> None:
    coin = JudgeLabels(good=1_000, good_passed=500, bad=1_000, bad_passed=500)
    found = true_rate(0.5, 300, coin)
    assert (found.low, found.high) == (0.0, 1.0)


def test_fewer_labels_leave_a_wider_range() -> None:
    few = JudgeLabels(good=10, good_passed=9, bad=10, bad_passed=3)
    many = JudgeLabels(good=1_000, good_passed=900, bad=1_000, bad_passed=300)
    wide, narrow = true_rate(0.7, 300, few), true_rate(0.7, 300, many)
    assert wide.high - wide.low > 1.3 * (narrow.high - narrow.low)


def test_the_range_holds_the_truth_as_often_as_it_says() -> None:
    """A judge right in 85 of 100 cases, 300 judged queries, 40 answers judged by a person."""
    dice = np.random.default_rng(7)
    held = 0
    for _ in range(200):
        truth = dice.uniform(0.6, 0.97)
        good = dice.random(300) < truth
        passed = good ^ (dice.random(300) > 0.85)
        labelled = dice.random(40) < truth
        said = labelled ^ (dice.random(40) > 0.85)
        labels = JudgeLabels(
            int(labelled.sum()),
            int((labelled & said).sum()),
            int((~labelled).sum()),
            int((~labelled & said).sum()),
        )
        found = true_rate(float(passed.mean()), 300, labels)
        held += found.low <= truth <= found.high
    assert 0.85 <= held / 200 <= 0.97
