"""What can only be settled once a log has been read to its end."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping as Lookup
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.logs.mapping import Mapping
from core.logs.pipeline import in_order
from core.logs.query import SCHEMA
from core.logs.query_file import query_writer
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


def foreseen_fill(mapping: Mapping) -> int | None:
    """The output tokens that every row will be given, where no column tells any."""
    told = mapping.output_tokens or mapping.total_tokens or mapping.response
    return None if told else GENERAL_OUTPUT_TOKENS


def fill_outputs(rows: pa.Table, fill: int) -> pa.Table:
    """The rows with `fill` tokens, marked as estimated, where no output count is known."""
    tokens = rows.column("output_tokens")
    estimated = pc.or_(rows.column("output_estimated"), pc.is_null(tokens))
    rows = _with(rows, "output_estimated", estimated)
    return _with(rows, "output_tokens", pc.fill_null(tokens, fill)).cast(SCHEMA)


def complete(
    draft: Path,
    final: Path,
    tally: Tally,
    attempts: npt.NDArray[np.int16] | None,
    *,
    now: datetime,
    aggregate: bool = False,
    prefilled: int | None = None,
) -> Completion:
    """Write the final rows, or move the draft when it is already as it should be.

    A log most of whose rows have text loses those without; else the few texts go, because
    the two are sorted by different means. Rare names become "other". Missing output counts
    become the log's own median when at least 20 rows have one, else GENERAL_OUTPUT_TOKENS,
    and are marked as estimated; `prefilled` says that the draft has them already. Repeats of
    one ask get their number.
    """
    has_text = 2 * tally.with_text >= max(tally.kept, 1)
    mixed = 0 < tally.with_text + tally.failed_with_text < tally.kept + tally.failed_rows
    unknown = 0 if aggregate else tally.kept - tally.rows_with_output
    own = tally.rows_with_output >= _ENOUGH_ROWS
    fill = (tally.median_output() if own else GENERAL_OUTPUT_TOKENS) if unknown else None
    folded = {
        column: pa.array(kept, pa.string())
        for column, kept, all_names in (
            ("model", _common(tally.models, MAX_MODELS), tally.models),
            ("segment", _common(tally.segments, MAX_SEGMENTS), tally.segments),
        )
        if set(all_names) - set(kept)
    }
    repeated = attempts is not None and bool((attempts > 1).any())
    if prefilled == fill and not folded and not mixed and not repeated:
        os.replace(draft, final)
        if fill is not None:
            tally.fill(unknown, fill)
        return Completion(tally, unknown, fill, has_text, attempts is not None)
    settle = _Settlement(draft, attempts, has_text if mixed else None, fill, folded)
    done, filled = tally.restart(), 0
    with query_writer(final) as writer:
        for _, (rows, textless, given) in in_order(settle.group, range(settle.groups)):
            if textless:
                done.skip({"no query text": textless})
            filled += given
            done.add(rows, now)
            if rows.num_rows:
                writer.write_table(rows)
    if prefilled is not None:
        filled = done.kept
    return Completion(done, filled, fill, has_text, attempts is not None)


class _Settlement:
    """What is to change in every row, one row group of the draft at a time."""

    def __init__(
        self,
        draft: Path,
        attempts: npt.NDArray[np.int16] | None,
        texts: bool | None,
        fill: int | None,
        folded: Lookup[str, pa.Array],
    ) -> None:
        import pyarrow.parquet as pq

        self._draft = draft
        self._attempts = attempts
        self._texts = texts  # keep those with text, or the others; None: no such choice
        self._fill = fill
        self._folded = folded
        facts = pq.read_metadata(draft)
        self.groups = facts.num_row_groups
        sizes = [facts.row_group(group).num_rows for group in range(self.groups)]
        self._starts = np.concatenate([[0], np.cumsum(sizes)])

    def group(self, place: int) -> tuple[pa.Table, int, int]:
        """The settled rows, how many were without text, and how many were given an output."""
        import pyarrow.parquet as pq

        with pq.ParquetFile(self._draft) as file:
            rows = file.read_row_group(place, use_threads=False)
        if self._attempts is not None:
            first, last = self._starts[place], self._starts[place + 1]
            rows = _with(rows, "attempt", pa.array(self._attempts[first:last]))
        textless = 0
        if self._texts is not None:
            before = rows.num_rows
            rows = _one_grain(rows, self._texts)
            textless = before - rows.num_rows
        given = 0
        if self._fill is not None:
            well = rows.filter(pc.equal(rows["status"], "ok"))
            given = well["output_tokens"].null_count
            rows = fill_outputs(rows, self._fill)
        for column, kept in self._folded.items():
            rows = _fold(rows, column, kept)
        return rows.cast(SCHEMA), textless, given


def _one_grain(rows: pa.Table, has_text: bool) -> pa.Table:
    if not has_text:
        nothing = pa.nulls(rows.num_rows, pa.string())
        return _with(_with(rows, "text", nothing), "answer", nothing)
    return rows.filter(pc.greater(rows.column("text_chars"), 0))


def _common(names: Counter[str], most: int) -> list[str]:
    if len(names) <= most:
        return list(names)
    return [name for name, _ in names.most_common(most)]


def _fold(rows: pa.Table, column: str, kept: pa.Array) -> pa.Table:
    names = rows.column(column)
    stays = pc.or_(pc.is_in(names, value_set=kept), pc.is_null(names))
    return _with(rows, column, pc.if_else(stays, names, OTHER))


def _with(rows: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    return rows.set_column(rows.column_names.index(column), column, values)
