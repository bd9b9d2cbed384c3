"""Draws of what is only known as low, likely and high, from streams of one visible seed.

Each input has a stream of its own, by its name: changing one input leaves the draws of the others
as they were, so a difference between two cases, or two options, is not noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.economics.estimate import Estimate

Floats = npt.NDArray[np.float64]

DRAWS: Final = 10_000  # standard error of a 58% chance: half a point
SEED: Final = 20261123
BANDS: Final = (10, 25, 50, 75, 90)  # percentiles of a fan


def stream(seed: int, name: str) -> np.random.Generator:
    """The random numbers of one input."""
    return np.random.default_rng([seed, *name.encode()])


def pert(estimate: Estimate, draws: int, random: np.random.Generator) -> Floats:
    """`draws` values of the PERT (scaled beta, weight 4) distribution of an estimate."""
    width = estimate.high - estimate.low
    if width == 0:
        return np.full(draws, float(estimate.likely))
    rise = 1.0 + 4.0 * (estimate.likely - estimate.low) / width
    fall = 1.0 + 4.0 * (estimate.high - estimate.likely) / width
    return estimate.low + width * random.beta(rise, fall, draws)


def triangular(estimate: Estimate, draws: int, random: np.random.Generator) -> Floats:
    """`draws` values of the triangular distribution of an estimate."""
    if estimate.high == estimate.low:
        return np.full(draws, float(estimate.likely))
    return random.triangular(estimate.low, estimate.likely, estimate.high, draws)


def pert_quantiles(estimate: Estimate, chances: Sequence[float]) -> tuple[float, ...]:
    """The values of a PERT estimate that lie above the given shares (0..1) of its draws."""
    from scipy.special import betaincinv  # slow to import, and only tornados need it

    width = estimate.high - estimate.low
    if width == 0:
        return tuple(float(estimate.likely) for _ in chances)
    rise = 1.0 + 4.0 * (estimate.likely - estimate.low) / width
    fall = 1.0 + 4.0 * (estimate.high - estimate.likely) / width
    return tuple(estimate.low + width * float(betaincinv(rise, fall, q)) for q in chances)
