"""The queries of a log with outcomes of their own: where each belongs, and how each model did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.workload.grid import UNBOUND_PLACES, bin_of, places_of
from core.workload.outcomes import OwnOutcomes
from core.workload.placing import Placing
from core.workload.routing_rules import RoutingRule, bounds_of, customer_key, first_fit
from core.workload.scores import scored_batches
from core.workload.seen import on_scores
from core.workload.windows import Windows, bounds_within
from core.workload.workload import band_of

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

TOKENS: Final = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")


@dataclass(frozen=True)
class Labelled:
    """Labelled queries, in the order of the log.

    `place` is that on the grid without windows, `band` the one of its input tokens; `score` has
    NaN where a model has no outcome, shape (queries, models). `tokens` has one array per TOKENS.
    """

    place: Ints
    band: Ints
    models: tuple[str, ...]  # as the outcomes name them
    score: Floats
    tokens: dict[str, Floats]

    def places(self, windows: Windows) -> Ints:
        """The places with what is too long for a model bound to others."""
        bound, rest = np.divmod(self.place, UNBOUND_PLACES)
        return np.asarray(bounds_within(windows)[self.band, bound] * UNBOUND_PLACES + rest)


def labelled_queries(
    queries: Path,
    scores: Path,
    placing: Placing,
    own: OwnOutcomes,
    rules: Sequence[RoutingRule] = (),
) -> Labelled:
    """The queries of a scored log that have outcomes."""
    placing = on_scores(placing, scores)
    key = customer_key(rules, queries)
    rows = np.unique(own.row)
    models = sorted(set(own.model.to_pylist()))
    score = np.full((len(rows), len(models)), np.nan)
    code = pc.index_in(own.model, value_set=pa.array(models)).to_numpy()
    score[np.searchsorted(rows, own.row), code] = own.score
    place, tokens, start = [], [], 0
    for batch, scored in scored_batches(queries, scores, topics=placing.learned is not None):
        here = pa.array(rows[(rows >= start) & (rows < start + len(batch))] - start)
        start += len(batch)
        if not len(here):
            continue
        batch, scored = batch.take(here), scored.take(here)
        placed = placing.place(batch, scored)
        bound = bounds_of(rules, first_fit(rules, pa.table(batch), placed, key))
        place.append(places_of(bound, placed.lever, bin_of(placed.difficulty)))
        tokens.append([pc.fill_null(batch.column(name), 0).to_numpy() for name in TOKENS])
    joined = [np.concatenate(parts).astype(np.float64) for parts in zip(*tokens, strict=True)]
    return Labelled(
        place=np.concatenate(place),
        band=band_of(joined[0].astype(np.int64)),
        models=tuple(models),
        score=score,
        tokens=dict(zip(TOKENS, joined, strict=True)),
    )
