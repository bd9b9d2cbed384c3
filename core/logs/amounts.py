"""Tolerant numbers: thousands separators, currency signs, units of time; missing is never 0."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_NOTHING: Final = r"(?i)^(nan|null|none|n/?a|nat|-+|[-+]?inf(inity)?)?$"
_LONGEST: Final = 40  # characters of a number with its currency
_NUMBER: Final = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?$"


def parse(cells: pa.Array, *, decimal_comma: bool = False) -> tuple[pa.Array, int]:
    """Numbers as float64, null where a cell is missing or unreadable, and how many were unreadable.

    "1,234" is a thousand unless `decimal_comma`; "0,5", "12,34" and "1.234,56" have a
    decimal comma by their own shape.
    """
    plain = _fast(cells)
    if plain is not None:
        return plain, 0
    text = pc.utf8_trim_whitespace(cells)
    text = pc.replace_substring_regex(
        text, r"(?i)^([-+]?)\s*(US)?[$€£¥]\s*|\s*(USD|EUR|tokens?)$", r"\1"
    )
    text = pc.replace_substring_regex(text, "[\\s\u00a0\u202f']", "")
    missing = pc.fill_null(pc.match_substring_regex(text, _NOTHING), True)
    text = _points(text, decimal_comma)
    readable = pc.fill_null(pc.match_substring_regex(text, _NUMBER), False)
    values = pc.cast(pc.if_else(readable, text, pa.scalar(None, pa.string())), pa.float64())
    values = pc.if_else(pc.is_finite(values), values, pa.scalar(None, pa.float64()))
    unreadable = pc.sum(pc.and_not(pc.invert(missing), readable)).as_py() or 0
    return values, unreadable


def parse_ms(
    cells: pa.Array, *, seconds: bool, decimal_comma: bool = False
) -> tuple[pa.Array, int]:
    """Durations as milliseconds; a unit in the cell ("1.58s", "350 ms") beats `seconds`."""
    plain = _fast(cells)
    if plain is not None:
        return pc.multiply(plain, 1000.0 if seconds else 1.0), 0
    text = pc.utf8_lower(pc.utf8_trim_whitespace(cells))
    in_ms = pc.match_substring_regex(text, r"\d\s*m(illi)?s(ec(onds?)?)?$")
    in_s = pc.match_substring_regex(text, r"\d\s*s(ec(onds?)?)?$")
    bare = pc.replace_substring_regex(text, r"\s*(m|milli)?s(ec(onds?)?)?$", "")
    values, unreadable = parse(bare, decimal_comma=decimal_comma)
    factor = pc.if_else(in_ms, 1.0, pc.if_else(in_s, 1000.0, 1000.0 if seconds else 1.0))
    return pc.multiply(values, factor), unreadable


def with_points(rows: pa.Table) -> pa.Table:
    """String columns with decimal points where they hold nothing but numbers, some with commas."""
    for place, name in enumerate(rows.column_names):
        cells = rows.column(name)
        if not pa.types.is_string(cells.type) or not _short_with_comma(cells):
            continue
        cells = cells.combine_chunks()
        values, unreadable = parse(cells, decimal_comma=True)
        if not unreadable:
            comma = pc.match_substring(cells, ",")
            points = pc.if_else(comma, pc.cast(values, pa.string()), cells)
            rows = rows.set_column(place, name, points)
    return rows


def whole(values: pa.Array) -> pa.Array:
    """The numbers rounded to int64; null beyond what int64 holds."""
    fits = pc.less(pc.abs(values), 2.0**62)
    kept = pc.if_else(fits, values, pa.scalar(None, pa.float64()))
    return pc.cast(pc.round(kept, round_mode="half_to_even"), pa.int64())


def _short_with_comma(cells: pa.ChunkedArray) -> bool:
    longest = pc.max(pc.binary_length(cells)).as_py() or 0
    return longest <= _LONGEST and bool(pc.any(pc.match_substring(cells, ",")).as_py())


def _fast(cells: pa.Array) -> pa.Array | None:
    """The column in one cast, when every cell is a plain number or empty."""
    try:
        filled = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
        values = pc.cast(filled, pa.float64())
    except pa.ArrowInvalid:
        return None
    return pc.if_else(pc.is_finite(values), values, pa.scalar(None, pa.float64()))


def _points(text: pa.Array, decimal_comma: bool) -> pa.Array:
    """Separators as Python writes them: no thousands, a point for decimals."""
    lone = r"\d*,\d+" if decimal_comma else r"0*,\d+|\d+,(\d{1,2}|\d{4,})"
    comma = pc.match_substring_regex(text, rf"^[-+]?([1-9]\d{{0,2}}(\.\d{{3}})+,\d+|{lone})$")
    group = pc.match_substring_regex(text, r"^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$")
    no_points = pc.replace_substring(text, ".", "")
    with_comma = pc.replace_substring(no_points, ",", ".")
    without_groups = pc.replace_substring(text, ",", "")
    masks = pc.make_struct(pc.fill_null(comma, False), pc.fill_null(group, False))
    return pc.case_when(masks, with_comma, without_groups, text)
