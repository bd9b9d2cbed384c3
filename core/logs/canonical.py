"""A chunk of string columns and a mapping become canonical query rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.logs import times
from core.logs.answers import MAX_ANSWER_CHARS, read_answers
from core.logs.cells import Cells
from core.logs.counts import read_counts
from core.logs.mapping import Mapping
from core.logs.privacy.identities import fingerprints, pseudonyms
from core.logs.privacy.personal_data import KINDS
from core.logs.privacy.redaction import redact
from core.logs.query import MOST_TURNS_ALONE, SCHEMA
from core.logs.signals import read_signal, verdict_of
from core.logs.statuses import read_statuses
from core.logs.texts import Texts, read_texts
from core.logs.verdicts import read_feedback

MAX_TOKENS: Final = 100_000_000  # in one request: more is a unit error, not a prompt
MAX_SYSTEM_CHARS: Final = 2_000  # of instructions kept per row
_MAX_TURNS: Final = 32_767


@dataclass(frozen=True)
class Circumstances:
    """What a chunk alone does not tell: its place in the log, the clock, and the choices made."""

    first_row: int  # of this chunk, counted from 1 over the whole log
    now: datetime
    decimal_comma: bool = False
    keep_text: bool = True
    aggregate: bool = False  # a row sums up many calls
    key: bytes = b""  # for the hashes of users and sessions
    rows: int = 0  # of the chunk, whether they are calls or not


@dataclass(frozen=True)
class Canonical:
    """Rows as `query.SCHEMA`, rows dropped and values doubted by reason, placeholders by kind.

    `asks` has a fingerprint per row (null where nothing tells) and whether a trace told it; it
    is None when no row has one.
    """

    rows: pa.Table
    asks: tuple[pa.Array, pa.Array] | None = None
    dropped: dict[str, int] = field(default_factory=dict)
    doubts: dict[str, int] = field(default_factory=dict)
    redactions: dict[str, int] = field(default_factory=dict)


def canonical(chunk: pa.Table, mapping: Mapping, around: Circumstances) -> Canonical:
    """The chunk's rows in their order; output tokens stay null where nothing tells them.

    Calls with neither text nor an input token count are dropped, unless they failed; the rows
    of aggregates all stay. Rows that break an invariant are dropped with the reason, not
    repaired.
    """
    cells = Cells(chunk, mapping, around.decimal_comma)
    texts = read_texts(cells.raw("text")) if mapping.text else None
    count = read_counts(cells, mapping, texts)
    cost = cells.numbers("cost")
    requests = pc.fill_null(cells.counts("requests"), 1)
    most = pc.if_else(pc.equal(requests, 0), _ANY_COUNT, pc.multiply(requests, MAX_TOKENS))
    subsets = pc.add(count.cached, count.written)
    status = read_statuses(cells.raw("status"))
    missing = pc.and_(_missing(texts, count.input), pc.equal(status, "ok"))
    if around.aggregate:
        missing = pa.repeat(False, chunk.num_rows)  # its source passes empty buckets over
    reasons = {
        "no query text" if texts else "no input token count": missing,
        "negative tokens": count.negative,
        "more than 100 million tokens in one request": pc.or_(
            _true(pc.greater(count.input, most)), _true(pc.greater(count.output, most))
        ),
        "cached tokens exceed input tokens": _true(pc.greater(subsets, count.input)),
        "reasoning tokens exceed output tokens": _true(pc.greater(count.reasoning, count.output)),
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
    escalated, edited = (_signal(cells, role) for role in ("escalated", "edited"))
    turns = _turns(cells, texts)
    has_text = texts is not None and around.keep_text
    alone = pc.and_(pc.equal(status, "ok"), pc.less_equal(turns, MOST_TURNS_ALONE))
    if texts is not None:
        alone = pc.and_(alone, pc.is_valid(texts.question))
    latency = cells.durations("latency", seconds=mapping.latency_unit == "s")
    columns = {
        "request_id": cells.ids(around.first_row),
        "time": time,
        "model": cells.names("model"),
        "segment": cells.names("segment", KINDS),
        "tags": cells.names("tags", KINDS),
        "text": texts.question if texts else cells.nothing,
        "text_chars": pc.cast(texts.chars, pa.int32()) if texts else _zeros(chunk),
        "system_text": _system(cells, texts),
        "answer": read_answers(cells, mapping, alone) if has_text else cells.nothing,
        "turns": turns,
        "tools": pc.coalesce(cells.names("tools"), texts.tools if texts else cells.nothing),
        "user": pseudonyms(cells.raw("user"), around.key),
        "session": pseudonyms(cells.raw("session"), around.key),
        "requests": requests,
        "input_tokens": count.input,
        "cache_read_tokens": count.cached,
        "cache_write_tokens": count.written,
        "output_tokens": count.output,
        "reasoning_tokens": count.reasoning,
        "input_estimated": count.input_estimated,
        "output_estimated": count.output_estimated,
        "cost_usd": cost,
        "latency_ms": pc.if_else(pc.less(latency, 0.0), _NO_NUMBER, latency),
        # Ratings and silence do not mix: a few thumbs would drown in what nobody complained of.
        "feedback": feedback if mapping.feedback else verdict_of(escalated, edited),
        "escalated": escalated,
        "edited": edited,
        "status": status,
        "attempt": pa.repeat(1, chunk.num_rows),  # settled when the log has been read
    }
    rows, asks = pa.table(columns), _asks(cells, texts, around.key)
    if dropped:
        rows = rows.filter(keep)
        asks = (asks[0].filter(keep), asks[1].filter(keep)) if asks else None
    rows, redactions = _redacted(rows, around.keep_text)
    redactions.update(cells.redactions)
    return Canonical(rows.cast(SCHEMA), asks, dropped, cells.doubts, dict(redactions))


_NO_NUMBER: Final = pa.scalar(None, pa.float64())
_ANY_COUNT: Final = pa.scalar(2**62, pa.int64())  # where a row does not say of how many calls


def _signal(cells: Cells, role: str) -> pa.Array:
    happened, unreadable = read_signal(cells.raw(role))
    cells.doubt(role, "neither yes nor no", unreadable)
    return happened


def _turns(cells: Cells, texts: Texts | None) -> pa.Array:
    logged = cells.counts("turns")
    chats = texts.turns if texts else pa.nulls(len(logged), pa.int64())
    turns = pc.coalesce(logged, chats, pa.scalar(1, pa.int64()))
    return pc.cast(pc.min_element_wise(pc.max_element_wise(turns, 1), _MAX_TURNS), pa.int16())


def _missing(texts: Texts | None, inputs: pa.Array) -> pa.Array:
    unknown = pc.is_null(inputs)
    return pc.and_(unknown, pc.is_null(texts.question)) if texts else unknown


def _system(cells: Cells, texts: Texts | None) -> pa.Array:
    own = cells.raw("system")
    return pc.coalesce(own, texts.system) if texts else own


def _asks(cells: Cells, texts: Texts | None, key: bytes) -> tuple[pa.Array, pa.Array] | None:
    """A fingerprint per ask, null where nothing tells, and whether a trace tells it.

    Two rows with one fingerprint carry the same last user message at the same place of the
    same task, conversation or user: a retry, or the next step of a tool loop.
    """
    if texts is None or not any(map(cells.has, ("trace", "session", "user"))):
        return None
    trace = cells.identities("trace")
    whose = pc.coalesce(
        trace,
        pc.binary_join_element_wise("session", cells.identities("session"), " "),
        pc.binary_join_element_wise("user", cells.identities("user"), " "),
    )
    place = pc.fill_null(texts.asked, 0)
    return fingerprints(key, whose, place, texts.question), pc.is_valid(trace)


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


def _redacted(rows: pa.Table, keep: bool) -> tuple[pa.Table, Counter[str]]:
    """The rows with redacted texts, or with none; instructions repeat and are redacted once."""
    nothing = pa.nulls(rows.num_rows, pa.string())
    hits: Counter[str] = Counter()
    if not keep or not rows.num_rows:
        for column in ("text", "system_text", "answer"):
            rows = _with(rows, column, nothing)
        return rows, hits
    for column, most_chars in (("text", None), ("answer", MAX_ANSWER_CHARS)):
        if rows[column].null_count < rows.num_rows:
            texts, found = redact(rows[column].combine_chunks())
            if most_chars is not None:
                texts = pc.utf8_slice_codeunits(texts, 0, most_chars)
            rows = _with(rows, column, texts)
            hits.update(found)
    if rows["system_text"].null_count < rows.num_rows:
        coded = rows["system_text"].combine_chunks().dictionary_encode()
        texts, found = redact(coded.dictionary)
        texts = pc.utf8_slice_codeunits(texts, 0, MAX_SYSTEM_CHARS)
        rows = _with(rows, "system_text", texts.take(coded.indices))
        hits.update(found)
    return rows, hits


def _with(rows: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(column), column, values)


def _true(mask: pa.Array) -> pa.Array:
    return pc.fill_null(mask, False)


def _zeros(chunk: pa.Table) -> pa.Array:
    return pa.repeat(pa.scalar(0, pa.int32()), chunk.num_rows)
