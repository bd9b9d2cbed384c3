"""Canonical rows as they are first written: in files that are whole one by one.

What a draft lacks is settled when all rows have been read (`completion`). A draft that is whole
stays whole: an import that was cut off goes on after the last one.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from core.errors import BadInput, Cancelled
from core.logs import amounts
from core.logs.attempts import Asks, asks_of, joined_asks, load_asks
from core.logs.canonical import Canonical, Circumstances, canonical
from core.logs.completion import fill_outputs
from core.logs.mapping import Mapping as ColumnMapping
from core.logs.partitions import Partition
from core.logs.pipeline import STOPPED, in_order
from core.logs.query_file import query_writer
from core.logs.sources.generic import GENERIC
from core.logs.sources.source import Source, Standard
from core.logs.tally import Tally


@dataclass(frozen=True)
class Manner:
    """How the rows of a log are read, the same for all of them."""

    mapping: ColumnMapping
    now: datetime
    key: bytes  # for the hashes of users and sessions
    keep_text: bool = True
    fill: int | None = None  # output tokens of every row, where no column tells any


@dataclass(frozen=True)
class Draft:
    """A whole file of canonical rows: where it lies, and the row that comes after it."""

    path: Path
    next_row: int
    asks_told: int  # rows that tell what they ask

    def tally(self) -> Tally:
        """What was counted of its rows."""
        return Tally.from_json(json.loads(_facts_file(self.path).read_text("utf-8"))["tally"])

    def asks(self) -> Asks:
        """The asks of its rows."""
        return load_asks(_asks_file(self.path))


@dataclass(frozen=True)
class Piece:
    """A chunk as its source reads it, before its rows are canonical."""

    standard: Standard
    around: Circumstances
    skipped: Mapping[str, int]
    bytes_read: int

    @property
    def next_row(self) -> int:
        """The number of the row that follows."""
        return self.around.first_row + self.around.rows


def canonical_pieces(
    partition: Partition,
    source: Source,
    manner: Manner,
    *,
    stop: Callable[[], bool],
    from_row: int = 1,
) -> Generator[tuple[Piece, Canonical]]:
    """The rows of a partition in their order, from that row on, which must begin a piece.

    Raises Cancelled when `stop()` turns true, and BadInput for what cannot be read.
    """
    pieces = _pieces(partition, source, manner, stop, from_row)
    yield from in_order(_canonical, pieces)


def _canonical(piece: Piece) -> Canonical:
    return canonical(piece.standard.rows, piece.standard.mapping, piece.around)


def _pieces(
    partition: Partition,
    source: Source,
    manner: Manner,
    stop: Callable[[], bool],
    from_row: int,
) -> Generator[Piece]:
    mapping = manner.mapping
    columns = mapping.columns() if source is GENERIC else None
    row = partition.first_row
    for part, before, chunk in partition.chunks(columns):
        if stop():
            raise Cancelled(STOPPED)
        dialect = part.container.dialect
        comma = dialect is not None and dialect.delimiter == ";"
        if comma and source is not GENERIC and isinstance(chunk.content, pa.Table):
            chunk = replace(chunk, content=amounts.with_points(chunk.content))
        standard = source.standard(chunk, mapping)  # also of rows passed by: it may remember
        if source is GENERIC:
            _need_mapped(mapping, standard.rows, part.name)
        around = Circumstances(
            row, manner.now, comma, manner.keep_text,
            aggregate=source.kind == "aggregate", key=manner.key, rows=len(chunk),
        )  # fmt: skip
        row += len(chunk)
        if around.first_row >= from_row:
            yield Piece(standard, around, chunk.skipped, before + chunk.bytes_read)


class DraftWriter:
    """A draft while it is written: it exists only once it is closed, and then it is whole."""

    def __init__(self, path: Path, manner: Manner) -> None:
        self.tally = Tally()
        self._path, self._manner = path, manner
        self._asks: list[Asks] = []
        self._next_row = 1
        # A name of its own: what an attempt that was cut off holds open must not be written into.
        self._unfinished = path.with_name(f"{path.stem}-{secrets.token_hex(4)}.part")
        self._writer = query_writer(self._unfinished)

    def add(self, piece: Piece, read: Canonical) -> None:
        """Write and count the rows of a piece."""
        rows, asks = taken(piece, read, self._manner, self.tally)
        self._next_row = piece.next_row
        if rows.num_rows:
            self._asks.append(asks)
            self._writer.write_table(rows)

    def close(self) -> Draft:
        """The whole draft."""
        self._writer.close()
        self._unfinished.replace(self._path)
        asks = joined_asks(self._asks)
        asks.save(_asks_file(self._path))
        told = len(asks.place)
        facts = {"tally": self.tally.to_json(), "next_row": self._next_row, "asks_told": told}
        unfinished = self._path.with_suffix(".part")
        unfinished.write_text(json.dumps(facts), "utf-8")
        unfinished.replace(_facts_file(self._path))  # from now on it counts as whole
        return Draft(self._path, self._next_row, told)


def taken(piece: Piece, read: Canonical, manner: Manner, tally: Tally) -> tuple[pa.Table, Asks]:
    """A piece's rows as they are kept, and their asks; counted with what was left out of it."""
    for reasons in (piece.skipped, piece.standard.dropped, read.dropped):
        tally.skip(reasons)
    tally.note(piece.standard.passed_over, [piece.standard.doubts, read.doubts], read.redactions)
    if read.rows.num_rows:
        tally.add(read.rows, manner.now)
    rows = fill_outputs(read.rows, manner.fill) if manner.fill else read.rows
    return rows, asks_of(read.rows, read.asks)


def whole_draft(path: Path) -> Draft | None:
    """The draft at that path; None when there is none, or none that is whole."""
    try:
        facts = json.loads(_facts_file(path).read_text("utf-8"))
    except FileNotFoundError:
        return None
    # The last attempt may have been cut off when the rows had gone to their place already.
    return Draft(path, facts["next_row"], facts["asks_told"]) if path.exists() else None


def _facts_file(path: Path) -> Path:
    return path.with_suffix(".json")


def _asks_file(path: Path) -> Path:
    return path.with_suffix(".npz")


def _need_mapped(mapping: ColumnMapping, rows: pa.Table, name: str) -> None:
    absent = sorted(mapping.columns() - set(rows.column_names))
    if absent:
        raise BadInput(
            f"The file has no column {', '.join(map(repr, absent))}",
            where=name,
            remedy="Map the columns again",
        )
