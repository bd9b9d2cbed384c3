import numpy as np
import pytest

from core.complexity.comparison import Sides, figures, random_figures, segment_gains


def sides(n: int = 2_000) -> tuple[Sides, np.ndarray]:
    dice = np.random.default_rng(1)
    gains = dice.random(n) < 0.3
    weak = (~gains & (dice.random(n) < 0.8)).astype(float)
    strong = np.maximum(weak, gains)
    return Sides(weak, strong, weak >= 0.5, draws=50, seed=0), gains.astype(float)


def test_who_gains_is_the_best_order_and_its_lead_is_paired():
    both, gains = sides()
    noise = np.random.default_rng(2).random(len(both))
    found = figures(gains, both, {"noise": noise})
    assert found.apgr == pytest.approx(1 - 0.3 / 2, abs=0.03)
    low, high = found.intervals["apgr_minus_noise"]
    assert 0.2 < low < high < 0.5
    assert found.apgr_interval is not None and found.apgr_interval[0] < found.apgr


def test_random_orders_reach_a_half():
    both, _ = sides()
    found = random_figures(both)
    assert found.apgr == pytest.approx(0.5, abs=0.02)
    assert found.cpt50 == pytest.approx(50.0, abs=3)
    low, high = found.apgr_interval
    assert low < 0.5 < high


def test_nothing_is_said_where_the_strong_side_is_not_better():
    both, gains = sides()
    same = Sides(both.weak, both.weak, both.cheap_passes, 50, 0)
    assert figures(gains, same).apgr is None and random_figures(same).apgr is None
    assert figures(gains, same).auc is not None


def test_segments_that_differ_are_trusted_and_others_are_not():
    dice = np.random.default_rng(3)
    segment = dice.integers(0, 4, 4_000)
    real = (dice.random(4_000) < np.array([0.1, 0.2, 0.4, 0.6])[segment]).astype(float)
    found = segment_gains(segment, real)
    assert [found[segment == s].mean() for s in range(4)] == pytest.approx(
        [0.1, 0.2, 0.4, 0.6], abs=0.04
    )
    none = segment_gains(segment, dice.random(4_000))
    assert np.ptp(none) < 0.06
