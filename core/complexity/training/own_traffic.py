"""Public sets taken for a team's own log: what a few hundred of its outcomes are worth.

The classifier's fit never saw the set. Queries drawn at random get the outcomes of a cheap and
a strong model, everything learned from them is graded on the other queries.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.baselines import length_scores
from core.complexity.clusters import TOPICS, fit_clusters, sample_texts
from core.complexity.comparison import Sides, figures
from core.complexity.learned import Signs, Usual
from core.complexity.own_report import PASS, LearningPoint, PairedLog, learning_curve
from core.complexity.training.outcomes import Outcomes
from core.complexity.training.train import Lesson

Floats = npt.NDArray[np.float64]

LABELS: Final = (50, 200, 400, 500, 1_000)
MOST_LABELLED: Final = 0.75  # of a log; the rest is what is measured on
FLIPPED: Final = 0.2
UNKNOWN_ABILITY: Final = (2.0, 2.0)

ALL: Final = "*"  # what all training sets together teach

# Cheap and strong model per set.
PAIRS: Final = {
    "llmrouter_dc": ("mistral-7b-instruct-v0.3", "llama-3.3-nemotron-super-49b-v1"),
    "mmlu_pro": ("gemini-1.5-flash-002", "gpt-4o-2024-05-13"),
    "mmlu": ("mixtral-8x7b-instruct-v0.1", "gpt-4-1106-preview"),
    "gsm8k": ("mixtral-8x7b-instruct-v0.1", "gpt-4-1106-preview"),
}


@dataclass(frozen=True)
class OwnTraffic:
    """One set as a log, its segments found (`clusters`) or given by the set's own `tags`.

    `read` (with its 95% interval) and `length` are the APGR of the reading alone and of prompt
    length, on all queries; `flipped` is the curve with a fifth of the outcomes taken for their
    opposite.
    """

    name: str
    segments: str
    queries: int
    read: float | None
    read_interval: tuple[float, float] | None
    length: float | None
    curve: tuple[LearningPoint, ...]
    flipped: tuple[LearningPoint, ...]
    benchmark: bool


def own_traffic(
    training: Outcomes,
    benchmark: Outcomes | None,
    lessons: Mapping[str, Lesson],
    *,
    level_sd: float,
    draws: int = 10,
    seed: int = 0,
) -> list[OwnTraffic]:
    """The curves of every set in PAIRS that is there.

    `lessons` has by training set what the others teach, and under ALL what they all do. `draws`
    random draws of labelled queries per point, ten times as many bootstrap samples.
    """
    found = []
    for name, pair in PAIRS.items():
        held, taught, on_benchmark = training.only(name), training.without(name), False
        lesson = lessons.get(name)
        if not len(held.texts) and benchmark is not None:
            held, taught, on_benchmark = benchmark.only(name), training, True
            lesson = lessons[ALL]
        if lesson is None or not set(pair) <= set(held.models):
            continue
        known = dict(
            zip(
                taught.models,
                zip(lesson.rasch.ability, lesson.rasch.ability_sd, strict=True),
                strict=True,
            )
        )
        for segments in ("clusters", "tags"):
            log = _as_log(held, pair, lesson, known, level_sd, segments)
            sizes = [n for n in LABELS if n <= MOST_LABELLED * len(log)]
            if log.segments and sizes:
                sides = Sides(log.weak, log.strong, log.weak >= PASS, 10 * draws, seed)
                read = figures(log.gain_as_read(), sides)
                found.append(
                    OwnTraffic(
                        name=name,
                        segments=segments,
                        queries=len(log),
                        read=read.apgr,
                        read_interval=read.apgr_interval,
                        length=figures(length_scores(log.texts), sides).apgr,
                        curve=tuple(learning_curve(log, sizes, draws=draws, seed=seed)),
                        flipped=tuple(
                            learning_curve(log, sizes, draws=draws, seed=seed, flipped=FLIPPED)
                        ),
                        benchmark=on_benchmark,
                    )
                )
    return found


def _as_log(
    held: Outcomes,
    pair: tuple[str, str],
    lesson: Lesson,
    known: dict[str, tuple[float, float]],
    level_sd: float,
    segments: str,
) -> PairedLog:
    """The questions that both models answered; without segments where there is but one."""
    n = len(held.texts)
    columns = []
    for name in pair:
        mask = held.model == held.models.index(name)
        scores = np.full(n, np.nan)
        scores[held.query[mask]] = held.score[mask]
        columns.append(scores)
    rows = np.flatnonzero(~np.isnan(columns).any(axis=0))
    texts = held.texts.take(rows)
    difficulty, length = lesson.reading.difficulty(texts), np.log1p(length_scores(texts))
    names: tuple[str, ...]
    topics: npt.NDArray[np.floating] = np.zeros((len(rows), 0))
    segment: npt.NDArray[np.integer]
    if segments == "tags":
        tags, segment = np.unique(np.array(held.topics)[rows], return_inverse=True)
        names = tuple(tags.tolist()) if len(tags) > 1 else ()
    else:
        clusters = fit_clusters(sample_texts([texts]))
        names = clusters.names if clusters else ()
        segment, topics = (
            clusters.assign(texts)
            if clusters
            else (np.full(len(rows), -1), np.zeros((len(rows), TOPICS)))
        )
    keys = np.unique(np.array(held.text_keys)[rows], return_inverse=True)[1]
    abilities = [known.get(name, UNKNOWN_ABILITY) for name in pair]
    return PairedLog(
        texts=texts,
        group=keys,
        signs=Signs(segment.astype(np.int64), difficulty, length, topics),
        usual=Usual(
            (float(difficulty.mean()), float(difficulty.std())),
            (float(length.mean()), float(length.std())),
        ),
        segments=names,
        weak=columns[0][rows],
        strong=columns[1][rows],
        models=pair,
        ability=(abilities[0][0], abilities[1][0]),
        ability_sd=(abilities[0][1], abilities[1][1]),
        spread=lesson.reading.residual_sd,
        level_sd=level_sd,
    )
