"""The first queries of a file as they would be read, before anything is stored."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from core.logs.canonical import Circumstances, canonical
from core.logs.mapping import Mapping
from core.logs.parts import parts_of
from core.logs.sources.registry import source_of

SHOWN_ROWS: Final = 50
_READ_ROWS: Final = 200
SHOWN: Final = (
    "time", "model", "segment", "text", "turns", "input_tokens", "cache_read_tokens",
    "cache_write_tokens", "output_tokens", "cost_usd", "latency_ms", "status",
)  # fmt: skip


def glimpse(path: Path, name: str, mapping: Mapping, now: datetime) -> pa.Table:
    """At most SHOWN_ROWS canonical rows with the columns SHOWN, texts redacted.

    Columns that say nothing in these rows are left out. BadInput when the file is no log.
    """
    source = source_of(mapping.source)
    chunk = parts_of(path, name).parts[0].first_chunk(_READ_ROWS)
    if not len(chunk):
        return pa.table({})
    standard = source.standard(chunk, mapping)
    around = Circumstances(
        1, now, aggregate=source.kind == "aggregate", key=b"a glimpse is not stored"
    )
    rows = standard.rows.slice(0, _READ_ROWS)
    found = canonical(rows, standard.mapping, around).rows.slice(0, SHOWN_ROWS)
    telling = [c for c in SHOWN if c in found.column_names and _says_something(found, c)]
    return found.select(telling)


def _says_something(rows: pa.Table, column: str) -> bool:
    values = set(rows[column].to_pylist())
    usual = {"status": "ok", "turns": 1, "cache_read_tokens": 0, "cache_write_tokens": 0}
    return bool(values - {None, usual.get(column)})
