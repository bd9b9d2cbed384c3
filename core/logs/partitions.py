"""A log cut into runs of rows that processes can read at once, each by itself."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final

from core.logs.containers import parquet
from core.logs.containers.archive import size_of
from core.logs.containers.chunk import Chunk
from core.logs.containers.reading import read_chunks
from core.logs.parts import Part, Parts

PARTITION_ROWS: Final = 100_000  # a second or two of work: soon cancelled, soon done again


@dataclass(frozen=True)
class Partition:
    """Rows of one file that follow one another, or all rows of several files.

    `row_groups` are those of a Parquet file, None for all there is. `first_row` counts from 1
    over the whole log. `size` is its share of the files' bytes.
    """

    parts: tuple[Part, ...]
    size: int
    first_row: int = 1
    row_groups: tuple[int, ...] | None = None

    def chunks(self, columns: frozenset[str] | None) -> Generator[tuple[Part, int, Chunk]]:
        """The rows in pieces, each with its file and the bytes that lie before that file."""
        before = 0
        for part in self.parts:
            for chunk in self._of(part, columns):
                yield part, before, chunk
            before += size_of(part.place)

    def _of(self, part: Part, columns: frozenset[str] | None) -> Generator[Chunk]:
        if self.row_groups is None:
            yield from read_chunks(part.place, part.container, part.name, columns=columns)
        else:
            yield from parquet.read(part.place, part.name, columns, row_groups=self.row_groups)


def partitions_of(log: Parts, *, apart: bool) -> tuple[Partition, ...]:
    """The partitions of a log in its order.

    Only Parquet files can be read from the middle. All else is one partition, and so is a small
    log, and one whose rows may not be read `apart`, since what they mean hangs on those before.
    """
    whole = (Partition(log.parts, log.size),)
    if not apart or not all(part.can_be_cut for part in log.parts):
        return whole
    found: list[Partition] = []
    row = 1
    for part in log.parts:
        for groups, rows, size in _runs(parquet.row_groups(part.place, part.name)):
            found.append(Partition((part,), size, row, groups))
            row += rows
    return tuple(found) if row - 1 > 2 * PARTITION_ROWS else whole


def _runs(groups: Sequence[tuple[int, int]]) -> Generator[tuple[tuple[int, ...], int, int]]:
    """Row groups, given by rows and bytes, gathered to at least PARTITION_ROWS rows."""
    held: list[int] = []
    rows = size = 0
    for number, (more_rows, more_bytes) in enumerate(groups):
        held.append(number)
        rows, size = rows + more_rows, size + more_bytes
        if rows >= PARTITION_ROWS:
            yield tuple(held), rows, size
            held, rows, size = [], 0, 0
    if held:
        yield tuple(held), rows, size
