"""JSON objects as string columns."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any, Final

import pyarrow as pa

Record = dict[str, Any]  # one JSON object, as json.loads gives it

MAX_COLUMNS: Final = 400  # more is a map keyed by ids, not a table
_MOST_KEYS: Final = 5 * MAX_COLUMNS  # of one object that are looked at
_MAX_DEPTH: Final = 6
_MAX_KEYS: Final = 60  # an object with more keys stays JSON text


def table(records: Sequence[Record], columns: Collection[str] | None = None) -> pa.Table:
    """The records as string columns: nested keys joined with dots, lists as JSON text.

    With `columns`, only those are looked up (and absent ones come back null); otherwise all
    keys met, in order of appearance, up to MAX_COLUMNS.
    """
    if columns is not None:
        found = {name: [_text(pick(record, name)) for record in records] for name in columns}
        return pa.table({name: _strings(values) for name, values in found.items()})
    flat = [_flatten(record) for record in records]
    names = list(dict.fromkeys(name for row in flat for name in row))[:MAX_COLUMNS]
    return pa.table({name: _strings([row.get(name) for row in flat]) for name in names})


def records_of(rows: pa.Table) -> list[Record]:
    """The rows of string columns as objects, without empty cells."""
    return [{k: v for k, v in row.items() if v is not None and v != ""} for row in rows.to_pylist()]


def _flatten(record: Record, prefix: str = "", depth: int = 0) -> dict[str, str | None]:
    flat: dict[str, str | None] = {}
    for key, value in islice(record.items(), _MOST_KEYS):
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value and depth < _MAX_DEPTH and len(value) <= _MAX_KEYS:
            flat |= _flatten(value, f"{name}.", depth + 1)
        else:
            flat[name] = _text(value)
    return flat


def pick(record: Record, name: str) -> object:
    """The value under a dotted name, where keys may hold dots themselves."""
    if name in record:
        return record[name]
    head, dot, rest = name.partition(".")
    while dot:
        inner = record.get(head)
        if isinstance(inner, dict):
            value = pick(inner, rest)
            if value is not None:
                return value
        more, dot, rest = rest.partition(".")
        head = f"{head}.{more}"
    return None


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return None


def _strings(values: list[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:  # lone surrogates from "\ud83d" escapes
        return pa.array([v if v is None else _mend(v) for v in values], pa.string())


def _mend(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
