"""How canonical rows lie on disk."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.logs.query import SCHEMA

if TYPE_CHECKING:
    import pyarrow.parquet as pq

BUFFER_BYTES: Final = 1 << 20
# Names repeat and texts do not: a dictionary of texts only costs time.
_REPEATING: Final = [
    "model", "segment", "tags", "system_text", "turns", "tools", "user", "session",
    "requests", "status", "attempt",
]  # fmt: skip


def query_files(queries: Path) -> list[Path]:
    """The files that hold the rows, in their order: one, or those of a folder for a long log."""
    if queries.is_dir():
        return sorted(queries.glob("*.parquet"))
    return [queries]


def final_files(queries: Path, count: int) -> list[Path]:
    """Where so many files of rows are to lie; `query_files` finds them there."""
    if count == 1:
        return [queries]
    queries.mkdir()
    return [queries / f"{number:05}.parquet" for number in range(count)]


def count_rows(queries: Path) -> int:
    """How many rows there are."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(file).num_rows for file in query_files(queries))


def query_batches(
    queries: Path, columns: Sequence[str] | None, rows: int
) -> Generator[pa.RecordBatch]:
    """The rows of a log, at most so many at a time, with flat memory.

    Columns that an older copy was written without come back null.
    """
    import pyarrow.parquet as pq

    for place in query_files(queries):
        # Without a buffer of its own a file holds a whole row group at once.
        with pq.ParquetFile(place, buffer_size=BUFFER_BYTES) as file:
            present = set(file.schema_arrow.names)
            lacking = [name for name in columns or SCHEMA.names if name not in present]
            wanted = None if columns is None else [name for name in columns if name in present]
            for batch in file.iter_batches(rows, columns=wanted):
                for name in lacking:
                    nothing = pa.nulls(len(batch), SCHEMA.field(name).type)
                    batch = batch.append_column(SCHEMA.field(name), nothing)
                yield batch


def query_writer(path: Path) -> pq.ParquetWriter:
    """A writer of tables of `query.SCHEMA`."""
    import pyarrow.parquet as pq

    # zstd would save a third of the space and cost twice the time
    return pq.ParquetWriter(
        path,
        SCHEMA,
        compression="snappy",
        use_dictionary=_REPEATING,
        write_statistics=[name for name in SCHEMA.names if name not in ("text", "answer")],
    )
