"""The rows of a query as a Parquet file of texts, for those who read logs from files."""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import CursorResult

_FETCHED: Final = 500  # rows at a time
_GROUP_BYTES: Final = 16 << 20
_GROUP_ROWS: Final = 20_000


def write_rows(rows: CursorResult[Any], target: Path) -> None:
    """A new file, readable by its owner only, with a text column for each of the rows' columns."""
    import pyarrow.parquet as pq

    names = _distinct(list(rows.keys()))
    schema = pa.schema([pa.field(name, pa.string()) for name in names])
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, pq.ParquetWriter(file, schema) as writer:
        for group in _groups(rows):
            columns = zip(*group, strict=True)
            arrays = [pa.array(column, pa.string()) for column in columns]
            writer.write_table(pa.table(arrays, schema=schema))


def as_text(value: object) -> str | None:
    """A value as an export would write it: ISO times, JSON for what has parts, null for NaN."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return f"{value.total_seconds()}s"
    if isinstance(value, (dict, list, tuple, set)):
        whole = list(value) if isinstance(value, (set, tuple)) else value
        text = json.dumps(whole, ensure_ascii=False, default=str)
        return text.encode("utf-8", "replace").decode()
    return str(value)


def _groups(rows: CursorResult[Any]) -> Iterator[list[list[str | None]]]:
    group: list[list[str | None]] = []
    size = 0
    for part in rows.yield_per(_FETCHED).partitions():
        for row in part:
            texts = [as_text(value) for value in row]
            group.append(texts)
            size += sum(len(text) for text in texts if text)
        if len(group) >= _GROUP_ROWS or size >= _GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


def _distinct(names: Sequence[str]) -> list[str]:
    """The names with repeats numbered, as two tables of a join may share them."""
    seen: Counter[str] = Counter()
    distinct = []
    for name in names:
        seen[name] += 1
        distinct.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return distinct
