import numpy as np
import pytest

from core.complexity.scale import chance_ok, flattening


def test_an_ability_equal_to_the_difficulty_gives_an_even_chance():
    assert chance_ok(1.3, 1.3, 2.0) == pytest.approx(0.5)


def test_the_flattened_logistic_is_close_to_averaging_over_the_spread():
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    for gap in (-3.0, -1.0, 0.5, 2.0):
        exact = np.sum(weights / (1 + np.exp(-(gap - 1.6 * nodes)))) / weights.sum()
        assert chance_ok(gap, 0.0, 1.6) == pytest.approx(exact, abs=0.02)


def test_no_spread_flattens_nothing():
    assert flattening(0.0) == 1.0
