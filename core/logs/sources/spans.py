"""Spans of a trace: which of them are model calls, each counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.logs.containers.chunk import Chunk
from core.logs.containers.records import Record
from core.logs.mapping import Mapping as ColumnMapping
from core.logs.sources.call import Call, calls_mapping, roles_table
from core.logs.sources.source import Standard

REPEATS: Final = "a span that repeats the model call within it"
_REPEATED: Final = "a part of a model call that is counted already"
_MOST_LEVELS: Final = 100

Place = tuple[str | None, str | None]  # trace and span


@dataclass(frozen=True, slots=True)
class Span:
    """One span: its place in the trace, and its model call or else what it is instead."""

    id: str | None
    parent: str | None
    trace: str | None
    call: Call | None
    other: str = ""


def by_span(
    source: str,
    read: Callable[[Record], Span],
    expand: Callable[[Sequence[Record]], Iterable[Record]] | None = None,
) -> Callable[[Chunk, ColumnMapping], Standard]:
    """A `Source.standard` that reads spans; of calls within calls only the innermost count.

    Two instrumentations often report one call twice, one span around the other. `expand` gives
    the spans of a piece where a record holds many. A record of another shape is dropped.
    """
    mapping = calls_mapping(source)

    def standard(chunk: Chunk, _: ColumnMapping) -> Standard:
        spans: list[Span] = []
        dropped: Counter[str] = Counter()
        records = chunk.records()
        for record in expand(records) if expand else records:
            try:
                spans.append(read(record))
            except (TypeError, ValueError, AttributeError, KeyError, IndexError, RecursionError):
                dropped["not shaped like the rest of the export"] += 1
        calls, passed_over = leaves(spans)
        return Standard(roles_table(calls), mapping, passed_over, dropped)

    return standard


def leaves(spans: Sequence[Span]) -> tuple[list[Call], Counter[str]]:
    """The calls in their order, without those that repeat another; and what was passed over."""
    counted_below, any_below, counted_above = _nesting(spans)
    calls: list[Call] = []
    passed_over: Counter[str] = Counter()
    for span in spans:
        place = (span.trace, span.id)
        if span.call is None:
            passed_over[span.other] += 1
        elif place in counted_below or (place in any_below and not _counted(span.call)):
            passed_over[REPEATS] += 1
        elif place in counted_above and not _counted(span.call):
            passed_over[_REPEATED] += 1
        else:
            calls.append(span.call)
    return calls, passed_over


def _nesting(spans: Sequence[Span]) -> tuple[set[Place], set[Place], set[Place]]:
    """Spans with a counted call below, with any call below, and with only a counted one above."""
    parents = {(span.trace, span.id): span.parent for span in spans if span.id}
    counted = {(s.trace, s.id) for s in spans if s.id and s.call and _counted(s.call)}
    counted_below: set[Place] = set()
    any_below: set[Place] = set()
    under: dict[Place, list[Place]] = {}
    for span in spans:
        if span.call is None or not span.parent:
            continue
        above = span.parent
        for _ in range(_MOST_LEVELS):
            place = (span.trace, above)
            any_below.add(place)
            if _counted(span.call):
                counted_below.add(place)
            elif place in counted:
                under.setdefault((span.trace, span.id), []).append(place)
            following = parents.get(place)
            if not following:
                break
            above = following
    kept_above = {
        place for place, roofs in under.items() if any(r not in counted_below for r in roofs)
    }
    return counted_below, any_below, kept_above


def _counted(call: Call) -> bool:
    usage = call.usage
    return not usage.input is usage.output is usage.total is None
