from dataclasses import replace

import numpy as np
import pytest

from core.complexity.learned import Learned, Signs, Usual
from core.complexity.pooling import Evidence, learn
from core.complexity.scale import LEVERS, NEUTRAL, chance_ok, levered
from core.errors import BadInput

SPREAD, LEVEL_SD = 1.0, 1.5
USUAL = Usual((0.0, 1.0), (5.0, 1.0))
WEAK, STRONG = 0.0, 2.0


def evidence(
    n: int,
    *,
    seed: int = 0,
    shift: tuple[float, ...] = (0.0, 0.0),
    gain: tuple[float, ...] = (1.0, 1.0),
) -> Evidence:
    """Paired outcomes of n queries in two segments, drawn with those shifts and levers."""
    dice = np.random.default_rng(seed)
    segment = dice.integers(0, 2, n)
    difficulty = dice.normal(0, 1, n)
    true = difficulty + np.array(shift)[segment]
    about = (WEAK + STRONG) / 2
    scores = [
        dice.random(n) < chance_ok(about + np.array(gain)[segment] * (theta - about), true, SPREAD)
        for theta in (WEAK, STRONG)
    ]
    return Evidence(
        query=np.repeat(np.arange(n), 2),
        model=np.tile([0, 1], n),
        score=np.stack(scores, axis=1).astype(float).ravel(),
        weight=np.ones(2 * n),
        signs=Signs(segment, difficulty, dice.normal(5, 1, n), np.zeros((n, 0))),
        segments=("easy", "hard"),
        models=("weak", "strong"),
        ability=np.array([WEAK, STRONG]),
        ability_sd=np.array([0.5, 0.5]),
    )


def seen(segment: np.ndarray, difficulty: np.ndarray, length: np.ndarray) -> Signs:
    return Signs(segment, difficulty, length, np.zeros((len(difficulty), 0)))


def taught(found: Evidence) -> Learned:
    return learn(found, USUAL, spread=SPREAD, level_sd=LEVEL_SD)


def gains(learned: Learned, segment: int, difficulty: float = 0.0) -> float:
    d, lever = learned.place(seen(np.array([segment]), np.array([difficulty]), np.array([5.0])))
    weak, strong = (m.ability for m in learned.models)
    k = np.array(LEVERS)[lever]
    return float(
        (chance_ok(levered(strong, k), d, SPREAD) - chance_ok(levered(weak, k), d, SPREAD))[0]
    )


def test_without_outcomes_nothing_changes() -> None:
    none = evidence(3)
    nothing = replace(none, weight=np.full(6, 1e-9))
    learned = learn(nothing, USUAL, spread=SPREAD, level_sd=LEVEL_SD)
    d, lever = learned.place(
        seen(np.array([0, 1, -1]), np.array([-1.0, 0.0, 2.0]), np.full(3, 5.0))
    )
    assert d == pytest.approx([-1.0, 0.0, 2.0], abs=1e-3)
    assert lever.tolist() == [NEUTRAL] * 3
    assert learned.level_sd == pytest.approx(LEVEL_SD, rel=0.2)


def test_outcomes_find_the_harder_segment_and_the_one_that_gains() -> None:
    learned = taught(evidence(1_500, shift=(-1.0, 1.0), gain=(0.25, 2.0)))
    d, lever = learned.place(seen(np.array([0, 1]), np.zeros(2), np.full(2, 5.0)))
    halfway = levered((WEAK + STRONG) / 2, np.array(LEVERS)[lever]) - d
    assert halfway[0] - halfway[1] > 1.0
    assert gains(learned, 0) < 0.2 < 0.4 < gains(learned, 1)
    assert learned.level_sd < 0.5 and learned.enough


def test_a_few_outcomes_move_a_segment_a_little_and_many_a_lot() -> None:
    moved = []
    for n in (10, 60, 1_000):
        learned = taught(evidence(n, seed=2, shift=(-1.5, 1.5)))
        d, _ = learned.place(seen(np.array([0, 1]), np.zeros(2), np.full(2, 5.0)))
        moved.append(float(d[1] - d[0]))
    assert 0 <= moved[0] < moved[1] < moved[2]
    assert moved[0] < 1.5 and moved[2] > 2.2


def test_models_that_nobody_knows_are_told_apart_first() -> None:
    """Equal abilities beforehand, and the segment that gains is found all the same."""
    found = evidence(1_500, gain=(0.25, 2.0))
    learned = taught(replace(found, ability=np.array([2.0, 2.0]), ability_sd=np.array([2.0, 2.0])))
    assert learned.models[1].ability - learned.models[0].ability > 1.0
    assert gains(learned, 0) < gains(learned, 1)


