"""What can only be settled once a log has been read to its end."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.logs.query import SCHEMA
from core.logs.tally import MAX_MODELS, MAX_SEGMENTS, OTHER, Tally

# For a log that says nothing of its own: the mean of the Azure LLM inference trace 2023
# (conversation, 19,366 calls) is 211; rounded up, a judgement.
GENERAL_OUTPUT_TOKENS: Final = 250
_ENOUGH_ROWS: Final = 20


@dataclass(frozen=True)
class Completion:
    """The final tally, how many rows were given how many output tokens, and what was settled."""

    tally: Tally
    filled: int
    output_fill: int | None
    has_text: bool
    repeats_known: bool


def complete(
    draft: Path,
    final: Path,
    tally: Tally,
    attempts: npt.NDArray[np.int16] | None,
    *,
    now: datetime,
    aggregate: bool = False,
) -> Completion:
    """Write the final rows, or move the draft when it is already as it should be.

    A log most of whose rows have text loses those without; else the few texts go, because
    the two are sorted by different means. Rare names become "other". Missing output counts
    become the log's own median when at least 20 rows have one, else GENERAL_OUTPUT_TOKENS,
    and are marked as estimated. Repeats of one ask get their number.
    """
    import pyarrow.parquet as pq

    has_text = 2 * tally.with_text >= max(tally.kept, 1)
    mixed = 0 < tally.with_text + tally.failed_with_text < tally.kept + tally.failed_rows
    filled = 0 if aggregate else tally.kept - tally.rows_with_output
    own = tally.rows_with_output >= _ENOUGH_ROWS
    fill = (tally.median_output() if own else GENERAL_OUTPUT_TOKENS) if filled else None
    folded = {
        column: pa.array(kept, pa.string())
        for column, kept, all_names in (
            ("model", _common(tally.models, MAX_MODELS), tally.models),
            ("segment", _common(tally.segments, MAX_SEGMENTS), tally.segments),
        )
        if set(all_names) - set(kept)
    }
    repeated = attempts is not None and bool((attempts > 1).any())
    if fill is None and not folded and not mixed and not repeated:
        os.replace(draft, final)
        return Completion(tally, 0, None, has_text, attempts is not None)
    done, at = tally.restart(), 0
    with (
        pq.ParquetFile(draft) as file,
        pq.ParquetWriter(final, SCHEMA, compression="zstd", compression_level=1) as writer,
    ):
        for group in range(file.num_row_groups):
            rows = file.read_row_group(group)
            if attempts is not None:
                rows = _with(rows, "attempt", pa.array(attempts[at : at + rows.num_rows]))
            at += rows.num_rows
            if mixed:
                rows = _one_grain(rows, has_text, done)
            if fill is not None:
                rows = _fill_outputs(rows, fill)
            for column, kept in folded.items():
                rows = _fold(rows, column, kept)
            rows = rows.cast(SCHEMA)
            done.add(rows, now)
            if rows.num_rows:
                writer.write_table(rows)
    return Completion(done, filled, fill, has_text, attempts is not None)


def _one_grain(rows: pa.Table, has_text: bool, tally: Tally) -> pa.Table:
    if not has_text:
        return _with(rows, "text", pa.nulls(rows.num_rows, pa.string()))
    kept = rows.filter(pc.greater(rows.column("text_chars"), 0))
    if kept.num_rows < rows.num_rows:
        tally.skip({"no query text": rows.num_rows - kept.num_rows})
    return kept


def _common(names: Counter[str], most: int) -> list[str]:
    if len(names) <= most:
        return list(names)
    return [name for name, _ in names.most_common(most)]


def _fill_outputs(rows: pa.Table, fill: int) -> pa.Table:
    tokens = rows.column("output_tokens")
    estimated = pc.or_(rows.column("output_estimated"), pc.is_null(tokens))
    return _with(
        _with(rows, "output_estimated", estimated), "output_tokens", pc.fill_null(tokens, fill)
    )


def _fold(rows: pa.Table, column: str, kept: pa.Array) -> pa.Table:
    names = rows.column(column)
    stays = pc.or_(pc.is_in(names, value_set=kept), pc.is_null(names))
    return _with(rows, column, pc.if_else(stays, names, OTHER))


def _with(rows: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(column), column, values)
