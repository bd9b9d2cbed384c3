import numpy as np
import pytest

from core.complexity.rough import RoughReading

ROUGH = RoughReading(
    weights=(0.5, 0.2),
    least_sd=(0.1, 0.4),
    farthest=3.0,
    level=1.0,
    level_sd=2.0,
    residual_sd=1.5,
)


def test_a_usual_request_has_the_level_and_a_larger_one_more_by_its_deviations():
    above = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, -1.0], [2.0, 1.0]])
    # with spreads of 2 and 0.5: one deviation of input is 0.5 logits, two of output are 0.4
    found = ROUGH.difficulty(above, (2.0, 0.5))
    assert found.tolist() == pytest.approx([1.0, 1.5, 0.6, 1.9])


def test_a_size_that_is_not_known_adds_nothing():
    above = np.array([[np.nan, np.nan], [1.0, np.nan], [np.nan, 1.0]])
    assert ROUGH.difficulty(above, (1.0, 1.0)).tolist() == pytest.approx([1.0, 1.5, 1.2])


def test_nothing_is_added_beyond_the_farthest_deviation():
    above = np.array([[3.0, 0.0], [30.0, 0.0], [-30.0, 0.0]])
    assert ROUGH.difficulty(above, (1.0, 1.0)).tolist() == pytest.approx([2.5, 2.5, -0.5])


def test_a_log_whose_sizes_hardly_differ_is_not_blown_up():
    # 0.01 above the usual is one deviation of this log, but a tenth of that of any training set
    above = np.array([[0.01, 0.0]])
    assert ROUGH.difficulty(above, (0.01, 0.0)).tolist() == pytest.approx([1.05])


def test_difficulty_never_falls_with_either_size():
    steps = np.linspace(-5, 5, 41)
    for column in (0, 1):
        above = np.zeros((41, 2))
        above[:, column] = steps
        assert np.all(np.diff(ROUGH.difficulty(above, (1.0, 1.0))) >= 0)
