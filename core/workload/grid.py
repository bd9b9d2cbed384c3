"""The grid that queries are summed on: levers and bins of difficulty.

A query's place says all that a plan needs to know of it: how hard it is, how much a stronger
model matters for it, and which tiers a rule leaves it. Unless own outcomes taught otherwise,
every lever is neutral; unless a rule says otherwise, every tier is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.category import categorize, cut_points
from core.complexity.scale import LEVERS, NEUTRAL, chance_ok, levered

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Cuts = tuple[tuple[float, float], ...]  # per lever: where medium and complex begin

# Difficulty in logits is cut into bins 0.04 logits wide. Over that width a chance of success
# moves by at most one point, and the middle of a bin is off by at most half of that.
LOWEST: Final = -8.0
BIN_WIDTH: Final = 0.04
BINS: Final = 400

# The lowest and the highest tier that rules may leave a query; the first is no rule.
BOUNDS: Final = ((0, 2), (0, 0), (1, 1), (2, 2), (1, 2), (0, 1))

# Place number = BINS * (number of levers * number of the bound + number of the lever) + bin.
UNBOUND_PLACES: Final = BINS * len(LEVERS)
PLACES: Final = UNBOUND_PLACES * len(BOUNDS)
NEUTRAL_PLACES: Final = slice(BINS * NEUTRAL, BINS * (NEUTRAL + 1))


def bin_of(difficulty: Floats) -> Ints:
    """The bin (0..BINS-1) of each difficulty in logits; the ends take everything beyond."""
    bins = np.floor((difficulty - LOWEST) / BIN_WIDTH).astype(np.int64)
    return np.asarray(np.clip(bins, 0, BINS - 1), dtype=np.int64)


def places_of(bound: Ints, lever: Ints, bins: Ints) -> Ints:
    """The place of each query."""
    return np.asarray((len(LEVERS) * bound + lever) * BINS + bins, dtype=np.int64)


def bin_centres() -> Floats:
    """The difficulty in logits at the middle of each bin, shape (BINS,)."""
    return np.asarray(LOWEST + BIN_WIDTH * (np.arange(BINS) + 0.5), dtype=np.float64)


def binned(difficulty: Floats) -> Floats:
    """Each difficulty moved to the middle of its bin, as plans see it."""
    return bin_centres()[bin_of(difficulty)]


def snapped(cut: float) -> float:
    """A difficulty moved to the nearest border between bins; infinite ones stay."""
    if not np.isfinite(cut):
        return cut
    return LOWEST + BIN_WIDTH * round((cut - LOWEST) / BIN_WIDTH)


def levers_at(places: Ints) -> Floats:
    """The lever at each place."""
    return np.asarray(LEVERS)[places // BINS % len(LEVERS)]


def bounds_at(places: Ints) -> tuple[Ints, Ints]:
    """The lowest and the highest tier that is open at each place."""
    low, high = np.array(BOUNDS)[places // UNBOUND_PLACES].T
    return low, high


def chances(
    ability: float | Floats,
    spread: float,
    used: Ints | None = None,
    *,
    harder_by: float | Floats = 0.0,
) -> Floats:
    """The chance of an acceptable answer of a model at each place, or at the places `used`.

    Shape (places,), or (n, places) for n abilities, in futures in which all queries are
    `harder_by` logits harder than they look.
    """
    places = np.arange(PLACES) if used is None else used
    levers = levers_at(places)
    theta = levered(np.asarray(ability, dtype=np.float64)[..., None], levers)
    harder = np.asarray(harder_by, dtype=np.float64)[..., None]
    return chance_ok(theta, bin_centres()[places % BINS] + harder, spread)


def cuts_by_lever(
    abilities: Sequence[float],
    spread: float,
    tolerances: Sequence[float],
    levers: Sequence[float] = LEVERS,
) -> Cuts:
    """Per lever the difficulties where medium and complex begin, on borders between bins."""
    found = []
    for lever in levers:
        first, second = cut_points(levered(abilities, lever).tolist(), spread, tolerances)
        found.append((snapped(first), snapped(second)))
    return tuple(found)


def tier_by_place(cuts: Cuts, shift: float = 0.0) -> Ints:
    """The tier (0, 1, 2) of each place, shape (PLACES,), if all were `shift` logits harder."""
    centres = bin_centres() + shift
    free = np.concatenate([categorize(centres, pair) for pair in cuts]).astype(np.int64)
    return np.concatenate([np.clip(free, low, high) for low, high in BOUNDS])
