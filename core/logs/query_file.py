"""How canonical rows lie on disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.logs.query import SCHEMA

if TYPE_CHECKING:
    import pyarrow.parquet as pq

# Names repeat and texts do not: a dictionary of texts only costs time.
_REPEATING: Final = [
    "model", "segment", "tags", "system_text", "turns", "tools", "user", "session",
    "requests", "status", "attempt",
]  # fmt: skip


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
