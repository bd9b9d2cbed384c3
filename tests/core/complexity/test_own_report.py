import numpy as np
import pyarrow as pa
import pytest

from core.complexity.learned import Signs, Usual
from core.complexity.own_report import PairedLog, learning_curve, own_report
from core.complexity.scale import chance_ok
from core.errors import BadInput

GAINS = np.array([0.1, 0.5, 1.0, 2.5])  # logits either way, by segment


def paired(n: int = 1_200, *, seed: int = 0, known: tuple[float, float] = (0.0, 2.0)) -> PairedLog:
    """A log of four segments whose queries gain more and more; reading says nothing of it."""
    dice = np.random.default_rng(seed)
    segment, difficulty = dice.integers(0, 4, n), dice.normal(0, 0.5, n)
    draw = dice.random((2, n))
    scores = [
        (draw[i] < chance_ok(1.0 + side * GAINS[segment], difficulty, 1.0)).astype(float)
        for i, side in enumerate((-1, 1))
    ]
    return PairedLog(
        texts=pa.array([f"question {i}" for i in range(n)]),
        group=np.arange(n),
        signs=Signs(segment, difficulty, dice.normal(4, 1, n), np.zeros((n, 0))),
        usual=Usual((0.0, 0.5), (4.0, 1.0)),
        segments=("a", "b", "c", "d"),
        weak=scores[0],
        strong=scores[1],
        models=("small", "large"),
        ability=known,
        ability_sd=(1.5, 1.5),
        spread=1.0,
        level_sd=1.5,
    )


@pytest.fixture(scope="module")
def report():
    return own_report(paired(), draws=60)


def test_what_outcomes_teach_beats_the_reading_and_length(report):
    assert report.learned.apgr > 0.6
    assert report.learned.intervals["apgr_minus_read"][0] > 0
    assert report.learned.intervals["apgr_minus_length"][0] > 0
    assert report.controls["oracle"].apgr > report.learned.apgr
    assert report.controls["segments"].apgr == pytest.approx(report.learned.apgr, abs=0.05)
    assert report.controls["random"].apgr == pytest.approx(0.5, abs=0.03)


def test_its_chances_are_better_than_a_constant(report):
    assert report.stated.answers == report.n == 1_200
    assert report.stated.brier < report.stated.brier_constant
    assert report.stated.ece < 0.08


def test_at_the_usual_tolerance_it_lifts_quality_over_a_fixed_split(report):
    assert 0 < report.strong_share <= 1
    assert report.lift >= 0
    assert report.too_low <= report.by_chance[0] + 1e-9


def test_models_of_which_nothing_is_known_can_be_told_apart_too():
    """Two unknown models start with the same ability, and that one gains is still learned."""
    report = own_report(paired(known=(2.0, 2.0)), draws=20)
    assert report.learned.apgr > 0.6


def test_more_labels_teach_more_and_wrong_ones_do_no_harm_beyond_chance():
    log = paired(3_000, seed=1)
    few, many = learning_curve(log, [50, 1_000], draws=6)
    assert 0.5 < few.apgr < many.apgr and few.apgr_sd > many.apgr_sd
    assert many.brier < many.brier_constant and many.ece < 0.05
    (wrong,) = learning_curve(log, [200], draws=6, flipped=0.2)
    assert wrong.apgr > 0.5 - 0.02


def test_equal_texts_are_never_on_both_sides():
    from core.complexity.own_report import FOLDS, _folds

    group = np.repeat(np.arange(40), 3)
    folds = _folds(group, 0)
    assert set(folds.tolist()) == set(range(FOLDS))
    assert all(len(set(folds[group == g])) == 1 for g in range(40))


def test_too_few_pairs_are_refused():
    with pytest.raises(BadInput, match="only 20 queries have outcomes of both small and large"):
        own_report(paired(20))
