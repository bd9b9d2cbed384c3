"""A cascade: every query starts at the cheapest tier and goes up while its answers fail the check.

How hard a query really is stays the same from tier to tier: what fails at the first is harder
than it looked, and fails more often at the second. So chances are averaged over the unknown
difficulty of a query (Gauss-Hermite quadrature), never multiplied as if tiers were independent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.scale import TIERS, levered
from core.workload.grid import BINS, bin_centres, bounds_at, levers_at

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

NODES: Final = 7
LAST: Final = len(TIERS) - 1
FEW_NODES: Final = 5  # in simulated futures, whose own noise is larger


@dataclass(frozen=True)
class Passage:
    """What happens to the queries of each place, as shares, with the tiers as first dimension.

    `touched` are answered by the tier, whether or not the answer is used; `used` take its answer;
    `good` take it and it is acceptable. `checked` is how often an answer is checked, all tiers
    together; what cannot go higher is not checked.
    """

    touched: Floats
    used: Floats
    good: Floats
    checked: Floats


def pass_through(
    abilities: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike],
    spread: float,
    accepts_good: npt.ArrayLike,
    accepts_bad: npt.ArrayLike,
    places: Ints,
    *,
    harder_by: npt.ArrayLike = 0.0,
    nodes: int = NODES,
) -> Passage:
    """The passage of queries at `places`, within the tiers that are open there.

    Each ability, share and `harder_by` is a number or has shape (n,) for n futures; the result
    has shape (3, places) or (3, n, places).
    """
    levers = levers_at(places)
    low, high = bounds_at(places)
    difficulty = bin_centres()[places % BINS] + np.asarray(harder_by, dtype=np.float64)[..., None]
    passes_good, passes_bad = (
        np.asarray(share, dtype=np.float64)[..., None] for share in (accepts_good, accepts_bad)
    )
    against = [  # odds against an acceptable answer, before what is unknown of the query
        np.exp(difficulty - levered(np.asarray(a, dtype=np.float64)[..., None], levers))
        for a in abilities
    ]
    shape = np.broadcast_shapes(*(odds.shape for odds in against), passes_good.shape)
    touched, used, good = (np.zeros((3, *shape)) for _ in range(3))
    checked = np.zeros(shape)
    bounded = bool((low > 0).any() or (high < LAST).any())
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    for node, weight in zip(points, weights / weights.sum(), strict=True):
        reach = np.full(shape, weight)
        for tier, fails in enumerate(np.exp(spread * node) * odds for odds in against):
            ok = 1.0 / (1.0 + fails)
            here = np.where((low <= tier) & (tier <= high), reach, 0.0) if bounded else reach
            waits = tier < high if bounded else tier < LAST
            touched[tier] += here
            if waits is False:  # the last answer is used, whatever it is
                used[tier] += here
                good[tier] += here * ok
                continue
            passed = ok * passes_good
            kept = here * np.where(waits, passed + (1.0 - ok) * passes_bad, 1.0)
            used[tier] += kept
            good[tier] += here * np.where(waits, passed, ok)
            checked += np.where(waits, here, 0.0)
            reach = reach - kept
    return Passage(touched, used, good, checked)


def break_even_acceptance(cheap_usd: float, check_usd: float, next_usd: float) -> float:
    """The share of accepted answers above which a cheap first try pays (economics 1.3).

    Above 1 it never does. Costs are per query.
    """
    return (cheap_usd + check_usd) / next_usd if next_usd > 0 else float("inf")
