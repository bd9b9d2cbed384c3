import numpy as np
import pytest

from core.complexity.metrics import (
    Curve,
    apgr,
    auc,
    bootstrap,
    brier,
    calibration_error,
    cpt,
    curve,
    rank_correlation,
    reliability,
    stated,
    upper_hull,
)

GOLDEN = Curve(np.array([0.0, 0.5, 1.0]), np.array([0.60, 0.75, 0.80]))


def test_the_published_example_gives_its_published_figures():
    assert apgr(GOLDEN) == pytest.approx(0.625)
    assert cpt(GOLDEN, 0.2) == pytest.approx(13.3333, abs=1e-3)
    assert cpt(GOLDEN, 0.5) == pytest.approx(33.3333, abs=1e-3)
    assert cpt(GOLDEN, 0.8) == pytest.approx(60.0)


def test_one_score_for_all_is_a_random_split():
    weak, strong = np.array([0.0, 1, 0, 1]), np.array([1.0, 1, 1, 0])
    line = curve(np.zeros(4), weak, strong)
    assert apgr(line) == pytest.approx(0.5)
    assert cpt(line, 0.8) == pytest.approx(80.0)


def test_ties_do_not_depend_on_the_order_of_the_rows():
    random = np.random.default_rng(3)
    score = random.integers(0, 3, 60).astype(float)
    weak, strong = random.random(60), random.random(60) + 0.5
    shuffled = random.permutation(60)
    one = curve(score, weak, strong)
    other = curve(score[shuffled], weak[shuffled], strong[shuffled])
    assert np.allclose(one.quality, other.quality)


def test_sending_the_gains_first_beats_the_whole_gap():
    weak, strong = np.array([0.0, 0, 1, 1]), np.array([1.0, 1, 1, 0])
    line = curve(strong - weak, weak, strong)
    # Quality .5, .75, 1, 1, .75: the trapezoids over the recovered part are 1, 3, 4, 3 halves.
    assert apgr(line) == pytest.approx((0.5 + 1.5 + 2.0 + 1.5) / 4)
    assert cpt(line, 0.8) == pytest.approx(20.0)


def test_cpt_takes_the_first_crossing_of_a_curve_that_falls_again():
    line = Curve(np.array([0, 0.25, 0.5, 1.0]), np.array([0.0, 0.6, 0.2, 1.0]))
    assert cpt(line, 0.5) == pytest.approx(100 * 0.25 * 0.5 / 0.6)


def test_a_strong_model_that_is_no_better_has_no_figures():
    line = curve(np.arange(3.0), np.ones(3), np.ones(3))
    assert apgr(line) is None
    assert cpt(line, 0.5) is None


def test_auc_counts_ties_as_half():
    score, positive = np.array([1.0, 2, 2, 3]), np.array([False, False, True, True])
    assert auc(score, positive) == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert auc(score, np.ones(4, bool)) is None


def test_rank_correlation_is_one_for_any_rising_relation_and_zero_for_a_constant():
    values = np.array([0.1, 2.0, 5.0])
    assert rank_correlation(values, np.exp(values)) == pytest.approx(1.0)
    assert rank_correlation(values, np.ones(3)) == 0.0


def test_calibration_by_hand():
    chance, happened = np.array([0.1, 0.1, 0.9, 1.0]), np.array([False, True, True, True])
    assert brier(chance, happened) == pytest.approx((0.01 + 0.81 + 0.01 + 0) / 4)
    # Bins: |1 - 0.2| of two in the lowest, |2 - 1.9| of two in the highest.
    assert calibration_error(chance, happened) == pytest.approx((0.8 + 0.1) / 4)


def test_the_bootstrap_of_a_mean_is_near_its_normal_interval_and_repeats():
    values = np.random.default_rng(0).normal(size=400)
    interval = bootstrap(lambda rows: float(values[rows].mean()), 400, draws=400, seed=1)
    assert interval is not None
    half = 1.96 * values.std() / 20
    assert interval == pytest.approx((values.mean() - half, values.mean() + half), abs=0.02)
    assert interval == bootstrap(lambda rows: float(values[rows].mean()), 400, draws=400, seed=1)


def test_a_figure_that_is_often_undefined_has_no_interval():
    assert bootstrap(lambda rows: None, 5, draws=20, seed=0) is None


def test_a_reliability_table_holds_every_answer_once():
    chance = np.array([0.05, 0.07, 0.55, 0.95, 1.0])
    happened = np.array([False, True, True, True, True])
    table = reliability(chance, happened)
    assert [(row.answers, row.happened) for row in table] == [(2, 0.5), (1, 1.0), (2, 1.0)]
    assert table[0].stated == pytest.approx(0.06)
    found = stated(chance, happened, np.full(5, 0.8))
    assert found.brier_constant == pytest.approx(0.8**2 / 5 + 4 * 0.2**2 / 5)
    assert found.ece == pytest.approx(calibration_error(chance, happened))


@pytest.mark.parametrize(
    ("cost", "quality", "hull"),
    [
        ([1.0, 2.0, 3.0], [0.5, 0.6, 0.8], [0, 2]),  # the middle lies below the chord
        ([1.0, 2.0, 3.0], [0.5, 0.7, 0.8], [0, 1, 2]),
        ([3.0, 1.0, 1.0], [0.8, 0.5, 0.6], [2, 0]),  # of two that cost the same the better
        ([1.0, 1.0 + 1e-16, 2.0], [0.5, 0.9, 0.8], [1, 2]),
        ([1.0], [0.5], [0]),
    ],
)
def test_the_hull_is_what_random_splits_reach(cost, quality, hull):
    assert upper_hull(np.array(cost), np.array(quality)).tolist() == hull
