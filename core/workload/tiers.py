"""How a workload falls into tiers: by count and by spend, with the range of the level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.complexity.category import categorize, share_range
from core.complexity.scale import TIERS, Tier
from core.workload.workload import Workload, bin_centres

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TierShare:
    """One tier's part of the queries and of today's spend.

    `low` and `high` are the 90% range of the share of queries when the whole log is easier or
    harder than it looks. `spend_share` is None when nothing in the log has a known cost.
    """

    tier: Tier
    queries: int
    share: float
    low: float
    high: float
    spend_usd: float  # over the period of the log
    spend_share: float | None


def tier_shares(
    workload: Workload, spend_usd: Floats, cuts: tuple[float, float], level_sd: float
) -> list[TierShare]:
    """The three tiers of a workload; `spend_usd` has one value per cell, NaN when unpriced."""
    usd = np.nan_to_num(spend_usd)
    codes = categorize(bin_centres(), cuts)[workload.cells["bin"].to_numpy()]
    queries = workload.cells["queries"].to_numpy()
    by_bin = workload.by_bin()
    lows, highs = share_range(bin_centres(), cuts, level_sd, weights=by_bin)
    total, money = max(int(queries.sum()), 1), float(usd.sum())
    found = []
    for code, tier in enumerate(TIERS):
        here = codes == code
        count, spent = int(queries[here].sum()), float(usd[here].sum())
        found.append(
            TierShare(
                tier=tier,
                queries=count,
                share=count / total,
                low=float(lows[code]),
                high=float(highs[code]),
                spend_usd=spent,
                spend_share=spent / money if money else None,
            )
        )
    return found


def unsure_share(workload: Workload, cuts: tuple[float, float], level_sd: float) -> float:
    """The share of queries whose tier would change if the log's level moved by one sd."""
    by_bin = workload.by_bin()
    centres = bin_centres()
    easier, harder = (categorize(centres + shift, cuts) for shift in (-level_sd, level_sd))
    total = by_bin.sum()
    return float(by_bin[easier != harder].sum() / total) if total else 0.0
