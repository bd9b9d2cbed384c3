"""Published figures of merit, so that a plan can be held against papers and leaderboards.

Sources: AIQ from RouterBench, the incremental benefit per cost from AutoMix, the score of
RouterArena, and sent too low or too high from a table of true against chosen tiers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.metrics import upper_hull

Floats = npt.NDArray[np.float64]

_ARENA_DEAREST: Final = 200.0  # USD per 1,000 queries
_ARENA_CHEAPEST: Final = 0.0044
_ARENA_WEIGHT: Final = 0.1  # of cost against accuracy


def aiq(cost: Sequence[float], quality: Sequence[float]) -> float | None:
    """The mean quality over cost under the non-decreasing hull, from the cheapest to the dearest.

    The definition of RouterBench's paper; its code divides by the dearest cost alone. None where
    all cost the same.
    """
    costs, best = _hull(cost, quality)
    width = float(costs[-1] - costs[0])
    return float(np.trapezoid(best, costs)) / width if width > 0 else None


def delta_ibc(
    cheap: tuple[float, float], strong: tuple[float, float], found: tuple[float, float]
) -> float | None:
    """How much more quality a dollar buys than mixing two models at random: 0 is no more.

    Each is (cost, quality). None where a step costs or gains nothing.
    """
    spent, full = found[0] - cheap[0], strong[0] - cheap[0]
    if spent <= 0 or full <= 0 or strong[1] == cheap[1]:
        return None
    base = (strong[1] - cheap[1]) / full
    return ((found[1] - cheap[1]) / spent - base) / base


def router_arena_score(accuracy: float, usd_per_1000: float) -> float:
    """RouterArena's score of an accuracy (0..1) and a cost in USD per 1,000 queries."""
    dearest, cheapest = math.log2(_ARENA_DEAREST), math.log2(_ARENA_CHEAPEST)
    cost = (dearest - math.log2(usd_per_1000)) / (dearest - cheapest)
    return (1 + _ARENA_WEIGHT) * accuracy * cost / (_ARENA_WEIGHT * accuracy + cost)


@dataclass(frozen=True)
class Confusion:
    """Shares of all queries by true tier (rows) and the tier they were sent to, shape (3, 3)."""

    shares: Floats

    @property
    def sent_too_low(self) -> float:
        """Sent below the tier they need."""
        return float(np.triu(self.shares.T, 1).sum())

    @property
    def sent_too_high(self) -> float:
        """Sent above the tier they need."""
        return float(np.triu(self.shares, 1).sum())

    def quality(self, success: Floats) -> float:
        """Expected share of acceptable answers, by the chance of each tier on each true tier."""
        return float((self.shares * success).sum())


def confusion_of(true: npt.NDArray[np.int64], sent: npt.NDArray[np.int64]) -> Confusion:
    """Counted over queries."""
    counts = np.zeros((3, 3))
    np.add.at(counts, (true, sent), 1.0)
    return Confusion(counts / max(len(true), 1))


def _hull(cost: Sequence[float], quality: Sequence[float]) -> tuple[Floats, Floats]:
    costs, found = np.array(cost, dtype=float), np.array(quality, dtype=float)
    hull = upper_hull(costs, found)
    best = np.maximum.accumulate(found[hull])
    dearest = float(costs.max())
    return np.append(costs[hull], dearest), np.append(best, best[-1])
