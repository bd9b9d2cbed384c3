"""Figures of merit for routing scores: APGR, CPT, AUC, Brier score, calibration error.

A routing score orders queries; the highest go to the strong model. Definitions follow
RouteLLM (arXiv 2406.18665) with the trapezoid of its code, so that random gives 0.5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SAME_COST: Final = 1e-15


@dataclass(frozen=True)
class Curve:
    """Mean quality against the share of queries sent to the strong model, both 0..1."""

    share: Floats
    quality: Floats


def curve(score: Floats, weak: Floats, strong: Floats) -> Curve:
    """The curve of sending the highest scores first; queries of equal score go together.

    One point per distinct score, straight lines between: the same as averaging in ties.
    """
    order = np.argsort(-score, kind="stable")
    ordered = score[order]
    last_of_tie = np.append(ordered[1:] != ordered[:-1], True)
    gained = np.cumsum((strong - weak)[order])[last_of_tie]
    sent = np.flatnonzero(last_of_tie) + 1.0
    share = np.concatenate([[0.0], sent / len(score)])
    return Curve(share, weak.mean() + np.concatenate([[0.0], gained / len(score)]))


def apgr(curve: Curve) -> float | None:
    """The area under the recovered share of the gap; None when the strong model is no better."""
    gap = curve.quality[-1] - curve.quality[0]
    if gap <= 0:
        return None
    recovered = (curve.quality - curve.quality[0]) / gap
    return float(np.trapezoid(recovered, curve.share))


def cpt(curve: Curve, recovered: float) -> float | None:
    """Per cent of strong calls at which `recovered` (0..1) of the gap is first reached.

    None when the strong model is no better; otherwise the end of the curve reaches it.
    """
    gap = curve.quality[-1] - curve.quality[0]
    if gap <= 0:
        return None
    part = (curve.quality - curve.quality[0]) / gap
    # The last point is 1 but for rounding, so the first crossing always exists.
    first = int(np.argmax(part >= recovered - 1e-12))
    if first == 0:
        return 0.0
    rise = (recovered - part[first - 1]) / (part[first] - part[first - 1])
    return float(
        100.0 * (curve.share[first - 1] + rise * (curve.share[first] - curve.share[first - 1]))
    )


def upper_hull(cost: Floats, quality: Floats) -> Ints:
    """The points of the upper concave hull, as numbers, from the cheapest to the dearest.

    Of points that cost the same the best one counts; every point on the hull is reached by a
    random split of its neighbours.
    """
    kept: list[int] = []
    for point in np.lexsort((-quality, cost)).tolist():
        if kept and cost[point] - cost[kept[-1]] <= SAME_COST:
            if quality[point] <= quality[kept[-1]]:
                continue
            kept.pop()
        while len(kept) > 1 and _is_below(cost, quality, kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    return np.array(kept, dtype=np.int64)


def _is_below(cost: Floats, quality: Floats, first: int, middle: int, last: int) -> bool:
    along = (cost[middle] - cost[first]) / (cost[last] - cost[first])
    return bool(quality[middle] <= quality[first] + along * (quality[last] - quality[first]))


def auc(score: Floats, positive: npt.NDArray[np.bool_]) -> float | None:
    """The chance that a positive case scores above a negative one, ties half; None if one kind."""
    ups, downs = int(positive.sum()), int((~positive).sum())
    if ups == 0 or downs == 0:
        return None
    rank = _ranks(score)
    return float((rank[positive].sum() - ups * (ups + 1) / 2.0) / (ups * downs))


def rank_correlation(a: Floats, b: Floats) -> float:
    """Spearman's correlation, ties averaged; 0 when one side is constant."""
    ranks = np.stack([_ranks(a), _ranks(b)])
    if np.any(ranks.std(axis=1) == 0):
        return 0.0
    return float(np.asarray(np.corrcoef(ranks))[0, 1])


def brier(chance: Floats, happened: npt.NDArray[np.bool_]) -> float:
    """The mean squared distance between stated chances and what happened; 0 is perfect."""
    return float(np.mean((chance - happened) ** 2))


def calibration_error(chance: Floats, happened: npt.NDArray[np.bool_], bins: int = 10) -> float:
    """The expected calibration error over equally wide bins, 0..1; 0 is perfect."""
    which = np.minimum((chance * bins).astype(int), bins - 1)
    distance = np.bincount(which, happened - chance, minlength=bins)
    return float(np.abs(distance).sum() / len(chance))


@dataclass(frozen=True)
class Reliability:
    """Answers whose stated chance is about alike: mean stated chance, and what happened."""

    answers: int
    stated: float
    happened: float


def reliability(
    chance: Floats, happened: npt.NDArray[np.bool_], bins: int = 10
) -> tuple[Reliability, ...]:
    """The reliability table over equally wide bins of stated chance, empty ones left out."""
    which = np.minimum((chance * bins).astype(int), bins - 1)
    count = np.bincount(which, minlength=bins)
    stated, real = (np.bincount(which, v, minlength=bins) for v in (chance, happened))
    return tuple(
        Reliability(int(n), float(s / n), float(r / n))
        for n, s, r in zip(count, stated, real, strict=True)
        if n
    )


@dataclass(frozen=True)
class Stated:
    """How right stated chances are, beside a constant, which `brier_constant` is the score of."""

    answers: int
    brier: float
    brier_constant: float
    ece: float
    table: tuple[Reliability, ...]


def stated(chance: Floats, happened: npt.NDArray[np.bool_], constant: Floats) -> Stated:
    """The figures of stated chances; `constant` is what one would state who knows no query."""
    return Stated(
        answers=len(chance),
        brier=brier(chance, happened),
        brier_constant=brier(constant, happened),
        ece=calibration_error(chance, happened),
        table=reliability(chance, happened),
    )


def bootstrap(
    statistic: Callable[[Ints], float | None], n: int, *, draws: int, seed: int
) -> tuple[float, float] | None:
    """The 95% interval of a statistic of row numbers, by resampling n rows.

    None when the statistic is undefined in more than one draw of twenty.
    """
    random = np.random.default_rng(seed)
    values = [statistic(random.integers(0, n, n)) for _ in range(draws)]
    defined = [value for value in values if value is not None]
    if len(defined) < 0.95 * draws:
        return None
    low, high = np.quantile(defined, [0.025, 0.975])
    return float(low), float(high)


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, ties averaged."""
    _, group, size = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(size) - (size - 1) / 2.0)[group])
