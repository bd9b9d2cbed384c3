"""One JSON object per line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from core.logs.containers.chunk import CHUNK_BYTES, Chunk
from core.logs.containers.records import Record
from core.logs.containers.stream import TextStream, lines


def read(stream: TextStream, name: str, chunk_rows: int) -> Iterator[Chunk]:
    """The objects as string columns, in pieces; lines that are not objects are counted.

    The reason of a skipped line names the first one, so that a person can look at it.
    """
    records: list[Record] = []
    skipped: Counter[str] = Counter()
    reasons: dict[str, str] = {}
    size = 0
    for number, line in enumerate(lines(stream, name), start=1):
        if not line.strip():
            continue
        record, problem = _parse(line)
        if record is None:
            skipped[reasons.setdefault(problem, f"{problem} (first at line {number})")] += 1
            continue
        records.append(record)
        size += len(line)
        if len(records) >= chunk_rows or size >= CHUNK_BYTES:
            yield Chunk(records, dict(skipped), stream.bytes_read)
            records, skipped, size = [], Counter(), 0
    if records or skipped:
        yield Chunk(records, dict(skipped), stream.bytes_read)


def _parse(line: bytes) -> tuple[Record | None, str]:
    try:
        value = json.loads(line.decode())
    except RecursionError:
        return None, "JSON nested too deeply"
    except ValueError:
        return None, "broken JSON line"
    return (value, "") if isinstance(value, dict) else (None, "line is not a JSON object")
