"""The classifier measured: on data sets left out of the fit, and on the public benchmark.

Per data set two questions are kept apart. Does the difficulty order the queries so that
the strong model's calls go where they gain (APGR, CPT)? And does it tell which queries the
cheap models answer (AUC, calibration)? Every figure stands beside the controls.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.baselines import keyword_scores, length_scores
from core.complexity.comparison import (
    Figures,
    Sides,
    figures,
    random_figures,
    segment_gains,
)
from core.complexity.metrics import (
    Stated,
    stated,
)
from core.complexity.scale import chance_ok
from core.complexity.training.ladder import Ladder, read_ladders
from core.complexity.training.outcomes import (
    CountTokens,
    Outcomes,
    about_tokens,
    pass_score,
    read_benchmark,
    read_training,
)
from core.complexity.training.own_traffic import ALL, OwnTraffic, own_traffic
from core.complexity.training.rough_fit import size_scores
from core.complexity.training.three_tiers import ThreeTiers, three_tiers
from core.complexity.training.train import Lesson, learn
from core.complexity.training.unseen import Unseen, unseen_models

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

DRAWS_PER_CURVE: Final = 20  # one random draw of labels for so many bootstrap samples


@dataclass(frozen=True)
class DatasetReport:
    """One data set: what the text's difficulty reaches, beside the controls.

    The qualities are those of each side for everything. `stated` is None where no cheap model
    was measured elsewhere, `three_tiers` where there are not three measured and priced tiers,
    `unseen` where no model has answers enough. The control `by_topic` knows the mean gain of
    the set's own subjects from four fifths of its labels.
    """

    n: int
    cheap_quality: float
    strong_quality: float
    text: Figures
    stated: Stated | None
    controls: dict[str, Figures]
    three_tiers: ThreeTiers | None
    unseen: Unseen | None
    benchmark: bool


@dataclass(frozen=True)
class Report:
    """Figures per data set, by name; a task of a mixed set is "set/task".

    `own` says what own outcomes are worth on sets taken for a team's log.
    """

    datasets: dict[str, DatasetReport]
    own: tuple[OwnTraffic, ...] = ()


def evaluate(
    folder: Path,
    *,
    level_sd: float,
    count_tokens: CountTokens = about_tokens,
    draws: int = 200,
    seed: int = 0,
) -> Report:
    """The report on an outcome folder; `draws` bootstrap samples per interval.

    `level_sd` is what the classifier leaves unknown of the level of a log, in logits.

    Every training data set, and every task of a mixed set, is scored by a fit that never
    saw it; the benchmark by the fit on all training data. Raises BadInput.
    """
    outcomes, ladders = read_training(folder, count_tokens), read_ladders(folder)
    full = learn(outcomes)
    sets = {name.split("/")[0] for name in outcomes.units}
    reports: dict[str, DatasetReport] = {}
    lessons = {ALL: full}
    for name in sorted(sets | set(outcomes.units)):
        rest = outcomes.without(name)
        ladder = ladders.get(name.split("/")[0])
        if ladder is None or not rest.units:
            continue
        lesson = lessons[name] = learn(rest, full.rasch)
        held = outcomes.only(name)
        report = _measure(held, ladder, lesson, rest.models, draws, seed, level_sd)
        if report:
            reports[name] = report
    benchmark = read_benchmark(folder, count_tokens)
    for name in benchmark.units if benchmark else ():
        assert benchmark is not None  # or there would be no names
        if name in ladders:
            held = benchmark.only(name)
            report = _measure(
                held, ladders[name], full, outcomes.models, draws, seed, level_sd, True
            )
            if report:
                reports[name] = report
    own = own_traffic(
        outcomes,
        benchmark,
        lessons,
        level_sd=level_sd,
        draws=max(draws // DRAWS_PER_CURVE, 2),
        seed=seed,
    )
    return Report(reports, tuple(own))


def _measure(
    held: Outcomes,
    ladder: Ladder,
    lesson: Lesson,
    known_models: tuple[str, ...],
    draws: int,
    seed: int,
    level_sd: float,
    benchmark: bool = False,
) -> DatasetReport | None:
    rows, sides = _sides(held, ladder, draws, seed)
    if not len(rows):
        return None
    texts = held.texts.take(rows)
    difficulty = lesson.reading.difficulty(held.texts)
    length, keywords = length_scores(texts), keyword_scores(texts)
    spread = lesson.reading.residual_sd
    controls = {
        "random": random_figures(sides),
        "length": figures(length, sides),
        "litellm_v1": figures(keywords, sides),
        # The rougher reading of sizes, as if the strong side had written the log.
        "size": figures(
            size_scores(lesson.rough, held, _is_one_of(held, ladder.strong))[rows], sides
        ),
        "oracle": figures(sides.strong - sides.weak, sides),
    }
    topic = np.unique(np.array(held.topics)[rows], return_inverse=True)[1]
    if topic.max() > 0:
        gains = segment_gains(topic, sides.strong - sides.weak, seed=seed)
        controls["by_topic"] = figures(gains, sides)
    return DatasetReport(
        n=len(rows),
        cheap_quality=float(sides.weak.mean()),
        strong_quality=float(sides.strong.mean()),
        text=figures(difficulty[rows], sides, {"length": length}),
        stated=_stated(held, ladder, lesson, known_models, difficulty),
        controls=controls,
        three_tiers=_three_tiers(held, ladder, difficulty, spread, seed),
        unseen=unseen_models(
            held,
            difficulty,
            np.log1p(length_scores(held.texts)),
            spread=spread,
            level_sd=level_sd,
            seed=seed,
        ),
        benchmark=benchmark,
    )


def _sides(held: Outcomes, ladder: Ladder, draws: int, seed: int) -> tuple[Ints, Sides]:
    """The queries that both sides answered, and the means over each side's models."""
    scores = _mean_scores(held, (ladder.cheap, ladder.strong))
    passed = _mean_scores(held, (ladder.cheap,), held.passed.astype(np.float64))[:, 0]
    rows = np.flatnonzero(~np.isnan(scores).any(axis=1))
    weak, strong = scores[rows].T
    return rows, Sides(weak, strong, passed[rows] >= 0.5, draws, seed)


