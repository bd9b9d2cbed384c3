"""Parts of a record: by path, out of JSON text, as numbers, as times."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Any, Final

from core.logs.chat.notation import decoded
from core.logs.containers.records import Record, pick

_OPENERS: Final = ("{", "[", '"')
_GROUPED: Final = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")


def first(record: Record, *paths: str) -> Any:
    """The first value under one of the dotted paths that is neither missing nor empty."""
    for path in paths:
        value = pick(record, path)
        if value is not None and value != "":
            return value
    return None


def opened(value: object) -> Any:
    """The value out of JSON text, also when it was encoded twice, or written by Python's repr."""
    for _ in range(3):
        if not isinstance(value, str) or not value.lstrip().startswith(_OPENERS):
            return value
        for text in (value, value.replace('""', '"')):
            try:
                value = json.loads(text)
                break
            except (ValueError, RecursionError):
                continue
        else:
            return decoded(value)
    return value


def mapping(value: object) -> dict[str, Any]:
    """The object in a value or in its JSON text; empty when it holds something else."""
    found = opened(value)
    return found if isinstance(found, dict) else {}


def items(value: object) -> list[Any]:
    """The list in a value or in its JSON text; empty when it holds something else."""
    found = opened(value)
    return found if isinstance(found, list) else []


def words(value: object) -> str | None:
    """The value as text, out of one layer of quotes; None when it is empty."""
    found = opened(value)
    if found is None or found == "":
        return None
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def number(value: object) -> float | None:
    """The value as a finite number (also "$0.05" and "1,234"); None when it is missing or none."""
    if isinstance(value, str):
        value = value.strip(' \t\r\n"').removeprefix("$")
        if "," in value and _GROUPED.fullmatch(value):
            value = value.replace(",", "")
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def count(value: object) -> int | None:
    """The value as a whole number (also "4210.0"); None when it is missing or no number."""
    found = number(value)
    return None if found is None else round(found)


def span_ms(start: object, end: object) -> float | None:
    """Milliseconds between two ISO times or two epochs in seconds; None unless both are there."""
    first_number, last_number = number(start), number(end)
    if first_number is not None and last_number is not None:
        return round((last_number - first_number) * 1000, 3)
    try:
        begun, ended = moment(start), moment(end)
    except ValueError:
        return None
    if begun is None or ended is None:
        return None
    return (ended - begun).total_seconds() * 1000


def moment(value: object) -> datetime | None:
    """An ISO time with its zone, UTC when it names none; ValueError when it is no ISO time."""
    text = words(value)
    if text is None:
        return None
    found = datetime.fromisoformat(text.removesuffix(" UTC"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
