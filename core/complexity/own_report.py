"""What a log's own outcomes are worth for routing, measured on those they were not learned from.

Paired outcomes of a cheap and a strong model are split by query; each part is routed by what
the others taught, and graded on its own outcomes, beside the same controls as everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.complexity.baselines import keyword_scores, length_scores
from core.complexity.comparison import Figures, Sides, figures, random_figures, segment_gains
from core.complexity.learned import Learned, Signs, Usual
from core.complexity.metrics import Stated, apgr, curve, stated
from core.complexity.pooling import Evidence, learn
from core.complexity.scale import LEVERS, chance_ok, levered
from core.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

FOLDS: Final = 5
FEWEST: Final = 50  # paired queries; fewer measure nothing
TOLERANCE: Final = 0.05  # the usual one: gain in shares of acceptable answers
PASS: Final = 0.5


@dataclass(frozen=True)
class PairedLog:
    """Queries of a log that a cheap and a strong model both answered, one entry each.

    `group` is alike for equal texts. `ability` and `ability_sd` are what is known of the two
    models before, in logits, `usual` is over the whole log, `spread` and `level_sd` are the
    classifier's.
    """

    texts: pa.Array
    group: Ints
    signs: Signs
    usual: Usual
    segments: tuple[str, ...]
    weak: Floats
    strong: Floats
    models: tuple[str, str]
    ability: tuple[float, float]
    ability_sd: tuple[float, float]
    spread: float
    level_sd: float

    def __len__(self) -> int:
        return len(self.weak)

    def taught(self, rows: Ints, flipped: npt.NDArray[np.bool_] | None = None) -> Learned:
        """What the outcomes of some queries teach; `flipped` ones are taken for their opposite."""
        score = np.concatenate([self.weak[rows], self.strong[rows]])
        if flipped is not None:
            score = np.where(flipped, 1.0 - score, score)
        return learn(
            Evidence(
                query=np.tile(np.arange(len(rows)), 2),
                model=np.repeat([0, 1], len(rows)),
                score=score,
                weight=np.ones(2 * len(rows)),
                signs=self.signs.take(rows),
                segments=self.segments,
                models=self.models,
                ability=np.array(self.ability),
                ability_sd=np.array(self.ability_sd),
            ),
            self.usual,
            spread=self.spread,
            level_sd=self.level_sd,
        )

    def chances(self, learned: Learned, rows: Ints) -> tuple[Floats, Floats]:
        """The chances of the cheap and the strong model, as plans would see them."""
        difficulty, lever = learned.place(self.signs.take(rows))
        steps = np.array(LEVERS)[lever]
        weak, strong = (
            chance_ok(levered(model.ability, steps), difficulty, self.spread)
            for model in learned.models
        )
        return weak, strong

    def gain_as_read(self) -> Floats:
        """The gain of the strong model before any outcome, per query.

        Where nothing says that it is stronger, the order of difficulty takes its place.
        """
        if self.ability[1] <= self.ability[0]:
            return self.signs.difficulty
        weak, strong = (chance_ok(a, self.signs.difficulty, self.spread) for a in self.ability)
        return np.asarray(strong - weak, dtype=np.float64)


@dataclass(frozen=True)
class OwnReport:
    """One log's own outcomes; figures are of queries whose outcomes were held back.

    `learned` is the order of gain by what the other outcomes taught, `controls` holds `read`
    (the reading without outcomes), `length`, `random`, `litellm_v1`, `segments` (the mean gain
    of each segment alone) and `oracle`. `strong_share` goes to the strong model at the usual
    tolerance; `lift` is the quality gained over a fixed split of that share. `too_low`: sent to
    the cheap model though only the strong one answered acceptably; `too_high`: sent to the
    strong one without need; `by_chance` the same for the fixed split.
    """

    n: int
    models: tuple[str, str]
    cheap_quality: float
    strong_quality: float
    learned: Figures
    controls: dict[str, Figures]
    stated: Stated
    strong_share: float
    lift: float
    too_low: float
    too_high: float
    by_chance: tuple[float, float]


@dataclass(frozen=True)
class LearningPoint:
    """What so many labelled queries reach on all others: mean and deviation over random draws."""

    labels: int
    apgr: float
    apgr_sd: float
    brier: float
    brier_constant: float  # of the labels' base rate
    ece: float


def own_report(log: PairedLog, *, draws: int = 200, seed: int = 0) -> OwnReport:
    """The report; BadInput when too few queries are paired to measure anything."""
    if len(log) < FEWEST:
        raise BadInput(
            f"only {len(log):,} queries have outcomes of both {log.models[0]} and {log.models[1]}",
            remedy=f"Give at least {FEWEST} queries with outcomes of two models",
        )
    fold = _folds(log.group, seed)
    weak, gain, constant = np.empty(len(log)), np.empty(len(log)), np.empty(len(log))
    for number in range(FOLDS):
        held, taught = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        cheap, strong = log.chances(log.taught(taught), held)
        weak[held], gain[held] = cheap, strong - cheap
        constant[held] = log.weak[taught].mean()
    passes = log.weak >= PASS
    sides = Sides(log.weak, log.strong, passes, draws, seed)
    length, read = length_scores(log.texts), log.gain_as_read()
    by_segment = segment_gains(log.signs.segment + 1, log.strong - log.weak, seed=seed)
    sent = gain > TOLERANCE
    share = float(sent.mean())
    needed = ~passes & (log.strong >= PASS)
    quality = np.where(sent, log.strong, log.weak).mean()
    return OwnReport(
        n=len(log),
        models=log.models,
        cheap_quality=float(log.weak.mean()),
        strong_quality=float(log.strong.mean()),
        learned=figures(
            gain,
            sides,
            {"length": length, "read": read, "segments": by_segment},
            hardness=-weak,
        ),
        controls={
            "read": figures(read, sides),
            "length": figures(length, sides),
            "random": random_figures(sides),
            "litellm_v1": figures(keyword_scores(log.texts), sides),
            "segments": figures(by_segment, sides),
            "oracle": figures(log.strong - log.weak, sides),
        },
        stated=stated(weak, passes, constant),
        strong_share=share,
        lift=float(quality - log.weak.mean() - share * (log.strong - log.weak).mean()),
        too_low=float((needed & ~sent).mean()),
        too_high=float((sent & ~needed).mean()),
        by_chance=(float(needed.mean() * (1 - share)), float(share * (1 - needed.mean()))),
    )


def learning_curve(
    log: PairedLog, sizes: Sequence[int], *, draws: int = 10, flipped: float = 0.0, seed: int = 0
) -> list[LearningPoint]:
    """What random draws of so many labelled queries reach on the queries left.

    `flipped` is the share of outcomes, 0..1, that is taken for its opposite.
    """
    found = []
    for labels in sizes:
        areas, chances, passes, constants = [], [], [], []
        for number in range(draws):
            dice = np.random.default_rng(seed + number)
            order = dice.permutation(len(log))
            taught, rest = order[:labels], order[labels:]
            wrong = dice.random(2 * labels) < flipped
            learned = log.taught(taught, wrong)
            weak, strong = log.chances(learned, rest)
            areas.append(apgr(curve(strong - weak, log.weak[rest], log.strong[rest])))
            chances.append(weak)
            passes.append(log.weak[rest] >= PASS)
            constants.append(np.full(len(rest), log.weak[taught].mean()))
        every = [stated(*each) for each in zip(chances, passes, constants, strict=True)]
        known = [area for area in areas if area is not None]
        found.append(
            LearningPoint(
                labels=labels,
                apgr=float(np.mean(known)) if known else float("nan"),
                apgr_sd=float(np.std(known)) if known else float("nan"),
                brier=float(np.mean([s.brier for s in every])),
                brier_constant=float(np.mean([s.brier_constant for s in every])),
                ece=float(np.mean([s.ece for s in every])),
            )
        )
    return found


def _folds(group: Ints, seed: int) -> Ints:
    """A fold per query, equal texts in one."""
    groups, place = np.unique(group, return_inverse=True)
    return np.random.default_rng(seed).permutation(len(groups))[place] % FOLDS
