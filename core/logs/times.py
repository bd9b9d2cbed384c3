"""Tolerant times: ISO, epochs and the common written forms, always UTC."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

UTC: Final = pa.timestamp("us", "UTC")
EARLIEST_YEAR: Final = 2010  # no log of language-model calls is older
FUTURE_DAYS: Final = 366  # a clock may be wrong by months, not by years

_MONTH_FIRST: Final = ("%m/%d/%Y, %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")
_DAY_FIRST: Final = tuple(form.replace("%m/%d", "%d/%m") for form in _MONTH_FIRST)
_OTHER: Final = (
    *(form.replace("/", ".") for form in _DAY_FIRST),
    "%m/%d/%Y, %I:%M:%S %p",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%H:%M:%S %d %b %Y",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y",
    "%a, %d %b %Y %H:%M:%S",
    "%b %d, %Y, %I:%M:%S %p",
    "%b %d, %Y %H:%M:%S",
    "%b %d, %Y",
)


def parse(cells: pa.Array, *, day_first: bool, now: datetime) -> tuple[pa.Array, int, int]:
    """Times in UTC (no zone means UTC), how many were unreadable, and how many absurdly far off.

    Absurd is before EARLIEST_YEAR or over FUTURE_DAYS after `now`; such times become null.
    """
    if cells.null_count == len(cells):
        return pa.nulls(len(cells), UTC), 0, 0
    values, given = _plain(cells), pc.is_valid(cells)
    if values is None:
        text = pc.utf8_trim(pc.fill_null(cells, ""), ' \t\r\n"')
        text = pc.replace_substring_regex(text, r"(?i)^(nan|nat|null|none|n/?a|-)$", "")
        given = pc.not_equal(text, "")
        values = _iso(text)
    if values is None:
        values = _epochs(text)
        values = pc.coalesce(values, _forgiving_iso(text))
        values = pc.coalesce(values, _written(text, values, day_first))
    low = datetime(EARLIEST_YEAR, 1, 1, tzinfo=now.tzinfo)
    high = now + timedelta(days=FUTURE_DAYS)
    sane = pc.and_(
        pc.greater_equal(values, pa.scalar(low, UTC)), pc.less_equal(values, pa.scalar(high, UTC))
    )
    unreadable = pc.sum(pc.and_(given, pc.is_null(values))).as_py() or 0
    absurd = pc.sum(pc.invert(sane)).as_py() or 0
    return pc.if_else(sane, values, pa.scalar(None, UTC)), unreadable, absurd


def _plain(cells: pa.Array) -> pa.Array | None:
    """The whole column in one cast, when every cell is ISO with a zone, as most logs write it."""
    try:
        return pc.cast(pc.cast(cells, pa.timestamp("ns", "UTC")), UTC, safe=False)
    except pa.ArrowInvalid:
        return None


def _iso(text: pa.Array) -> pa.Array | None:
    """The whole column in one cast, when every cell is ISO in UTC or without a zone."""
    bare = pc.replace_substring_regex(text, r"(Z|[+]00:?00| UTC)$", "")
    filled = pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.string()), bare)
    try:
        return pc.cast(pc.cast(filled, pa.timestamp("ns")), UTC, safe=False)
    except pa.ArrowInvalid:
        return None


def _epochs(text: pa.Array) -> pa.Array:
    """Seconds, milliseconds, microseconds or nanoseconds since 1970, told by magnitude."""
    number = pc.match_substring_regex(text, r"^\d{9,19}(\.\d+)?$")
    value = pc.cast(pc.if_else(number, text, pa.scalar(None, pa.string())), pa.float64())
    bounds = ((1e11, 1e6), (1e14, 1e3), (1e17, 1.0))  # below the bound: microseconds per unit
    micros = pc.multiply(value, 1e-3)
    for bound, factor in reversed(bounds):
        micros = pc.if_else(pc.less(value, bound), pc.multiply(value, factor), micros)
    return pc.cast(pc.cast(pc.round(micros), pa.int64()), UTC)


def _forgiving_iso(text: pa.Array) -> pa.Array:
    """ISO times with any zone, date only, or up to nine fractional digits."""
    import pandas as pd

    iso = pc.match_substring_regex(text, r"^\d{4}-\d{1,2}-\d{1,2}")
    text = pc.replace_substring_regex(text, r"\s*(UTC|GMT)$", "Z")
    candidates = pc.if_else(iso, text, pa.scalar(None, pa.string()))
    found = pd.to_datetime(candidates.to_pandas(), format="ISO8601", utc=True, errors="coerce")
    return pa.Array.from_pandas(found).cast(UTC, safe=False)


def _written(text: pa.Array, known: pa.Array, day_first: bool) -> pa.Array:
    """Times in the written forms; with an ambiguous date, the preferred order goes first."""
    text = pc.replace_substring_regex(text, r"\s*(GMT|UTC|Z|[+]00:?00)$", "")
    text = pc.replace_substring_regex(text, "[\u202f\u00a0]", " ")
    values = pa.nulls(len(text), UTC)
    todo = pc.and_(pc.is_null(known), pc.not_equal(text, ""))
    orders = (_DAY_FIRST, _MONTH_FIRST) if day_first else (_MONTH_FIRST, _DAY_FIRST)
    for form in (*orders[0], *orders[1], *_OTHER):
        if not pc.any(todo).as_py():
            break
        candidates = pc.if_else(todo, text, pa.scalar(None, pa.string()))
        found = pc.strptime(candidates, form, "us", error_is_null=True)
        found = pc.assume_timezone(found, "UTC")
        values = pc.coalesce(values, found)
        todo = pc.and_(todo, pc.is_null(found))
    return values
