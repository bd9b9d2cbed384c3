"""Routing over three tiers measured: lift over a fixed split, queries sent too low and too high.

A policy gives each query the tier of the best chance less price, at every price of quality
there is; controls hand out the same difficulties in their own order. The mixing line is the
upper concave hull of the three single tiers: what a random fixed split reaches at that cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.metrics import upper_hull
from core.complexity.scale import chance_ok, flattening

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

KNOWN_ANSWERS: Final = 50  # per tier, from which its ability on the log is fitted
_PRICES: Final = 200  # of quality, tried for the policy's curve


@dataclass(frozen=True)
class ThreeTiers:
    """One data set with three tiers.

    `cost_apgr` is the share of the gap from cheap to frontier recovered, averaged over cost
    (APGR with cost for the share of calls), and `lift` the mean quality above the mixing line at
    equal cost, both by name of the order: `text` and controls. A query needs the cheapest tier
    that answers acceptably (the cheapest one where none does); with each tier given as many of
    the hardest-looking queries as need it, `too_low` and `too_high` are the shares sent below
    and above what they need, `by_chance` either of them for a random order. `alone` is the
    quality of each tier for everything, `oracle` that of the best tier for each query.
    """

    n: int
    cost_apgr: Mapping[str, float]
    lift: Mapping[str, float]
    too_low: float
    too_high: float
    by_chance: float
    alone: tuple[float, float, float]
    oracle: float


def three_tiers(
    difficulty: Floats,
    spread: float,
    score: Floats,
    usd: Floats,
    pass_score: float,
    orders: Mapping[str, Floats],
    *,
    seed: int,
) -> ThreeTiers | None:
    """The figures; None where the dear tier is not better than the cheap one.

    `score` has a row per query and a column per tier (cheap, mid, frontier), `usd` the price of
    each per query. A tier's answer is acceptable from `pass_score`. `orders` are
    the controls' scores. Abilities are fitted from KNOWN_ANSWERS queries, which do not count.
    """
    known = np.random.default_rng(seed).permutation(len(difficulty))
    known, rest = known[:KNOWN_ANSWERS], np.sort(known[KNOWN_ANSWERS:])
    if not len(rest) or not usd[0] < usd[1] < usd[2]:
        return None
    abilities = [ability_from(score[known, tier], difficulty[known], spread) for tier in range(3)]
    read, real = difficulty[rest], score[rest]
    alone = real.mean(axis=0)
    if alone[2] <= alone[0]:
        return None
    hull = upper_hull(usd, alone)
    ordered = np.sort(read)
    handed = {"text": read}
    for name, values in orders.items():
        handed[name] = ordered[np.argsort(np.argsort(values[rest], kind="stable"))]
    areas = {"fixed split": cost_apgr(usd[hull], alone[hull])}
    for name, levels in handed.items():
        areas[name] = cost_apgr(*_policy(levels, abilities, spread, real, usd))
    gap = float(alone[2] - alone[0])
    ok = real >= pass_score - 1e-9
    needed = np.where(ok.any(axis=1), ok.argmax(axis=1), 0)
    needs = np.bincount(needed, minlength=3) / len(rest)
    sent = np.sort(needed)[np.argsort(np.argsort(read, kind="stable"))]
    return ThreeTiers(
        n=len(rest),
        cost_apgr=areas,
        lift={
            name: gap * (area - areas["fixed split"])
            for name, area in areas.items()
            if name != "fixed split"
        },
        too_low=float((sent < needed).mean()),
        too_high=float((sent > needed).mean()),
        by_chance=float(sum(needs[t] * needs[:t].sum() for t in range(3))),
        alone=(float(alone[0]), float(alone[1]), float(alone[2])),
        oracle=float(real.max(axis=1).mean()),
    )


def ability_from(score: Floats, difficulty: Floats, spread: float) -> float:
    """The ability, in logits, at which the expected mean score is that of these answers."""
    target = float(np.clip(score.mean(), 0.5 / len(score), 1 - 0.5 / len(score)))
    ability, slope = float(difficulty.mean()), flattening(spread)
    for _ in range(50):
        chance = chance_ok(ability, difficulty, spread)
        rise = max(slope * float((chance * (1 - chance)).mean()), 1e-3)
        ability += float(np.clip((target - chance.mean()) / rise, -2.0, 2.0))
    return ability


def cost_apgr(usd: Floats, quality: Floats) -> float:
    """The recovered share of the gap between the ends, averaged over cost (see `ThreeTiers`).

    The points go from the cheapest to the dearest; straight lines between them.
    """
    recovered = (quality - quality[0]) / (quality[-1] - quality[0])
    return float(np.trapezoid(recovered, usd) / (usd[-1] - usd[0]))


def _policy(
    difficulty: Floats, abilities: list[float], spread: float, real: Floats, usd: Floats
) -> tuple[Floats, Floats]:
    """Cost and quality of the best tier by chance less price, over prices of quality."""
    # Chances of a dearer tier are never lower than those of a cheaper one.
    steps = np.maximum.accumulate(abilities)
    chance = np.column_stack([chance_ok(ability, difficulty, spread) for ability in steps])
    least = np.diff(usd).min()
    prices = np.concatenate([[0.0], np.geomspace(1e-4, 1.0, _PRICES) / least, [np.inf]])
    costs, qualities = [], []
    rows = np.arange(len(difficulty))
    for price in prices:
        if price == 0.0:
            tier = np.full(len(rows), 2)
        elif np.isinf(price):
            tier = np.zeros(len(rows), dtype=int)
        else:
            tier = (chance - price * usd).argmax(axis=1)
        costs.append(usd[tier].mean())
        qualities.append(real[rows, tier].mean())
    order = np.argsort(costs, kind="stable")
    return np.array(costs)[order], np.array(qualities)[order]
