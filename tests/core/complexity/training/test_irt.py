import numpy as np
import pytest

from core.complexity.training.irt import ABILITY_PRIOR_SD, LEVEL_PRIOR_SD, fit_rasch


def answers(levels, abilities, *, each=200, wobble=0.0, seed=0):
    """Everything about an invented exam: indices, results, and the true difficulties."""
    random = np.random.default_rng(seed)
    unit = np.repeat(np.arange(len(levels)), each)
    difficulty = np.array(levels)[unit] + random.normal(0, 1.2, len(unit))
    shift = random.normal(0, 1, (len(abilities), len(levels))) * wobble
    query = np.repeat(np.arange(len(unit)), len(abilities))
    model = np.tile(np.arange(len(abilities)), len(unit))
    margin = np.array(abilities)[model] + shift[model, unit[query]] - difficulty[query]
    passed = random.random(len(query)) < 1 / (1 + np.exp(-margin))
    return (query, model, passed, unit), difficulty


def test_known_abilities_levels_and_difficulties_come_back():
    abilities, levels = np.linspace(-2, 2, 14), [-1.0, 0.5, 1.0]
    data, difficulty = answers(levels, abilities)
    fit = fit_rasch(*data)
    # Only differences are identified. The mode pulls them a little toward the middle.
    slope, _ = np.polyfit(abilities, fit.ability, 1)
    assert 0.85 < slope < 1.1
    assert np.corrcoef(abilities, fit.ability)[0, 1] > 0.99
    found = fit.level - fit.level.mean()
    assert found == pytest.approx(np.array(levels) - np.mean(levels), abs=0.3)
    read = fit.level[data[3]] + fit.deviation
    assert np.corrcoef(read, difficulty)[0, 1] > 0.85
    assert fit.deviation_sd == pytest.approx(1.2, abs=0.2)


def test_abilities_that_vary_by_unit_are_reported_as_less_certain():
    abilities, levels = np.linspace(-1, 1, 10), [0.0] * 6
    steady = fit_rasch(*answers(levels, abilities, each=80)[0])
    moody = fit_rasch(*answers(levels, abilities, each=80, wobble=1.0)[0])
    assert moody.wobble_sd == pytest.approx(1.0, abs=0.3)
    assert steady.wobble_sd < 0.35
    assert moody.ability_sd.mean() > steady.ability_sd.mean()


def test_the_estimate_is_the_top_of_the_posterior():
    data, _ = answers([0.0, 1.0], [-1.0, 0.0, 1.0], each=15)
    query, model, passed, unit = data
    fit = fit_rasch(*data, rounds=1, deviation_sd=1.0, wobble_sd=0.001)

    def posterior(ability, level, deviation):
        margin = ability[model] - level[unit[query]] - deviation[query]
        likelihood = np.sum(np.where(passed, -np.log1p(np.exp(-margin)), -np.log1p(np.exp(margin))))
        prior = np.sum((ability / ABILITY_PRIOR_SD) ** 2) + np.sum((level / LEVEL_PRIOR_SD) ** 2)
        return likelihood - 0.5 * (prior + np.sum(deviation**2))

    best = posterior(fit.ability, fit.level, fit.deviation)
    random = np.random.default_rng(1)
    for size in (0.05, 0.2):
        for _ in range(20):
            moved = [
                x + random.normal(0, size, x.shape) for x in (fit.ability, fit.level, fit.deviation)
            ]
            assert posterior(*moved) < best + 1e-4


def test_all_right_and_all_wrong_stay_finite():
    query, model = np.repeat([0, 1], 2), np.array([0, 1, 0, 1])
    fit = fit_rasch(query, model, np.array([True, True, False, False]), np.array([0, 0]))
    assert np.all(np.isfinite(fit.deviation))
    assert fit.deviation[0] < 0 < fit.deviation[1]
    assert fit.ability[0] == pytest.approx(fit.ability[1])


def test_the_same_answers_give_the_same_numbers():
    data, _ = answers([0.0], [0.0, 1.0], each=30)
    assert np.array_equal(fit_rasch(*data).deviation, fit_rasch(*data).deviation)
