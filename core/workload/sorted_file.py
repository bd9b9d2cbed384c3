"""The sorted queries as a file: one row per query, without its text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.complexity.scale import TIERS
from core.complexity.sorting import tier_chances, usual_tiers
from core.disk import whole
from core.workload.placing import Placing, named
from core.workload.scores import scored_batches
from core.workload.seen import on_scores

SORTED_SCHEMA: Final = pa.schema(
    [
        ("request_id", pa.string()),
        ("segment", pa.string()),
        ("difficulty", pa.float64()),
        ("gain", pa.float64()),
        ("tier", pa.string()),
        ("p_simple_ok", pa.float64()),
        ("p_medium_ok", pa.float64()),
        ("p_complex_ok", pa.float64()),
    ]
)
_ELSEWHERE: Final = "name a file in another folder"
_READ: Final = ["request_id", "segment", "status", "text_chars"]


def write_sorted(queries: Path, scores: Path, placing: Placing, out: Path) -> None:
    """One row per query in input order: its segment, difficulty, gain, tier, and chances.

    Failed and cancelled calls are left out.

    `difficulty` is 0..1, the chance that the reference simple model fails; `gain` is what the
    reference complex model is expected to add over the simple one. Never the query's text. The
    file's metadata keep the `basis`.
    """
    placing = on_scores(placing, scores)
    schema = SORTED_SCHEMA.with_metadata({"basis": placing.classifier.basis})
    with whole(out, _ELSEWHERE) as unfinished, pq.ParquetWriter(unfinished, schema) as sink:
        for batch, score in scored_batches(
            queries, scores, _READ, topics=placing.learned is not None
        ):
            sink.write_batch(sorted_rows(batch, score, placing).cast(sink.schema))


def sorted_rows(
    queries: pa.RecordBatch, scores: pa.RecordBatch, placing: Placing
) -> pa.RecordBatch:
    """The rows of SORTED_SCHEMA for those of some queries that went well."""
    went_well = pc.equal(queries.column("status"), "ok")
    queries, scores = queries.filter(went_well), scores.filter(went_well)
    placed = placing.place(queries, scores)
    chances = tier_chances(placing.classifier, placed.difficulty, placed.lever)
    snapped = placed.binned()
    codes = usual_tiers(placing.classifier, snapped.difficulty, snapped.lever)
    tiers = pa.array(TIERS).take(pa.array(codes))
    values = [1 - chances[0], chances[2] - chances[0], tiers, *chances]
    columns = [queries.column("request_id"), named(placed.segment), *map(pa.array, values)]
    return pa.record_batch(columns, schema=SORTED_SCHEMA)
