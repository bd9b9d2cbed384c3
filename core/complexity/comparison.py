"""One score for routing beside others on the same queries: random, length, keywords, oracle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.baselines import random_scores
from core.complexity.metrics import Curve, apgr, auc, bootstrap, cpt, curve

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Interval = tuple[float, float]

RANDOM_DRAWS: Final = 50


@dataclass(frozen=True)
class Figures:
    """What a score reaches on some queries, with 95% intervals by name.

    APGR and CPT (per cent) are None where the strong side is not better beyond chance.
    `auc`: does a low score tell that the cheap side answers acceptably.
    """

    apgr: float | None
    cpt50: float | None
    cpt80: float | None
    auc: float | None
    intervals: Mapping[str, Interval | None] = field(default_factory=dict)

    @property
    def apgr_interval(self) -> Interval | None:
        """The 95% interval of APGR; for random the range that 95% of the orders fall in."""
        return self.intervals.get("apgr")


@dataclass(frozen=True)
class Sides:
    """How well the cheap and the strong side did, one entry per query that both answered.

    `seed` and `draws` are those of the bootstrap.
    """

    weak: Floats
    strong: Floats
    cheap_passes: npt.NDArray[np.bool_]
    draws: int
    seed: int

    def __len__(self) -> int:
        return len(self.weak)

    def interval(self, statistic: Callable[[Ints], float | None]) -> Interval | None:
        """The 95% interval of a statistic of row numbers."""
        return bootstrap(statistic, len(self), draws=self.draws, seed=self.seed)

    @cached_property
    def strong_is_better(self) -> bool:
        """Whether the strong side is better beyond chance; without that no order is right."""
        if not len(self):
            return False
        gap = self.interval(lambda rows: float((self.strong - self.weak)[rows].mean()))
        return gap is not None and gap[0] > 0


def figures(
    values: Floats,
    sides: Sides,
    others: Mapping[str, Floats] | None = None,
    *,
    hardness: Floats | None = None,
) -> Figures:
    """The figures of a score; `others` are scores to subtract, paired, as "apgr_minus_NAME".

    `hardness` tells how likely the cheap side fails, where that is another order than `values`.
    """
    hardness = values if hardness is None else hardness
    better = sides.strong_is_better

    def line(score: Floats, rows: Ints) -> Curve | None:
        return curve(score[rows], sides.weak[rows], sides.strong[rows]) if better else None

    def area(score: Floats, rows: Ints) -> float | None:
        found = line(score, rows)
        return apgr(found) if found else None

    def calls(recovered: float, rows: Ints) -> float | None:
        found = line(values, rows)
        return cpt(found, recovered) if found else None

    def lead(other: Floats, rows: Ints) -> float | None:
        ours, theirs = area(values, rows), area(other, rows)
        return None if ours is None or theirs is None else ours - theirs

    def passes(rows: Ints) -> float | None:
        return auc(-hardness[rows], sides.cheap_passes[rows])

    every = np.arange(len(sides))
    return Figures(
        apgr=area(values, every),
        cpt50=calls(0.5, every),
        cpt80=calls(0.8, every),
        auc=passes(every),
        intervals={
            "apgr": sides.interval(lambda rows: area(values, rows)),
            "cpt50": sides.interval(lambda rows: calls(0.5, rows)),
            "cpt80": sides.interval(lambda rows: calls(0.8, rows)),
            "auc": sides.interval(passes),
            **{
                f"apgr_minus_{name}": sides.interval(partial(lead, other))
                for name, other in (others or {}).items()
            },
        },
    )


def random_figures(sides: Sides) -> Figures:
    """The mean over many random orders, and the range that 95% of them fall in."""
    areas: list[float | None] = []
    halves: list[float | None] = []
    fifths: list[float | None] = []
    aucs: list[float | None] = []
    for number in range(RANDOM_DRAWS):
        score = random_scores(len(sides), sides.seed + number)
        line = curve(score, sides.weak, sides.strong) if sides.strong_is_better else None
        areas.append(apgr(line) if line else None)
        halves.append(cpt(line, 0.5) if line else None)
        fifths.append(cpt(line, 0.8) if line else None)
        aucs.append(auc(-score, sides.cheap_passes))
    known = [area for area in areas if area is not None]
    low, high = np.quantile(known, [0.025, 0.975]) if known else (0.0, 0.0)
    return Figures(
        apgr=_mean(areas),
        cpt50=_mean(halves),
        cpt80=_mean(fifths),
        auc=_mean(aucs),
        intervals={"apgr": (float(low), float(high)) if known else None},
    )


def segment_gains(segment: Ints, gain: Floats, folds: int = 5, *, seed: int = 0) -> Floats:
    """Per query the mean gain of its segment among the other folds' queries.

    Shrunk toward their overall mean by how far segments truly differ (empirical Bayes, by
    moments): what one gets who labels everything and knows nothing but the segments.
    """
    found = np.zeros(len(gain))
    fold = np.random.default_rng(seed).integers(0, folds, len(gain))
    for number in range(folds):
        taught = fold != number
        count = np.bincount(segment[taught], minlength=int(segment.max()) + 1)
        known = count > 0
        total = np.bincount(segment[taught], gain[taught], minlength=len(count))
        mean = np.divide(total, count, out=np.zeros(len(count)), where=known)
        overall = float(gain[taught].mean())
        noise = float(np.mean((gain[taught] - mean[segment[taught]]) ** 2))
        apart = float(np.mean((mean[known] - overall) ** 2 - noise / count[known]))
        trust = max(apart, 0.0) / (max(apart, 0.0) + noise / np.maximum(count, 1) + 1e-12)
        found[~taught] = (overall + trust * known * (mean - overall))[segment[~taught]]
    return found


def _mean(values: list[float | None]) -> float | None:
    defined = [value for value in values if value is not None]
    return float(np.mean(defined)) if defined else None
