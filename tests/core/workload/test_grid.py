import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.complexity.scale import LEVERS, NEUTRAL, PIVOT, chance_ok
from core.workload.grid import (
    BIN_WIDTH,
    BINS,
    BOUNDS,
    LOWEST,
    NEUTRAL_PLACES,
    PLACES,
    UNBOUND_PLACES,
    Cuts,
    bin_centres,
    bounds_at,
    chances,
    cuts_by_lever,
    snapped,
    tier_by_place,
)


def test_every_lever_has_all_bins() -> None:
    assert chances(2.0, 1.0).shape == (PLACES,) == (len(BOUNDS) * BINS * len(LEVERS),)
    assert LEVERS[NEUTRAL] == 1.0 and list(LEVERS) == sorted(LEVERS)


def test_with_a_neutral_lever_chances_are_those_of_the_scale() -> None:
    neutral = chances(2.0, 1.5)[NEUTRAL_PLACES]
    assert neutral == pytest.approx(chance_ok(2.0, bin_centres(), 1.5))


def test_a_lever_of_nothing_makes_all_models_equal_and_a_higher_one_sets_them_apart() -> None:
    gain = (chances(4.0, 1.0) - chances(2.0, 1.0))[:UNBOUND_PLACES].reshape(len(LEVERS), BINS)
    at_pivot = gain[:, round((PIVOT - LOWEST) / BIN_WIDTH)]
    assert at_pivot[0] == 0.0
    assert (np.diff(at_pivot) > 0).all()


def test_at_the_pivot_no_lever_changes_anything() -> None:
    by_lever = chances(PIVOT, 1.0)[:UNBOUND_PLACES].reshape(len(LEVERS), BINS)
    assert np.ptp(by_lever, axis=0).max() == 0.0


def test_many_abilities_and_harder_futures_at_once() -> None:
    used = np.array([5, BINS * NEUTRAL + 250])
    found = chances(np.array([1.0, 2.0]), 0.0, used, harder_by=np.array([0.0, 0.5]))
    assert found.shape == (2, 2)
    difficulty = LOWEST + BIN_WIDTH * 250.5  # 2.02
    expected = [1 / (1 + math.exp(difficulty - 1)), 1 / (1 + math.exp(difficulty + 0.5 - 2))]
    assert found[:, 1] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("cuts", "counts"),
    [
        ((-math.inf, -math.inf), [0, 0, BINS]),
        ((math.inf, math.inf), [BINS, 0, 0]),
        ((-math.inf, math.inf), [0, BINS, 0]),
        ((0.0, 4.0), [200, 100, 100]),
    ],
)
def test_every_place_has_one_tier(cuts: tuple[float, float], counts: list[int]) -> None:
    all_cuts: Cuts = (cuts,) * len(LEVERS)
    found = tier_by_place(all_cuts)[NEUTRAL_PLACES]
    assert np.bincount(found, minlength=3).tolist() == counts


def test_a_harder_log_moves_queries_up() -> None:
    all_cuts: Cuts = ((0.0, 4.0),) * len(LEVERS)
    easier, harder = (tier_by_place(all_cuts, by)[:UNBOUND_PLACES] for by in (-1.0, 1.0))
    assert np.bincount(easier, minlength=3).tolist() == [225 * 8, 100 * 8, 75 * 8]
    assert np.bincount(harder, minlength=3).tolist() == [175 * 8, 100 * 8, 125 * 8]


def test_cuts_lie_on_borders_so_that_no_bin_is_split() -> None:
    for cuts in cuts_by_lever((1.0, 2.5, 4.0), 1.0, (0.05, 0.05)):
        for cut in cuts:
            steps = (cut - LOWEST) / BIN_WIDTH
            assert math.isinf(cut) or steps == pytest.approx(round(steps))
    assert math.isinf(snapped(-math.inf))


def test_where_a_stronger_model_matters_less_fewer_queries_go_up() -> None:
    tiers = tier_by_place(cuts_by_lever((2.0, 3.0, 4.0), 1.0, (0.05, 0.05)))
    simple = (tiers[:UNBOUND_PLACES].reshape(len(LEVERS), BINS) == 0).sum(axis=1)
    assert simple[0] == BINS
    assert (simple[1:NEUTRAL] >= simple[NEUTRAL]).all()


@given(st.floats(0.5, 5), st.floats(0.01, 2), st.sampled_from(range(PLACES)))
def test_a_stronger_model_never_does_worse(ability: float, more: float, place: int) -> None:
    weak, strong = chances(np.array([ability, ability + more]), 1.0, np.array([place]))[:, 0]
    assert weak <= strong


def test_rules_leave_only_the_tiers_between_their_bounds() -> None:
    found = tier_by_place(((0.0, 4.0),) * len(LEVERS)).reshape(len(BOUNDS), UNBOUND_PLACES)
    for (low, high), tiers in zip(BOUNDS, found, strict=True):
        assert (tiers == np.clip(found[0], low, high)).all()
    lows, highs = bounds_at(np.arange(PLACES))
    assert set(zip(lows.tolist(), highs.tolist(), strict=True)) == set(BOUNDS)