def _three_tiers(
    held: Outcomes, ladder: Ladder, difficulty: Floats, spread: float, seed: int
) -> ThreeTiers | None:
    if ladder.usd is None:
        return None
    scores = _mean_scores(held, (ladder.cheap, ladder.mid, ladder.strong))
    rows = np.flatnonzero(~np.isnan(scores).any(axis=1))
    if not len(rows):
        return None
    texts = held.texts.take(rows)
    return three_tiers(
        difficulty[rows],
        spread,
        scores[rows],
        np.array(ladder.usd),
        pass_score(held.units[0]),
        {
            "random": np.random.default_rng(seed).random(len(rows)),
            "length": length_scores(texts),
            "litellm_v1": keyword_scores(texts),
        },
        seed=seed,
    )


def _mean_scores(
    held: Outcomes, tiers: tuple[tuple[str, ...], ...], values: Floats | None = None
) -> Floats:
    """The mean over the models of each tier that answered, NaN where none did, (queries, tiers)."""
    n, values = len(held.texts), held.score if values is None else values
    columns = []
    for names in tiers:
        mask = _is_one_of(held, names)
        count = np.bincount(held.query[mask], minlength=n)
        total = np.bincount(held.query[mask], values[mask], minlength=n)
        columns.append(np.divide(total, count, out=np.full(n, np.nan), where=count > 0))
    return np.column_stack(columns)


def _stated(
    held: Outcomes,
    ladder: Ladder,
    lesson: Lesson,
    known_models: tuple[str, ...],
    difficulty: Floats,
) -> Stated | None:
    """The stated chance per answer of the cheap models that were measured elsewhere."""
    ability = dict(zip(known_models, lesson.rasch.ability.tolist(), strict=True))
    known = _is_one_of(held, tuple(name for name in ladder.cheap if name in ability))
    if not known.any():
        return None
    theirs = np.array([ability.get(name, 0.0) for name in held.models])[held.model[known]]
    chance = chance_ok(theirs, difficulty[held.query[known]], lesson.reading.residual_sd)
    happened = held.passed[known]
    return stated(chance, happened, np.full(len(happened), happened.mean()))


def _is_one_of(held: Outcomes, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    return np.isin(np.array(held.models), names)[held.model]
