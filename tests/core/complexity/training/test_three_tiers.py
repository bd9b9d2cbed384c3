import numpy as np
import pytest

from core.complexity.metrics import upper_hull
from core.complexity.scale import chance_ok
from core.complexity.training.three_tiers import ability_from, cost_apgr, three_tiers

USD = np.array([0.0003, 0.0011, 0.0055])
QUALITY = np.array([0.70, 0.80, 0.85])


def test_the_worked_example_gives_its_figures():
    policy = np.array([0.0003, 0.0010, 0.0020, 0.0055]), np.array([0.70, 0.80, 0.84, 0.85])
    hull = upper_hull(USD, QUALITY)
    line = USD[hull], QUALITY[hull]
    assert cost_apgr(*policy) == pytest.approx(0.84936, abs=1e-5)
    assert cost_apgr(*line) == pytest.approx(0.75641, abs=1e-5)
    assert np.interp(0.0020, *line) == pytest.approx(0.81023, abs=1e-5)
    assert 0.80 - np.interp(0.0010, *line) == pytest.approx(0.01250, abs=1e-5)


def world(n: int = 3_000):
    dice = np.random.default_rng(2)
    difficulty = dice.normal(0.0, 1.5, n)
    chances = [chance_ok(theta, difficulty, 0.5) for theta in (0.0, 1.0, 2.5)]
    score = (dice.random((n, 1)) < np.column_stack(chances)).astype(float)
    return difficulty, score


def test_the_true_difficulty_beats_the_mixing_line_and_noise_does_not():
    difficulty, score = world()
    noise = np.random.default_rng(3).random(len(difficulty))
    found = three_tiers(
        difficulty, 0.5, score, USD, 0.5, {"random": noise, "same": difficulty}, seed=0
    )
    assert found is not None and found.n == len(difficulty) - 50
    assert found.lift["text"] > 0.02 > abs(found.lift["random"])
    assert found.lift["same"] == pytest.approx(found.lift["text"])
    assert found.too_low == pytest.approx(found.too_high, abs=0.25)
    assert found.too_low < found.by_chance
    assert found.oracle >= max(found.alone)


def test_nothing_is_said_where_the_dear_tier_is_no_better_or_no_dearer():
    difficulty, score = world(500)
    assert three_tiers(difficulty, 0.5, score[:, ::-1], USD, 0.5, {}, seed=0) is None
    assert three_tiers(difficulty, 0.5, score, USD[[0, 2, 1]], 0.5, {}, seed=0) is None
    assert three_tiers(difficulty[:40], 0.5, score[:40], USD, 0.5, {}, seed=0) is None


def test_an_ability_is_found_from_what_it_answered():
    difficulty = np.random.default_rng(4).normal(0, 1, 4_000)
    ok = np.random.default_rng(5).random(4_000) < chance_ok(0.7, difficulty, 1.0)
    assert ability_from(ok.astype(float), difficulty, 1.0) == pytest.approx(0.7, abs=0.15)
    assert np.isfinite(ability_from(np.ones(50), difficulty[:50], 1.0))
