"""Spans of a trace: which of them are model calls, each counted once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from core.logs.containers.chunk import Chunk
from core.logs.containers.records import Record
from core.logs.mapping import Mapping as ColumnMapping
from core.logs.sources.call import Call, calls_mapping, roles_table
from core.logs.sources.source import UNLIKE, Skip, Standard

REPEATS: Final = "a span that repeats the model call within it"
_REPEATED: Final = "a part of a model call that is counted already"
_MOST_LEVELS: Final = 100
_REMEMBERED: Final = 20_000  # spans of earlier pieces: a trace rarely lies in more than two

Place = tuple[str | None, str | None]  # trace and span


@dataclass(frozen=True, slots=True)
class Span:
    """One span: its place in the trace, and its model call or else what it is instead."""

    id: str | None
    parent: str | None
    trace: str | None
    call: Call | None
    other: str = ""

    @property
    def place(self) -> Place:
        """Its trace and its own id."""
        return self.trace, self.id


@dataclass
class Earlier:
    """The last spans of the pieces of a log read before, for traces cut between two pieces."""

    parents: dict[Place, str | None] = field(default_factory=dict)
    calls: dict[Place, None] = field(default_factory=dict)  # of the spans that were counted
    above: dict[Place, None] = field(default_factory=dict)  # what these are nested in

    def sifted(self, spans: Sequence[Span]) -> list[Span]:
        """The spans, without the calls of those above or below a call that is counted already."""
        parents = self.parents | {span.place: span.parent for span in spans if span.id}
        for span in spans if self.above else ():
            if span.place in self.above:
                self.above |= dict.fromkeys(_ancestors(span, parents))
        return [self._without_repeat(span, parents) for span in spans]

    def add(self, spans: Sequence[Span], counted: Sequence[Span]) -> None:
        """Remember a piece that was read, and its spans whose calls were counted."""
        self.parents |= {span.place: span.parent for span in spans if span.id}
        for span in counted:
            if span.id:
                self.calls[span.place] = None
            self.above |= dict.fromkeys(_ancestors(span, self.parents))
        for memory in (self.parents, self.calls, self.above):
            for place in list(memory)[: max(len(memory) - _REMEMBERED, 0)]:
                del memory[place]

    def _without_repeat(self, span: Span, parents: Mapping[Place, str | None]) -> Span:
        if span.call is None:
            return span
        if span.id and span.place in self.above:
            return replace(span, call=None, other=REPEATS)
        if self.calls and any(place in self.calls for place in _ancestors(span, parents)):
            return replace(span, call=None, other=_REPEATED)
        return span


@dataclass(frozen=True)
class SpanReader:
    """A `Source.standard` over spans; of calls within calls only the innermost count.

    Two instrumentations often report one call twice, one span around the other. `spans_of`
    gives the spans of a piece and counts what is shaped unlike them.
    """

    source: str
    spans_of: Callable[[Sequence[Record], Counter[str]], Sequence[Span]]
    earlier: Earlier | None = None

    def afresh(self) -> SpanReader:
        """A reader for the pieces of one log, that remembers those before."""
        return replace(self, earlier=Earlier())

    def __call__(self, chunk: Chunk, _: ColumnMapping) -> Standard:
        """The calls of a piece."""
        dropped: Counter[str] = Counter()
        spans = self.spans_of(chunk.records(), dropped)
        if self.earlier:
            spans = self.earlier.sifted(spans)
        counted, passed_over = _leaves(spans)
        if self.earlier:
            self.earlier.add(spans, counted)
        calls = [span.call for span in counted if span.call]
        doubts = Counter(doubt for call in calls for doubt in call.doubts)
        return Standard(
            roles_table(calls), calls_mapping(self.source), passed_over, dropped, doubts
        )


def by_span(
    source: str,
    read: Callable[[Record], Span],
    expand: Callable[[Sequence[Record]], Iterable[Record]] | None = None,
) -> SpanReader:
    """A `Source.standard` that reads spans one by one.

    `expand` gives the spans of a piece where a record holds many. A record of another shape is
    dropped.
    """

    def spans_of(records: Sequence[Record], dropped: Counter[str]) -> list[Span]:
        return read_spans(expand(records) if expand else records, read, dropped)

    return SpanReader(source, spans_of)


def read_spans(
    records: Iterable[Record], read: Callable[[Record], Span], dropped: Counter[str]
) -> list[Span]:
    """The spans in records of the right shape; the others are counted in `dropped`."""
    spans = []
    for record in records:
        try:
            spans.append(read(record))
        except UNLIKE:
            dropped["not shaped like the rest of the export"] += 1
    return spans


def span_of(
    id_: str | None, parent: str | None, trace: str | None, call: Callable[[], Call]
) -> Span:
    """The span at that place with its call, or with the reason for which it is skipped."""
    try:
        return Span(id_, parent, trace, call())
    except Skip as reason:
        return Span(id_, parent, trace, None, str(reason))


def _leaves(spans: Sequence[Span]) -> tuple[list[Span], Counter[str]]:
    """The spans whose calls repeat no other, in their order; and what was passed over."""
    counted_below, any_below, counted_above = _nesting(spans)
    kept: list[Span] = []
    passed_over: Counter[str] = Counter()
    for span in spans:
        place = span.place
        if span.call is None:
            passed_over[span.other] += 1
        elif place in counted_below or (place in any_below and not _counted(span.call)):
            passed_over[REPEATS] += 1
        elif place in counted_above and not _counted(span.call):
            passed_over[_REPEATED] += 1
        else:
            kept.append(span)
    return kept, passed_over


def _nesting(spans: Sequence[Span]) -> tuple[set[Place], set[Place], set[Place]]:
    """Spans with a counted call below, with any call below, and with only a counted one above."""
    parents = {span.place: span.parent for span in spans if span.id}
    counted = {s.place for s in spans if s.id and s.call and _counted(s.call)}
    counted_below: set[Place] = set()
    any_below: set[Place] = set()
    under: dict[Place, list[Place]] = {}
    for span in spans:
        if span.call is None:
            continue
        for place in _ancestors(span, parents):
            any_below.add(place)
            if _counted(span.call):
                counted_below.add(place)
            elif place in counted:
                under.setdefault(span.place, []).append(place)
    kept_above = {
        place for place, roofs in under.items() if any(r not in counted_below for r in roofs)
    }
    return counted_below, any_below, kept_above


def _ancestors(span: Span, parents: Mapping[Place, str | None]) -> Iterator[Place]:
    """The places that a span is nested in, from the inside, as far as they are known."""
    above = span.parent
    for _ in range(_MOST_LEVELS):
        if not above or above == span.id:
            return
        yield span.trace, above
        above = parents.get((span.trace, above))


def _counted(call: Call) -> bool:
    usage = call.usage
    return not usage.input is usage.output is usage.total is None
