"""One piece of a file: rows as text, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

CHUNK_BYTES: Final = 16 << 20  # of text per chunk; also the longest row that is read
CHUNK_ROWS: Final = 20_000


@dataclass(frozen=True)
class Chunk:
    """Rows as string columns, the rows skipped since the last chunk by reason, and progress.

    `bytes_read` counts bytes of the file as it lies on disk, so that it compares with its size.
    """

    rows: pa.Table
    skipped: Mapping[str, int] = field(default_factory=dict)
    bytes_read: int = 0
