"""A chunk of string columns and a mapping become canonical query rows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.logs import amounts, times, tokens
from core.logs.mapping import Mapping
from core.logs.query import SCHEMA
from core.logs.redaction import redact
from core.logs.texts import Texts, read_replies, read_texts
from core.logs.verdicts import read_feedback

MAX_TOKENS: Final = 100_000_000  # in one request: more is a unit error, not a prompt
MAX_NAME_CHARS: Final = 120
_MAX_TURNS: Final = 32_767


@dataclass(frozen=True)
class Circumstances:
    """What a chunk alone does not tell: its place in the log, the clock, and the choices made."""

    first_row: int  # of this chunk, counted from 1 over the whole log
    now: datetime
    decimal_comma: bool = False
    keep_text: bool = True


@dataclass(frozen=True)
class Canonical:
    """Rows as `query.SCHEMA`, rows dropped and values doubted by reason, placeholders by kind."""

    rows: pa.Table
    dropped: dict[str, int] = field(default_factory=dict)
    doubts: dict[str, int] = field(default_factory=dict)
    redactions: dict[str, int] = field(default_factory=dict)


def canonical(chunk: pa.Table, mapping: Mapping, around: Circumstances) -> Canonical:
    """The chunk's rows in their order; output tokens stay null where nothing tells them.

    With a text column, rows without text are dropped; without one, rows without an input
    token count are. Rows that break an invariant are dropped with the reason, not repaired.
    """
    cells = _Cells(chunk, mapping, around.decimal_comma)
    texts = read_texts(cells.raw("text")) if mapping.text else None
    count = _read_counts(cells, mapping, texts)
    cost = cells.numbers("cost")
    reasons = {
        "no query text" if texts else "no input token count": _missing(texts, count.input),
        "negative tokens": count.negative,
        "more than 100 million tokens in one request": count.absurd,
        "cached tokens exceed input tokens": _true(pc.greater(count.cached, count.input)),
        "negative cost": _true(pc.less(cost, 0.0)),
    }
    keep, dropped = _sift(reasons, chunk.num_rows)
    time, unreadable, absurd = times.parse(
        cells.raw("time"), day_first=mapping.day_first, now=around.now
    )
    cells.doubt("time", "not a time", unreadable)
    cells.doubt("time", "before 2010 or more than a year ahead", absurd)
    feedback, off_scale = read_feedback(cells.raw("feedback"), mapping.feedback_scale)
    cells.doubt("feedback", f"not a verdict on the scale {mapping.feedback_scale}", off_scale)
    latency = cells.durations("latency", seconds=mapping.latency_unit == "s")
    columns = {
        "request_id": cells.ids(around.first_row),
        "time": time,
        "model": cells.names("model"),
        "segment": cells.names("segment"),
        "text": texts.question if texts else pa.nulls(chunk.num_rows, pa.string()),
        "text_chars": pc.cast(texts.chars, pa.int32()) if texts else _zeros(chunk),
        "turns": _turns(cells, texts),
        "input_tokens": count.input,
        "cache_read_tokens": count.cached,
        "output_tokens": count.output,
        "input_estimated": count.input_estimated,
        "output_estimated": count.output_estimated,
        "cost_usd": cost,
        "latency_ms": pc.if_else(pc.less(latency, 0.0), _NO_NUMBER, latency),
        "feedback": feedback,
        "ok": pa.repeat(True, chunk.num_rows),
    }
    rows = pa.table(columns).filter(keep)
    rows, redactions = _redacted(rows, around.keep_text and texts is not None)
    return Canonical(rows.cast(SCHEMA), dropped, cells.doubts, redactions)


@dataclass(frozen=True)
class _Counts:
    input: pa.Array
    cached: pa.Array
    output: pa.Array
    input_estimated: pa.Array
    output_estimated: pa.Array
    negative: pa.Array
    absurd: pa.Array


_NO_NUMBER: Final = pa.scalar(None, pa.float64())


class _Cells:
    """The columns of a chunk by role, and a count of the values that could not be used."""

    def __init__(self, chunk: pa.Table, mapping: Mapping, decimal_comma: bool) -> None:
        self._chunk = chunk
        self._mapping = mapping
        self._comma = decimal_comma
        self._doubts: Counter[str] = Counter()

    @property
    def doubts(self) -> dict[str, int]:
        return dict(self._doubts)

    def doubt(self, role: str, problem: str, count: int) -> None:
        if count:
            self._doubts[f"{self._mapping.column(role)}: {problem}"] += count

    def raw(self, role: str) -> pa.Array:
        """The column as strings; all null when the mapping or this chunk has none."""
        name = self._mapping.column(role)
        if name is None or name not in self._chunk.column_names:
            return pa.nulls(self._chunk.num_rows, pa.string())
        column = self._chunk.column(name)
        return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column

    def numbers(self, role: str) -> pa.Array:
        values, unreadable = amounts.parse(self.raw(role), decimal_comma=self._comma)
        self.doubt(role, "not a number", unreadable)
        return values

    def durations(self, role: str, *, seconds: bool) -> pa.Array:
        values, unreadable = amounts.parse_ms(
            self.raw(role), seconds=seconds, decimal_comma=self._comma
        )
        self.doubt(role, "not a duration", unreadable)
        return values

    def counts(self, role: str) -> pa.Array:
        return amounts.whole(self.numbers(role))

    def names(self, role: str) -> pa.Array:
        cells = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(self.raw(role)), 0, MAX_NAME_CHARS)
        missing = pc.match_substring_regex(cells, r"(?i)^(nan|null|none|n/a)?$")
        return pc.if_else(missing, pa.scalar(None, pa.string()), cells)

    def ids(self, first_row: int) -> pa.Array:
        count = self._chunk.num_rows
        places = pc.cast(pa.array(range(first_row, first_row + count), pa.int64()), pa.string())
        made_up = pc.binary_join_element_wise("row-", places, "")
        return pc.coalesce(self.names("request_id"), made_up)


def _read_counts(cells: _Cells, mapping: Mapping, texts: Texts | None) -> _Counts:
    """Token counts: logged, else the rest of the total, else estimated from text."""
    logged_input, output = cells.counts("input_tokens"), cells.counts("output_tokens")
    total, logged_cached = cells.counts("total_tokens"), cells.counts("cached_tokens")
    signs = [pc.less(c, 0) for c in (logged_input, output, total, logged_cached)]
    negative = pc.or_(
        pc.or_(_true(signs[0]), _true(signs[1])), pc.or_(_true(signs[2]), _true(signs[3]))
    )
    cached = pc.fill_null(logged_cached, 0)
    if mapping.cached_beside_input:
        logged_input = pc.add(logged_input, cached)
    rest = pc.subtract(total, output)
    logged_input = pc.coalesce(logged_input, pc.if_else(pc.less(rest, 0), _NO_COUNT, rest))
    input_estimated = pc.is_null(logged_input)
    inputs = logged_input
    if texts is not None and pc.any(input_estimated).as_py():
        guess = pc.max_element_wise(texts.estimated_tokens(input_estimated), cached)
        inputs = pc.coalesce(logged_input, guess)
    input_estimated = pc.and_(input_estimated, pc.is_valid(inputs))
    rest = pc.max_element_wise(pc.subtract(total, inputs), 0, skip_nulls=False)
    output_estimated = pc.and_(input_estimated, pc.and_(pc.is_null(output), pc.is_valid(rest)))
    output = pc.coalesce(output, rest)
    from_response = _response_tokens(cells, mapping, pc.is_null(output))
    output_estimated = pc.or_(
        output_estimated, pc.and_(pc.is_null(output), pc.is_valid(from_response))
    )
    output = pc.coalesce(output, from_response)
    absurd = pc.or_(_true(pc.greater(inputs, MAX_TOKENS)), _true(pc.greater(output, MAX_TOKENS)))
    return _Counts(inputs, cached, output, input_estimated, output_estimated, negative, absurd)


_NO_COUNT: Final = pa.scalar(None, pa.int64())


def _response_tokens(cells: _Cells, mapping: Mapping, needed: pa.Array) -> pa.Array:
    """Tokens of the answers, from their text or from their length in characters."""
    if mapping.response is None or not pc.any(needed).as_py():
        return pa.nulls(len(needed), pa.int64())
    if re.search(r"chars|length|len$", mapping.response, re.IGNORECASE):
        length = cells.numbers("response")
        return amounts.whole(pc.divide(length, tokens.CHARS_PER_TOKEN))
    replies = read_replies(cells.raw("response"))
    blank = _true(pc.equal(pc.utf8_trim_whitespace(pc.fill_null(replies, "")), ""))
    return pc.if_else(blank, _NO_COUNT, tokens.estimate(replies))


def _turns(cells: _Cells, texts: Texts | None) -> pa.Array:
    logged = cells.counts("turns")
    chats = texts.turns if texts else pa.nulls(len(logged), pa.int64())
    turns = pc.coalesce(logged, chats, pa.scalar(1, pa.int64()))
    return pc.cast(pc.min_element_wise(pc.max_element_wise(turns, 1), _MAX_TURNS), pa.int16())


def _missing(texts: Texts | None, inputs: pa.Array) -> pa.Array:
    return pc.is_null(texts.question) if texts else pc.is_null(inputs)


def _sift(reasons: dict[str, pa.Array], count: int) -> tuple[pa.Array, dict[str, int]]:
    """Which rows stay, and how many fell for each reason; a row falls for the first only."""
    keep = pa.repeat(True, count)
    dropped: dict[str, int] = {}
    for reason, broken in reasons.items():
        falls = pc.sum(pc.and_(keep, broken)).as_py()
        if falls:
            dropped[reason] = falls
            keep = pc.and_(keep, pc.invert(broken))
    return keep, dropped


def _redacted(rows: pa.Table, keep: bool) -> tuple[pa.Table, dict[str, int]]:
    place = rows.column_names.index("text")
    if not keep or not rows.num_rows:
        return rows.set_column(place, "text", pa.nulls(rows.num_rows, pa.string())), {}
    texts, hits = redact(rows.column(place).combine_chunks())
    return rows.set_column(place, "text", texts), hits


def _true(mask: pa.Array) -> pa.Array:
    return pc.fill_null(mask, False)


def _zeros(chunk: pa.Table) -> pa.Array:
    return pa.repeat(pa.scalar(0, pa.int32()), chunk.num_rows)
