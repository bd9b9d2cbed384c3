"""What can only be settled once a log has been read to its end."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.logs.attempts import Repeats
from core.logs.mapping import Mapping
from core.logs.pipeline import STOPPED, in_order
from core.logs.query import SCHEMA
from core.logs.query_file import final_files, query_writer
from core.logs.tally import MAX_MODELS, MAX_SEGMENTS, OTHER, Tally
from core.workers import in_processes

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


@dataclass(frozen=True)
class Settlement:
    """What changes in the rows of a log once all of them have been read.

    `texts` keeps the rows with text, or those without; None leaves both. `fill` are the tokens
    of an output that nothing tells, and `folded` the names that stay, by column.
    """

    has_text: bool
    texts: bool | None = None
    fill: int | None = None
    folded: Lookup[str, tuple[str, ...]] = field(default_factory=dict)

    def settle(
        self, rows: pa.Table, attempts: npt.NDArray[np.int16] | None
    ) -> tuple[pa.Table, int, int]:
        """The settled rows, how many were without text, and how many were given an output."""
        if attempts is not None:
            rows = _with(rows, "attempt", pa.array(attempts))
        textless = 0
        if self.texts is not None:
            before = rows.num_rows
            rows = _one_grain(rows, self.texts)
            textless = before - rows.num_rows
        given = 0
        if self.fill is not None:
            well = rows.filter(pc.equal(rows["status"], "ok"))
            given = well["output_tokens"].null_count
            rows = fill_outputs(rows, self.fill)
        for column, kept in self.folded.items():
            rows = _fold(rows, column, pa.array(kept, pa.string()))
        return rows.cast(SCHEMA), textless, given


def settlement_of(tally: Tally, *, aggregate: bool = False) -> Settlement:
    """What is to change, now that all rows were counted.

    A log most of whose rows have text loses those without; else the few texts go, because the
    two are sorted by different means. Rare names become "other". Missing output counts become
    the log's own median when at least 20 rows have one, else GENERAL_OUTPUT_TOKENS, and are
    marked as estimated.
    """
    has_text = 2 * tally.with_text >= max(tally.kept, 1)
    mixed = 0 < tally.with_text + tally.failed_with_text < tally.kept + tally.failed_rows
    own = tally.rows_with_output >= _ENOUGH_ROWS
    fill = tally.median_output() if own else GENERAL_OUTPUT_TOKENS
    names = {
        "model": (_common(tally.models, MAX_MODELS), tally.models),
        "segment": (_common(tally.segments, MAX_SEGMENTS), tally.segments),
    }
    return Settlement(
        has_text,
        has_text if mixed else None,
        fill if _unknown(tally, aggregate) else None,
        {column: tuple(kept) for column, (kept, known) in names.items() if set(known) - set(kept)},
    )


def _unknown(tally: Tally, aggregate: bool) -> int:
    """How many rows have no output count."""
    return 0 if aggregate else tally.kept - tally.rows_with_output


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
    drafts: Sequence[Path],
    final: Path,
    tally: Tally,
    repeats: Sequence[Repeats] | None,
    *,
    now: datetime,
    aggregate: bool = False,
    prefilled: int | None = None,
    stop: Callable[[], bool],
) -> Completion:
    """Write the final rows, or move the drafts when they are already as they should be.

    One draft becomes the file `final`, several a folder of that name with a file each.
    `prefilled` are the output tokens that rows were given already. Repeats of one ask get their
    number.
    """
    settlement = settlement_of(tally, aggregate=aggregate)
    fill, known = settlement.fill, repeats is not None
    finals = final_files(final, len(drafts))
    repeated = any(len(each.place) for each in repeats or ())
    if (
        prefilled == fill
        and not repeated
        and settlement == Settlement(settlement.has_text, fill=fill)
    ):
        for draft, file in zip(drafts, finals, strict=True):
            os.replace(draft, file)
        unknown = _unknown(tally, aggregate)
        if fill is not None:
            tally.fill(unknown, fill)
        return Completion(tally, unknown, fill, settlement.has_text, known)
    jobs = [
        _Job(draft, file, settlement, repeats[number] if repeats else None, now)
        for number, (draft, file) in enumerate(zip(drafts, finals, strict=True))
    ]
    done, filled = tally.restart(), 0
    for _, (settled, given) in in_processes(_settled, jobs, stop=stop, stopped=STOPPED):
        done.merge(settled)
        filled += given
    if prefilled is not None:
        filled = done.kept
    return Completion(done, filled, fill, settlement.has_text, known)


@dataclass(frozen=True)
class _Job:
    draft: Path
    final: Path
    settlement: Settlement
    repeats: Repeats | None
    now: datetime


def _settled(job: _Job) -> tuple[Tally, int]:
    """The tally of a draft's settled rows, once they are written, and how many were filled."""
    import pyarrow.parquet as pq

    facts = pq.read_metadata(job.draft)
    sizes = [facts.row_group(group).num_rows for group in range(facts.num_row_groups)]
    starts = np.cumsum([0, *sizes])

    def settle(group: int) -> tuple[pa.Table, int, int]:
        with pq.ParquetFile(job.draft) as file:
            rows = file.read_row_group(group, use_threads=False)
        numbers = job.repeats.numbers(starts[group], len(rows)) if job.repeats else None
        return job.settlement.settle(rows, numbers)

    done, filled = Tally(), 0
    with query_writer(job.final) as writer:
        for _, (rows, textless, given) in in_order(settle, range(len(sizes))):
            if textless:
                done.skip({"no query text": textless})
            filled += given
            done.add(rows, job.now)
            if rows.num_rows:
                writer.write_table(rows)
    return done, filled


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
