"""The classifier measured: on data sets left out of the fit, and on the public benchmark.

Per data set two questions are kept apart. Does the difficulty order the queries so that
the strong model's calls go where they gain (APGR, CPT)? And does it tell which queries the
cheap models answer (AUC, calibration)? Every figure stands beside the controls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.baselines import keyword_scores, length_scores, random_scores
from core.complexity.ladder import Ladder, read_ladders
from core.complexity.metrics import (
    Curve,
    apgr,
    auc,
    bootstrap,
    brier,
    calibration_error,
    cpt,
    curve,
)
from core.complexity.outcomes import (
    CountTokens,
    Outcomes,
    about_tokens,
    read_benchmark,
    read_training,
)
from core.complexity.rough_fit import size_scores
from core.complexity.scale import chance_ok
from core.complexity.train import Lesson, learn

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Interval = tuple[float, float]

RANDOM_DRAWS: Final = 50


@dataclass(frozen=True)
class Control:
    """What another score reaches on the same queries: without training, or without text."""

    apgr: float | None
    cpt50: float | None
    cpt80: float | None
    auc: float | None
    apgr_interval: Interval | None


@dataclass(frozen=True)
class DatasetReport:
    """One data set: figures, their 95% intervals (by name), and the controls.

    APGR and CPT (per cent) are None where the strong side is not better beyond chance.
    `auc`: does a low difficulty tell that the cheap side answers acceptably. `ece` and
    `brier` judge the stated chances of the cheap models, None where none of them was
    measured elsewhere. `apgr_minus_length` is among the intervals, paired.
    """

    n: int
    cheap_quality: float
    strong_quality: float
    apgr: float | None
    cpt50: float | None
    cpt80: float | None
    auc: float | None
    ece: float | None
    brier: float | None
    intervals: dict[str, Interval | None]
    controls: dict[str, Control]
    benchmark: bool


@dataclass(frozen=True)
class Report:
    """Figures per data set, by name; a task of a mixed set is "set/task"."""

    datasets: dict[str, DatasetReport]


@dataclass(frozen=True)
class _Sides:
    """Per query of one data set: scores of both sides, and what the cheap side did.

    `rows` numbers the queries that both sides answered; the rest has one entry for each.
    """

    rows: Ints
    weak: Floats
    strong: Floats
    cheap_passes: npt.NDArray[np.bool_]
    strong_is_better: bool

    def curve(self, values: Floats, rows: Ints) -> Curve | None:
        """The routing curve; None when the strong side is not clearly better at all."""
        if not self.strong_is_better:
            return None
        return curve(values[rows], self.weak[rows], self.strong[rows])


def evaluate(
    folder: Path, *, count_tokens: CountTokens = about_tokens, draws: int = 200, seed: int = 0
) -> Report:
    """The report on an outcome folder; `draws` bootstrap samples per interval.

    Every training data set, and every task of a mixed set, is scored by a fit that never
    saw it; the benchmark by the fit on all training data. Raises BadInput.
    """
    outcomes, ladders = read_training(folder, count_tokens), read_ladders(folder)
    full = learn(outcomes)
    sets = {name.split("/")[0] for name in outcomes.units}
    reports: dict[str, DatasetReport] = {}
    for name in sorted(sets | set(outcomes.units)):
        rest = outcomes.without(name)
        ladder = ladders.get(name.split("/")[0])
        if ladder is None or not rest.units:
            continue
        lesson = learn(rest, full.rasch)
        report = _measure(outcomes.only(name), ladder, lesson, rest.models, draws, seed)
        if report:
            reports[name] = report
    benchmark = read_benchmark(folder, count_tokens)
    for name in benchmark.units if benchmark else ():
        assert benchmark is not None  # or there would be no names
        if name in ladders:
            held = benchmark.only(name)
            report = _measure(held, ladders[name], full, outcomes.models, draws, seed, True)
            if report:
                reports[name] = report
    return Report(reports)


def _measure(
    held: Outcomes,
    ladder: Ladder,
    lesson: Lesson,
    known_models: tuple[str, ...],
    draws: int,
    seed: int,
    benchmark: bool = False,
) -> DatasetReport | None:
    sides = _sides(held, ladder, draws, seed)
    n = len(sides.rows)
    if n == 0:
        return None
    texts = held.texts.take(sides.rows)
    difficulty = lesson.reading.difficulty(held.texts)
    score, length = difficulty[sides.rows], length_scores(texts)

    def interval(statistic: Callable[[Ints], float | None]) -> Interval | None:
        return bootstrap(statistic, n, draws=draws, seed=seed)

    def area(values: Floats, rows: Ints) -> float | None:
        line = sides.curve(values, rows)
        return apgr(line) if line else None

    def calls(recovered: float, rows: Ints) -> float | None:
        line = sides.curve(score, rows)
        return cpt(line, recovered) if line else None

    def lead(rows: Ints) -> float | None:
        ours, theirs = area(score, rows), area(length, rows)
        return None if ours is None or theirs is None else ours - theirs

    def control(values: Floats) -> Control:
        return _control(values, sides, interval(lambda rows: area(values, rows)))

    chances = _cheap_chances(held, ladder, lesson, known_models, difficulty)
    all_rows = np.arange(n)
    return DatasetReport(
        n=n,
        cheap_quality=float(sides.weak.mean()),
        strong_quality=float(sides.strong.mean()),
        apgr=area(score, all_rows),
        cpt50=calls(0.5, all_rows),
        cpt80=calls(0.8, all_rows),
        auc=auc(-score, sides.cheap_passes),
        ece=calibration_error(*chances) if chances else None,
        brier=brier(*chances) if chances else None,
        intervals={
            "apgr": interval(lambda rows: area(score, rows)),
            "apgr_minus_length": interval(lead),
            "cpt50": interval(lambda rows: calls(0.5, rows)),
            "cpt80": interval(lambda rows: calls(0.8, rows)),
            "auc": interval(lambda rows: auc(-score[rows], sides.cheap_passes[rows])),
        },
        controls={
            "random": _random_control(sides, seed),
            "length": control(length),
            "litellm_v1": control(keyword_scores(texts)),
            # The rougher reading of sizes, as if the strong side had written the log.
            "size": control(
                size_scores(lesson.rough, held, _is_one_of(held, ladder.strong))[sides.rows]
            ),
            "oracle": control(sides.strong - sides.weak),
        },
        benchmark=benchmark,
    )


def _sides(held: Outcomes, ladder: Ladder, draws: int, seed: int) -> _Sides:
    """Means over the models of a side that answered; queries with both sides only."""
    n, passed = len(held.texts), held.passed
    cheap, strong = _is_one_of(held, ladder.cheap), _is_one_of(held, ladder.strong)
    of_cheap, of_strong = (np.bincount(held.query[m], minlength=n) for m in (cheap, strong))
    rows = np.flatnonzero((of_cheap > 0) & (of_strong > 0))

    def mean(values: Floats, mask: npt.NDArray[np.bool_], count: Ints) -> Floats:
        total = np.bincount(held.query[mask], values[mask], minlength=n)
        return np.asarray(total[rows] / count[rows])

    weak, best = mean(held.score, cheap, of_cheap), mean(held.score, strong, of_strong)
    gap = (
        bootstrap(
            lambda sample: float((best - weak)[sample].mean()), len(rows), draws=draws, seed=seed
        )
        if len(rows)
        else None
    )
    return _Sides(
        rows=rows,
        weak=weak,
        strong=best,
        cheap_passes=mean(passed.astype(np.float64), cheap, of_cheap) >= 0.5,
        strong_is_better=gap is not None and gap[0] > 0,
    )


def _cheap_chances(
    held: Outcomes,
    ladder: Ladder,
    lesson: Lesson,
    known_models: tuple[str, ...],
    difficulty: Floats,
) -> tuple[Floats, npt.NDArray[np.bool_]] | None:
    """Stated chance and outcome per answer of the cheap models that were measured elsewhere."""
    ability = dict(zip(known_models, lesson.rasch.ability.tolist(), strict=True))
    known = _is_one_of(held, tuple(name for name in ladder.cheap if name in ability))
    if not known.any():
        return None
    theirs = np.array([ability.get(name, 0.0) for name in held.models])[held.model[known]]
    harder = difficulty[held.query[known]] - theirs
    return chance_ok(0.0, harder, lesson.reading.residual_sd), held.passed[known]


def _is_one_of(held: Outcomes, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    return np.isin(np.array(held.models), names)[held.model]


def _control(values: Floats, sides: _Sides, apgr_interval: Interval | None) -> Control:
    line = sides.curve(values, np.arange(len(values)))
    return Control(
        apgr=apgr(line) if line else None,
        cpt50=cpt(line, 0.5) if line else None,
        cpt80=cpt(line, 0.8) if line else None,
        auc=auc(-values, sides.cheap_passes),
        apgr_interval=apgr_interval,
    )


def _random_control(sides: _Sides, seed: int) -> Control:
    """The mean over many random orders, and the range that 95% of them fall in."""
    tries = [
        _control(random_scores(len(sides.rows), seed + k), sides, None) for k in range(RANDOM_DRAWS)
    ]

    def mean(values: list[float | None]) -> float | None:
        defined = [value for value in values if value is not None]
        return float(np.mean(defined)) if defined else None

    areas = [one.apgr for one in tries if one.apgr is not None]
    return Control(
        apgr=mean([one.apgr for one in tries]),
        cpt50=mean([one.cpt50 for one in tries]),
        cpt80=mean([one.cpt80 for one in tries]),
        auc=mean([one.auc for one in tries]),
        apgr_interval=(float(np.quantile(areas, 0.025)), float(np.quantile(areas, 0.975)))
        if areas
        else None,
    )
