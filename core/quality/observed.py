"""What users say of each tier, week by week: ratings, and questions that were asked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.scale import TIERS, Tier
from core.quality.intervals import wilson
from core.routing.assumptions import Uncertainty
from core.routing.plan import Plan
from core.routing.simulate import plan_cuts
from core.workload.grid import bin_of, places_of, tier_by_place
from core.workload.placing import Placing
from core.workload.pricing import Names
from core.workload.scores import scored_batches
from core.workload.seen import on_scores

ENOUGH: Final = 30  # ratings; fewer are shown, with a flag
KEYS: Final = ["tier", "segment", "week"]
SUMS: Final = ["queries", "rated", "good", "repeated", "escalated", "edited"]
_NEEDED: Final = [
    "request_id", "segment", "text_chars", "status", "model", "time", "feedback", "attempt",
    "escalated", "edited",
]  # fmt: skip


def observed(
    queries: Path,
    scores: Path,
    placing: Placing,
    plan: Plan,
    names: Names,
    uncertainty: Uncertainty,
) -> pd.DataFrame:
    """Counts per tier (0..2), segment and week: queries, rated and good ones, asks repeated.

    Also answers that somebody took over from, and those that were changed. A query is of the tier
    whose model answered it; one that another model answered is of the tier that the plan would
    have sent it to. A rating of a half and more is good. Weeks start on Mondays; NaT where the
    log has no time.
    """
    placing = on_scores(placing, scores)
    tiers = tier_by_place(plan_cuts(plan, uncertainty.spread))
    by_model = {model.id: code for code, model in reversed(list(enumerate(plan.models.values())))}
    parts = []
    for batch, scored in scored_batches(
        queries, scores, _NEEDED, topics=placing.learned is not None
    ):
        ok = pc.equal(batch.column("status"), "ok")
        batch, scored = batch.filter(ok), scored.filter(ok)
        placed = placing.place(batch, scored)
        none = np.zeros(len(batch), dtype=np.int64)
        sorted_to = tiers[places_of(none, placed.lever, bin_of(placed.difficulty))]
        feedback = batch.column("feedback").to_numpy(zero_copy_only=False).astype(np.float64)
        rated = ~np.isnan(feedback)
        parts.append(
            pd.DataFrame(
                {
                    "tier": np.where(
                        (answered := _answered(batch.column("model"), names, by_model)) >= 0,
                        answered,
                        sorted_to,
                    ),
                    "segment": placed.segment.to_pandas(),
                    "week": _weeks(batch.column("time")),
                    "queries": 1,
                    "rated": rated.astype(np.int64),
                    "good": (rated & (feedback >= 0.5)).astype(np.int64),
                    "repeated": (batch.column("attempt").to_numpy() > 1).astype(np.int64),
                    "escalated": _happened(batch.column("escalated")),
                    "edited": _happened(batch.column("edited")),
                }
            )
            .groupby(KEYS, as_index=False, dropna=False)[SUMS]
            .sum()
        )
    return pd.concat(parts).groupby(KEYS, as_index=False, dropna=False)[SUMS].sum()


@dataclass(frozen=True)
class Rate:
    """Ratings of a part of the traffic: the share of good ones with its 95% interval."""

    tier: Tier
    segment: str | None  # None: all of them
    week: pd.Timestamp | None  # None: all of them
    queries: int
    rated: int
    good: int
    repeated: int
    escalated: int = 0
    edited: int = 0

    @property
    def share(self) -> float | None:
        """The share of good ratings; None without any."""
        return self.good / self.rated if self.rated else None

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of that share."""
        return wilson(self.good, self.rated)

    @property
    def enough(self) -> bool:
        """Whether there are enough ratings to speak of."""
        return self.rated >= ENOUGH


def rates(table: pd.DataFrame, by: Sequence[str] = ("tier",)) -> list[Rate]:
    """The ratings by tier, and by segment or week too where `by` names them, in order."""
    summed = table.groupby(list(by), as_index=False, sort=True)[SUMS].sum()
    return [
        Rate(
            tier=TIERS[int(row["tier"])],
            segment=str(row["segment"]) if "segment" in by else None,
            week=pd.Timestamp(row["week"]) if "week" in by else None,
            **{name: int(row[name]) for name in SUMS},
        )
        for row in summed.to_dict(orient="records")
    ]


def _happened(signal: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(signal, False).to_numpy(zero_copy_only=False), dtype=np.int64)


def _answered(models: pa.Array, names: Names, by_model: dict[str, int]) -> np.ndarray:
    """The tier whose model answered each query, -1 for a model that is in none."""
    coded = models.dictionary_encode()
    tier_of = []
    for name in coded.dictionary.to_pylist():
        model = names.get(name)
        tier_of.append(by_model.get(model.id, -1) if model else -1)
    codes = pc.fill_null(coded.indices, len(tier_of)).to_numpy()
    return np.asarray(np.array([*tier_of, -1], dtype=np.int64)[codes])


def _weeks(times: pa.Array) -> pd.Series:
    days = pc.floor_temporal(times, unit="week", week_starts_monday=True)
    return pd.Series(days.to_pandas()).dt.tz_localize(None)