def test_a_lone_query_never_moves_by_itself() -> None:
    """Two queries that are read alike in one segment stay together, whatever their outcomes."""
    learned = taught(evidence(200))
    d, lever = learned.place(seen(np.zeros(2, dtype=int), np.full(2, 0.3), np.full(2, 5.0)))
    assert d[0] == d[1] and lever[0] == lever[1]


def test_what_differs_by_topic_inside_a_segment_is_found() -> None:
    """Half of the queries have the topic, and those alone gain; the segments say nothing."""
    found = evidence(1_500, seed=5)
    dice = np.random.default_rng(6)
    topics = dice.choice([-1.0, 1.0], (1_500, 2))
    theta = np.where(found.model == 0, WEAK, STRONG)
    lever = np.where(topics[found.query, 0] > 0, 2.0, 0.25)
    about = (WEAK + STRONG) / 2
    chance = chance_ok(about + lever * (theta - about), found.signs.difficulty[found.query], SPREAD)
    scores = (dice.random(3_000) < chance).astype(float)
    learned = taught(replace(found, signs=replace(found.signs, topics=topics), score=scores))
    probes = Signs(np.zeros(2, int), np.zeros(2), np.full(2, 5.0), np.array([[1.0, 0], [-1.0, 0]]))
    _, lever_found = learned.place(probes)
    assert lever_found[0] > lever_found[1]
    again = Learned.from_json(learned.to_json())
    assert again == learned and again.place(probes)[1].tolist() == lever_found.tolist()


def test_wrong_labels_do_no_more_harm_than_the_noise_of_a_draw() -> None:
    """Of a log where nothing is to be learned, flipped labels teach little."""
    shifts = []
    for seed in range(5):
        found = evidence(300, seed=seed)
        flip = np.random.default_rng(seed).random(600) < 0.2
        wrong = replace(found, score=np.where(flip, 1 - found.score, found.score))
        learned = taught(wrong)
        d, _ = learned.place(seen(np.array([0, 1]), np.zeros(2), np.full(2, 5.0)))
        shifts.append(abs(d[1] - d[0]))
    assert np.mean(shifts) < 0.4


def test_weak_answers_alone_and_fractions_are_taken() -> None:
    found = evidence(100)
    half = found.model == 0
    lone = replace(
        found, query=found.query[half], model=found.model[half],
        score=np.full(half.sum(), 0.5), weight=found.weight[half],
    )  # fmt: skip
    learned = taught(lone)
    assert learned.paired == 0 and not learned.enough
    assert [m.answers for m in learned.models] == [100, 0]


def test_a_query_of_an_unknown_segment_gets_what_the_whole_log_taught() -> None:
    learned = taught(evidence(800, shift=(1.0, 1.0)))
    d, _ = learned.place(seen(np.array([-1]), np.zeros(1), np.full(1, 5.0)))
    weak, strong = (m.ability for m in learned.models)
    assert d[0] - (weak + strong) / 2 == pytest.approx(1.0 - 1.0, abs=0.35)


def test_an_unseen_models_ability_is_found_from_fifty_answers() -> None:
    found = evidence(400, seed=4)
    dice = np.random.default_rng(9)
    rows = dice.permutation(400)[:50]
    truth = 1.4
    ok = dice.random(50) < chance_ok(truth, found.signs.difficulty[rows], SPREAD)
    more = replace(
        found,
        query=np.concatenate([found.query, rows]),
        model=np.concatenate([found.model, np.full(50, 2)]),
        score=np.concatenate([found.score, ok.astype(float)]),
        weight=np.ones(len(found.query) + 50),
        models=("weak", "strong", "new"),
        ability=np.array([WEAK, STRONG, 0.0]),
        ability_sd=np.array([0.5, 0.5, 2.0]),
    )
    learned = taught(more)
    weak, strong, new = (m.ability for m in learned.models)
    assert (new - weak) / (strong - weak) == pytest.approx(0.7, abs=0.3)
    assert weak < new < strong


def test_what_was_learned_survives_a_file() -> None:
    learned = taught(evidence(50))
    again = Learned.from_json(learned.to_json())
    assert again == learned and again.digest == learned.digest
    with pytest.raises(BadInput):
        Learned.from_json('{"shift": 1}')


def test_ranges_of_a_segments_gain_hold_the_truth_and_narrow() -> None:
    widths = []
    for n in (50, 2_000):
        found = evidence(n, seed=3, gain=(0.25, 2.0))
        learned = taught(found)
        d, length = found.signs.difficulty, found.signs.length
        first, second = learned.gains(
            seen(found.signs.segment, d, length), (WEAK, 0.1), (STRONG, 0.1)
        )
        assert (first.segment, second.segment) == ("easy", "hard")
        widths.append(second.high - second.low)
        assert second.low <= second.gain <= second.high
    assert widths[1] < widths[0]
    assert first.high < second.low
