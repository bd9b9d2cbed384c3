"""Difficulty to tier: two cut points.

A query's tier is the cheapest whose chance of an acceptable answer is within a tolerance
of what the next tiers would reach. Both tiers see the query through the same flattened
logistic, so the gain of the stronger one rises and falls with difficulty like a bell, and
"gain above the tolerance" starts at one point on its rising side. Beyond the bell every
model is likely to fail; such queries stay with the stronger tier and are flagged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.scale import flattening
from core.errors import BadInput

Floats = npt.NDArray[np.float64]

USUAL_TOLERANCES: Final = (0.05, 0.05)  # shares one is ready to lose per step up


def cut_points(
    abilities: Sequence[float], spread: float, tolerances: Sequence[float]
) -> tuple[float, float]:
    """The difficulties above which a query is medium and complex, in logits.

    `abilities` are those of the simple, medium and complex tier; `tolerances` are the
    shares of acceptable answers (0..1) one is ready to lose per step, simple to medium and
    medium to complex. A tier below a cheaper one counts as that cheaper one. `inf` means
    that the step never pays, `-inf` (tolerance 0) that it always does. A larger tolerance
    never lowers a cut. Raises BadInput for a tolerance outside 0..1.
    """
    for tolerance in tolerances:
        if not 0.0 <= tolerance <= 1.0:
            raise BadInput(
                f"a tolerance of {tolerance:g}", remedy="Give a share between 0 and 1, such as 0.05"
            )
    simple, medium, complex_ = np.maximum.accumulate(np.asarray(abilities, dtype=np.float64))
    to_medium = _rising_cut(float(simple), float(medium), spread, tolerances[0])
    to_complex = _rising_cut(float(medium), float(complex_), spread, tolerances[1])
    return min(to_medium, to_complex), to_complex


def categorize(difficulty: npt.ArrayLike, cuts: tuple[float, float]) -> npt.NDArray[np.int8]:
    """Tier per query: 0 simple, 1 medium, 2 complex (indices of `scale.TIERS`)."""
    d = np.asarray(difficulty, dtype=np.float64)
    return (d > cuts[0]).astype(np.int8) + (d > cuts[1]).astype(np.int8)


def _rising_cut(weaker: float, stronger: float, spread: float, tolerance: float) -> float:
    """The difficulty at which the stronger model's gain first reaches the tolerance.

    With slope k, r = exp(k * gap / 2) and x = exp(k * (d - middle)) the gain is
    x (r - 1/r) / (1 + x (r + 1/r) + x^2); setting it to the tolerance gives
    x + 1/x = (r - 1/r) / tolerance - (r + 1/r), whose smaller root is the rising side.
    """
    if stronger <= weaker:
        return math.inf
    if tolerance == 0.0:
        return -math.inf
    slope = flattening(spread)
    half = slope * (stronger - weaker) / 2.0
    half_sum = math.sinh(half) / tolerance - math.cosh(half)
    if half_sum < 1.0:  # the top of the bell lies below the tolerance
        return math.inf
    return (weaker + stronger) / 2.0 - math.acosh(half_sum) / slope
