"""One piece of a file: its rows, and what could not be read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from core.logs.containers.records import Record, records_of, table

CHUNK_BYTES: Final = 16 << 20  # of text per chunk; also the longest row that is read
CHUNK_ROWS: Final = 20_000


@dataclass(frozen=True)
class Chunk:
    """Rows as they lie in the file, the rows skipped since the last chunk, and progress.

    Tables come as string columns and JSON as objects; both can be had either way.
    `bytes_read` counts bytes of the file as it lies on disk, so that it compares with its size.
    """

    content: pa.Table | Sequence[Record]
    skipped: Mapping[str, int] = field(default_factory=dict)
    bytes_read: int = 0

    def __len__(self) -> int:
        return len(self.content)

    def table(self, columns: Collection[str] | None = None) -> pa.Table:
        """The rows as string columns, nested keys joined with dots; only `columns` if given."""
        if isinstance(self.content, pa.Table):
            if columns is None:
                return self.content
            return self.content.select([n for n in self.content.column_names if n in columns])
        return table(self.content, columns)

    def records(self) -> Sequence[Record]:
        """The rows as objects; cells of a table are texts, and empty ones are left out."""
        return records_of(self.content) if isinstance(self.content, pa.Table) else self.content
