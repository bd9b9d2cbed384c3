"""How a workload falls into tiers: by count and by spend, with the range of the level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.category import USUAL_TOLERANCES
from core.complexity.classifier import Classifier
from core.complexity.scale import TIERS, Tier
from core.workload.grid import (
    BINS,
    PLACES,
    UNBOUND_PLACES,
    Cuts,
    chances,
    cuts_by_lever,
    tier_by_place,
)
from core.workload.workload import Workload, places

# A small error of the log's level, in logits: it moves a chance of success by up to 12 points.
# Logs of a new kind have been further off (the classifier's `level_sd`); then no share holds.
NUDGE: Final = 0.5

_STEPS: Final = 41

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


def usual_cuts_by_lever(classifier: Classifier) -> Cuts:
    """Where the usual tiers begin, for queries of each lever."""
    return cuts_by_lever(classifier.abilities, classifier.spread, USUAL_TOLERANCES)


def tier_shares(
    workload: Workload, spend_usd: Floats, cuts: Cuts, shift: float = NUDGE
) -> list[TierShare]:
    """The three tiers of a workload; `spend_usd` has one value per cell, NaN when unpriced."""
    usd = np.nan_to_num(spend_usd)
    codes = tier_by_place(cuts)[_as_read(workload)]
    queries = workload.cells["queries"].to_numpy()
    lows, highs = _share_range(workload, cuts, shift)
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


def by_tier_and_bin(workload: Workload, cuts: Cuts) -> Floats:
    """Queries per tier and bin of difficulty, shape (3, BINS)."""
    tiers, queries = tier_by_place(cuts), _queries(workload)
    here = [np.where(tiers == code, queries, 0.0) for code in range(len(TIERS))]
    return np.asarray(np.reshape(here, (len(TIERS), -1, BINS)).sum(axis=1), dtype=np.float64)


def unsure_share(workload: Workload, cuts: Cuts, shift: float = NUDGE) -> float:
    """The share of queries whose tier changes when the whole log is `shift` easier or harder."""
    return _share_where(workload, tier_by_place(cuts, -shift) != tier_by_place(cuts, shift))


def hard_for_all_share(workload: Workload, ability_complex: float, spread: float) -> float:
    """The share of queries that even the complex tier's model is likely to fail."""
    return _share_where(workload, chances(ability_complex, spread) < 0.5)


def segment_shares(
    workload: Workload, cuts: Cuts
) -> list[tuple[str, int, tuple[float, float, float]]]:
    """Per segment its name, its queries and the shares of the three tiers; largest first."""
    cells = workload.cells.assign(tier=tier_by_place(cuts)[_as_read(workload)])
    table = cells.pivot_table(
        index="segment", columns="tier", values="queries", aggfunc="sum", fill_value=0
    ).reindex(columns=range(len(TIERS)), fill_value=0)
    found = []
    for name, counts in zip(table.index, table.to_numpy(), strict=True):
        total = int(counts.sum())
        simple, medium, complex_ = (float(count) / total for count in counts)
        found.append((str(name), total, (simple, medium, complex_)))
    return sorted(found, key=lambda segment: (-segment[1], segment[0]))


def _share_range(workload: Workload, cuts: Cuts, shift: float) -> tuple[Floats, Floats]:
    """Lowest and highest share per tier when all difficulties shift by up to `shift` logits.

    The shifts between the two ends are tried too: the medium tier is largest in the middle.
    """
    queries = _queries(workload)
    used = np.flatnonzero(queries)
    weights = queries[used] / max(queries.sum(), 1.0)
    shares = np.array(
        [
            np.bincount(tier_by_place(cuts, by)[used], weights, minlength=3)
            for by in np.linspace(-shift, shift, _STEPS)
        ]
    )
    return shares.min(axis=0), shares.max(axis=0)


def _as_read(workload: Workload) -> npt.NDArray[np.int64]:
    """The place of each cell without rules, which say nothing of how hard queries look."""
    return places(workload.cells) % UNBOUND_PLACES


def _queries(workload: Workload) -> Floats:
    """Queries per place as if there were no rules."""
    weights = workload.cells["queries"].to_numpy()
    found = np.bincount(_as_read(workload), weights=weights, minlength=PLACES)
    return found.astype(np.float64)


def _share_where(workload: Workload, places_in: npt.NDArray[np.bool_]) -> float:
    queries = _queries(workload)
    total = queries.sum()
    return float(queries[places_in].sum() / total) if total else 0.0
