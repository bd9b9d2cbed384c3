"""OpenTelemetry's OTLP as JSON: documents of spans by resource, also as Phoenix downloads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from core.logs.chat.notation import decoded
from core.logs.containers.records import Record
from core.logs.sources.otel_span import read_span
from core.logs.sources.source import Look, Source
from core.logs.sources.span_values import identifier, plain
from core.logs.sources.spans import by_span

_DOCUMENTS: Final = ("resourcespans", "batches", "resourcelogs")
_SCOPES: Final = ("scopespans", "instrumentationlibraryspans", "scopelogs")
_TELLING: Final = frozenset({*_DOCUMENTS, *_SCOPES} - {"batches"})
_LOG: Final = "_log"
_LEVELS: Final = 3  # document, resource, scope


def _recognises(look: Look) -> bool:
    names = {plain(key) for key in look.columns}
    if names & _TELLING:
        return True
    return "batches" in names and any(True for _ in _expand(look.records))


def _expand(records: Sequence[Record]) -> Iterator[Record]:
    """The spans of all documents, each with its resource and the log events that belong to it.

    An event whose span is not there stands for its call when it has the attributes of one.
    """
    spans: list[Record] = []
    events: defaultdict[tuple[str | None, str | None], list[Record]] = defaultdict(list)
    for record in records:
        for part in _parts(record):
            (events[_place(part)] if _LOG in part else spans).append(part)
    for span in spans:
        told = events.pop(_place(span), None) if events else None
        yield {**span, "events": [*_list(span.get("events")), *told]} if told else span
    for alone in events.values():
        for event in alone:
            yield {key: value for key, value in event.items() if key not in ("spanId", "span_id")}


def _parts(record: Mapping[str, Any], resource: Any = None, depth: int = 0) -> Iterable[Record]:
    if depth > _LEVELS:
        return
    fields = {plain(key): value for key, value in record.items()}
    for key in _DOCUMENTS:
        for document in _list(fields.get(key)):
            yield from _parts(document, None, depth + 1)
    if "resource" in fields:
        resource = decoded(fields["resource"])
    for key in _SCOPES:
        for scope in _list(fields.get(key)):
            yield from _parts(scope, resource, depth + 1)
    for span in _list(fields.get("spans")):
        yield {**span, "resource": resource}
    for log in _list(fields.get("logrecords")):
        yield {**log, "resource": resource, _LOG: True}


def _list(value: object) -> list[Any]:
    found = decoded(value)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _place(part: Record) -> tuple[str | None, str | None]:
    fields = {plain(key): value for key, value in part.items()}
    return identifier(fields.get("traceid")), identifier(fields.get("spanid"))


OTLP: Final = Source(
    "otlp", "OpenTelemetry traces (OTLP)", _recognises, by_span("otlp", read_span, _expand)
)
