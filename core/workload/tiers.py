"""How a workload falls into tiers: by count and by spend, with the range of the level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.category import categorize, hard_for_all, share_range
from core.complexity.scale import TIERS, Tier
from core.workload.workload import Workload, bin_centres

# A small error of the log's level, in logits: it moves a chance of success by up to 12 points.
# Logs of a new kind have been further off (the classifier's `level_sd`); then no share holds.
NUDGE: Final = 0.5

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TierShare:
    """One tier's part of the queries and of today's spend.

    `low` and `high` are the ends of the share of queries when the whole log is up to `shift`
    logits easier or harder than it looks. `spend_share` is None when nothing in the log has a
    known cost.
    """

    tier: Tier
    queries: int
    share: float
    low: float
    high: float
    spend_usd: float  # over the period of the log
    spend_share: float | None


def tier_shares(
    workload: Workload, spend_usd: Floats, cuts: tuple[float, float], shift: float = NUDGE
) -> list[TierShare]:
    """The three tiers of a workload; `spend_usd` has one value per cell, NaN when unpriced."""
    usd = np.nan_to_num(spend_usd)
    codes = categorize(bin_centres(), cuts)[workload.cells["bin"].to_numpy()]
    queries = workload.cells["queries"].to_numpy()
    by_bin = workload.by_bin()
    lows, highs = share_range(bin_centres(), cuts, shift, weights=by_bin, z=1.0)
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


def unsure_share(workload: Workload, cuts: tuple[float, float], shift: float = NUDGE) -> float:
    """The share of queries whose tier changes when the whole log is `shift` easier or harder."""
    by_bin = workload.by_bin()
    easier, harder = (categorize(bin_centres() + by, cuts) for by in (-shift, shift))
    total = by_bin.sum()
    return float(by_bin[easier != harder].sum() / total) if total else 0.0


def hard_for_all_share(workload: Workload, ability_complex: float, spread: float) -> float:
    """The share of queries that even the complex tier's model is likely to fail."""
    by_bin = workload.by_bin()
    total = by_bin.sum()
    hard = hard_for_all(bin_centres(), ability_complex, spread)
    return float(by_bin[hard].sum() / total) if total else 0.0


def segment_shares(
    workload: Workload, cuts: tuple[float, float]
) -> list[tuple[str, int, tuple[float, float, float]]]:
    """Per segment its name, its queries and the shares of the three tiers; largest first."""
    cells = workload.cells.assign(tier=categorize(bin_centres(), cuts)[workload.cells["bin"]])
    table = cells.pivot_table(
        index="segment", columns="tier", values="queries", aggfunc="sum", fill_value=0
    ).reindex(columns=range(len(TIERS)), fill_value=0)
    found = []
    for name, counts in zip(table.index, table.to_numpy(), strict=True):
        total = int(counts.sum())
        simple, medium, complex_ = (float(count) / total for count in counts)
        found.append((str(name), total, (simple, medium, complex_)))
    return sorted(found, key=lambda segment: (-segment[1], segment[0]))
