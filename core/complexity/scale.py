"""One scale for queries and models: item-response theory in three functions.

A query has a difficulty d and a model an ability theta, both in logits. The chance of an
acceptable answer is logistic in theta - d. We never know d exactly: the classifier gives
its mean and a spread (standard deviation), and averaging the logistic over that spread
flattens it by a known factor (MacKay 1992, "The evidence framework", eq. 31).
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Tier = Literal["simple", "medium", "complex"]
TIERS: tuple[Tier, ...] = ("simple", "medium", "complex")


def flattening(spread: float) -> float:
    """The factor by which not knowing a difficulty (`spread` logits) flattens the logistic."""
    return 1.0 / math.sqrt(1.0 + math.pi * spread**2 / 8.0)


def chance_ok(ability: float, difficulty: npt.ArrayLike, spread: float) -> Floats:
    """The chance (0..1) that a model of that ability answers acceptably, per difficulty."""
    d = np.asarray(difficulty, dtype=np.float64)
    return np.asarray(1.0 / (1.0 + np.exp((d - ability) * flattening(spread))), dtype=np.float64)
