"""One scale for queries and models: item-response theory in three functions.

A query has a difficulty d and a model an ability theta, both in logits. The chance of an
acceptable answer is logistic in theta - d. We never know d exactly: the classifier gives
its mean and a spread (standard deviation), and averaging the logistic over that spread
flattens it by a known factor (MacKay 1992, "The evidence framework", eq. 31).
"""

from __future__ import annotations

import math
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Tier = Literal["simple", "medium", "complex"]
TIERS: tuple[Tier, ...] = ("simple", "medium", "complex")


# How much a stronger model matters for a query: 1 as on the scale itself, 0 not at all, 2 twice
# as much. Own outcomes tell; kept in these steps, so that a workload can count by them.
LEVERS: Final = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
NEUTRAL: Final = LEVERS.index(1.0)
PIVOT: Final = 3.0  # the ability, in logits, at which a lever changes nothing


def levered(ability: npt.ArrayLike, lever: npt.ArrayLike) -> Floats:
    """The ability that counts for a query with that lever, in logits."""
    theta = np.asarray(ability, dtype=np.float64)
    return np.asarray(PIVOT + np.asarray(lever) * (theta - PIVOT), dtype=np.float64)


def flattening(spread: float) -> float:
    """The factor by which not knowing a difficulty (`spread` logits) flattens the logistic."""
    return 1.0 / math.sqrt(1.0 + math.pi * spread**2 / 8.0)


def chance_ok(ability: npt.ArrayLike, difficulty: npt.ArrayLike, spread: float) -> Floats:
    """The chance (0..1) that a model of that ability answers acceptably, per difficulty."""
    margin = np.asarray(ability, dtype=np.float64) - np.asarray(difficulty, dtype=np.float64)
    return np.asarray(1.0 / (1.0 + np.exp(-margin * flattening(spread))), dtype=np.float64)
