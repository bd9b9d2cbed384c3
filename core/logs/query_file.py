"""How canonical rows lie on disk."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from core.logs.query import SCHEMA

if TYPE_CHECKING:
    import pyarrow.parquet as pq

# Names repeat and texts do not: a dictionary of texts only costs time.
_REPEATING: Final = [
    "model", "segment", "tags", "system_text", "turns", "tools", "user", "session",
    "requests", "status", "attempt",
]  # fmt: skip


def query_batches(
    file: pq.ParquetFile, columns: Sequence[str] | None, rows: int
) -> Generator[pa.RecordBatch]:
    """The rows of a file of queries, at most so many at a time.

    Columns that an older copy was written without come back null.
    """
    lacking = [name for name in columns or SCHEMA.names if name not in file.schema_arrow.names]
    present = None if columns is None else [name for name in columns if name not in lacking]
    for batch in file.iter_batches(rows, columns=present):
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
