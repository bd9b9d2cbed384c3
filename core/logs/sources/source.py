"""What every source offers, and the two ways to be one: record by record, or by columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Protocol, runtime_checkable

import pyarrow as pa

from core.logs.containers.chunk import Chunk
from core.logs.containers.records import Record
from core.logs.mapping import Mapping as ColumnMapping
from core.logs.sources.call import Call, calls_mapping, roles_table

LogKind = Literal["requests", "aggregate"]
UNLIKE: Final = (  # what a record that is shaped unlike its format may raise
    TypeError, ValueError, AttributeError, KeyError, IndexError, RecursionError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """The first rows of a file, for telling what wrote it.

    `columns` is the header, or every top-level key of the records; cells of a table are text.
    """

    columns: frozenset[str]
    records: Sequence[Record]

    def has(self, *columns: str) -> bool:
        """Whether all of these columns are there."""
        return self.columns.issuperset(columns)

    def holds(self, root: str) -> bool:
        """Whether an object is there, whole or as columns with dotted names."""
        return any(c == root or c.startswith(f"{root}.") for c in self.columns)


@dataclass(frozen=True)
class Standard:
    """Rows ready for `canonical`: columns, what they mean, and the rows that are no calls.

    `passed_over` counts rows that were never calls (a tool's own spans, empty buckets),
    `dropped` calls that cannot be used and `doubts` values left out of calls; all by reason.
    """

    rows: pa.Table
    mapping: ColumnMapping
    passed_over: Mapping[str, int] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    doubts: Mapping[str, int] = field(default_factory=dict)


@runtime_checkable
class Remembering(Protocol):
    """A reader of pieces that can remember those it has read, where rows belong together."""

    def __call__(self, chunk: Chunk, mapping: ColumnMapping, /) -> Standard:
        """The rows of a piece."""

    def afresh(self) -> Callable[[Chunk, ColumnMapping], Standard]:
        """A reader of the same kind that has read nothing yet, and remembers."""


@dataclass(frozen=True)
class Source:
    """A tool's export: how to tell it, how to read it, and what to say about it."""

    id: str  # stored with the log
    label: str  # for people, as in "This is a Langfuse observations export"
    recognises: Callable[[Look], bool]
    standard: Callable[[Chunk, ColumnMapping], Standard] | Remembering
    kind: LogKind = "requests"
    notes: tuple[str, ...] = ()  # what a person should know about every such log
    row_cap: int | None = None  # the tool stops an export at this many rows

    def begun(self) -> Source:
        """The source with a reader for the pieces of one log, to be read in their order."""
        if isinstance(self.standard, Remembering):
            return replace(self, standard=self.standard.afresh())
        return self

    def mapping(self) -> ColumnMapping:
        """The mapping that says: this source reads the log."""
        return ColumnMapping(source=self.id)


class Skip(Exception):
    """Raised while a record is read: it holds no call; the text says what it is instead."""


def by_record(
    source: str, read: Callable[[Record], Call | Iterable[Call]]
) -> Callable[[Chunk, ColumnMapping], Standard]:
    """A `Source.standard` that reads record by record: to one call, to several, or Skip.

    A record that is shaped unlike the format is dropped and counted.
    """
    mapping = calls_mapping(source)

    def standard(chunk: Chunk, _: ColumnMapping) -> Standard:
        calls: list[Call] = []
        passed_over: Counter[str] = Counter()
        dropped: Counter[str] = Counter()
        for record in chunk.records():
            try:
                found = read(record)
                calls += [found] if isinstance(found, Call) else found
            except Skip as reason:
                passed_over[str(reason)] += 1
            except UNLIKE:
                dropped["not shaped like the rest of the export"] += 1
        doubts = Counter(doubt for call in calls for doubt in call.doubts)
        return Standard(roles_table(calls), mapping, passed_over, dropped, doubts)

    return standard


def by_columns(
    mapping: ColumnMapping,
    passed_over: Callable[[pa.Table], tuple[pa.Array, str]] | None = None,
    derive: Callable[[pa.Table], Mapping[str, pa.Array]] | None = None,
) -> Callable[[Chunk, ColumnMapping], Standard]:
    """A `Source.standard` for a flat table with a fixed header, read whole columns at a time.

    Columns that a file lacks are left out of the mapping. `passed_over` gives a mask of rows
    that are no calls, and what they are; `derive` gives further columns of strings by name, for
    the mapping to name.
    """

    def standard(chunk: Chunk, _: ColumnMapping) -> Standard:
        rows = chunk.table()
        skipped: dict[str, int] = {}
        if passed_over:
            mask, why = passed_over(rows)
            skipped = {why: rows.num_rows}
            rows = rows.filter(pa.compute.invert(mask))
            skipped[why] -= rows.num_rows
        for name, values in (derive(rows) if derive else {}).items():
            rows = rows.append_column(name, values)
        return Standard(
            rows, mapping.only(rows.column_names), {k: n for k, n in skipped.items() if n}
        )

    return standard
