import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.complexity.category import categorize, cut_points
from core.complexity.scale import chance_ok
from core.errors import BadInput

ability = st.floats(-3, 6)
tolerance = st.floats(0.001, 0.6)


def gain(low: float, high: float, d: float, spread: float) -> float:
    return float(chance_ok(high, d, spread) - chance_ok(low, d, spread))


FIVE = (0.05, 0.05)


def test_at_a_cut_the_stronger_tier_gains_exactly_the_tolerance():
    first, second = cut_points((1.0, 2.0, 3.5), 1.5, (0.05, 0.08))
    assert gain(1.0, 2.0, first, 1.5) == pytest.approx(0.05)
    assert gain(2.0, 3.5, second, 1.5) == pytest.approx(0.08)


def test_cuts_agree_with_a_search_on_a_fine_grid():
    grid = np.linspace(-12, 8, 200_001)
    first, second = cut_points((1.0, 2.2, 3.0), 1.2, (0.05, 0.03))
    for low, high, share, cut in ((1.0, 2.2, 0.05, first), (2.2, 3.0, 0.03, second)):
        gains = chance_ok(high, grid, 1.2) - chance_ok(low, grid, 1.2)
        assert cut == pytest.approx(grid[np.argmax(gains > share)], abs=2e-4)


@given(st.tuples(ability, ability, ability), st.floats(0, 3), tolerance, tolerance, st.floats(1, 3))
def test_a_larger_tolerance_never_lowers_a_cut(abilities, spread, first, second, factor):
    before = cut_points(abilities, spread, (first, second))
    wider = (min(first * factor, 1.0), min(second * factor, 1.0))
    after = cut_points(abilities, spread, wider)
    assert after[0] >= before[0] - 1e-9
    assert after[1] >= before[1] - 1e-9


@given(st.tuples(ability, ability, ability), st.floats(0, 3), tolerance, tolerance)
def test_the_medium_cut_never_lies_above_the_complex_one(abilities, spread, first, second):
    low, high = cut_points(abilities, spread, (first, second))
    assert low <= high


def test_a_tier_that_adds_too_little_is_never_used():
    assert cut_points((2.0, 2.05, 2.1), 1.5, FIVE) == (math.inf, math.inf)
    assert cut_points((2.0, 1.0, 1.5), 1.5, FIVE) == (math.inf, math.inf)


def test_zero_tolerance_always_takes_the_stronger_tier():
    assert cut_points((0.0, 1.0, 2.0), 1.0, (0.0, 0.0)) == (-math.inf, -math.inf)


def test_a_tolerance_that_is_no_share_is_refused():
    with pytest.raises(BadInput, match=r"tolerance of 5\."):
        cut_points((0.0, 1.0, 2.0), 1.0, (5, 0.05))


def test_queries_fall_between_the_cuts_and_the_hardest_stay_complex():
    tiers = categorize([-9.0, 0.0, 0.5, 1.0, 99.0], (0.0, 1.0))
    assert tiers.tolist() == [0, 0, 1, 1, 2]
    assert tiers.dtype == np.int8
