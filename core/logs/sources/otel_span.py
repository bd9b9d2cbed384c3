"""OpenTelemetry: one span per row, from an SDK's exporter, a collector or a trace database."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from core.logs.chat.notation import decoded
from core.logs.containers.records import Record
from core.logs.sources.call import Call, Status
from core.logs.sources.fields import number, words
from core.logs.sources.genai_attributes import (
    cost_of,
    feature_of,
    model_of,
    session_of,
    tags_of,
    usage_in,
    user_of,
)
from core.logs.sources.genai_kinds import other_than_call
from core.logs.sources.genai_messages import answered_in, asked_in, with_events
from core.logs.sources.source import Look, Source
from core.logs.sources.span_values import (
    attributes_of,
    columns_of,
    identifier,
    nanoseconds,
    plain,
)
from core.logs.sources.spans import Span, by_span

_HOLDER: Final = re.compile(r"(?:span_?)?attributes(?:\.|$)", re.IGNORECASE)
_OWN: Final = ("gen_ai.", "openinference.", "traceloop.")
_TELLING: Final = (*_OWN, "llm.", "ai.operationId", "ai.usage.")
_LEADS: Final = (*_OWN, "llm.", "ai.")
_STARTS: Final = (
    "starttimeunixnano", "starttime", "starttimestamp", "timestamp", "timeunixnano",
)  # fmt: skip
_ENDS: Final = ("endtimeunixnano", "endtime", "endtimestamp")
_UNKNOWN_SERVICE: Final = "unknown_service"


def read_span(record: Record) -> Span:
    """One span of any of these shapes: a model call, or what it is instead."""
    fields = {plain(key): value for key, value in record.items()}
    found = _attributes(record)
    trace = identifier(_at(fields, "context", "traceid") or fields.get("traceid"))
    id_ = identifier(_at(fields, "context", "spanid") or fields.get("spanid"))
    above = fields.get("parentid") or fields.get("parentspanid")
    parent = identifier(_at(fields, "parent", "spanid") or above)
    name = words(fields.get("name") or fields.get("spanname")) or ""
    other = other_than_call(found, name, words(fields.get("spankind")))
    if other is not None:
        return Span(id_, parent, trace, None, other)
    found = with_events(found, fields.get("events"))
    start = next((fields[key] for key in _STARTS if fields.get(key)), None)
    began = nanoseconds(start)
    written = isinstance(start, str) and not start.isdecimal()
    call = Call(
        request_id=id_ or words(fields.get("id")),
        time=words(start) if written else None if began is None else str(began),
        model=model_of(found),
        text=asked_in(found),
        response=answered_in(found),
        usage=usage_in(found),
        cost_usd=cost_of(found),
        latency_ms=_latency(record, fields, began),
        status=_status(fields, found),
        segment=feature_of(found, _service(record, fields)),
        tags=tags_of(found),
        user=user_of(found),
        session=session_of(found),
        trace=trace,
    )
    return Span(id_, parent, trace, call)


def recognises_span(look: Look) -> bool:
    """Whether rows are spans, with attributes of model calls or as an exporter writes them."""
    names = {plain(key) for key in look.columns}
    if "context" in names and {"attributes", "kind", "starttime", "parentid"} <= names:
        return True  # the Python SDK's console exporter
    if {"traceid", "spanid"} <= names and names & {"starttimeunixnano", "spanattributes"}:
        return True
    if any(key.startswith(_OWN) for key in look.columns):
        return True
    held = [{k: v for k, v in record.items() if _HOLDER.match(k)} for record in look.records]
    return any(key.startswith(_TELLING) for record in held for key in _attributes(record))


def _attributes(record: Record) -> dict[str, Any]:
    """The attributes in an object of any of the usual names, or in columns of their own."""
    found: dict[str, Any] = {}
    loose: dict[str, Any] = {}
    for key, value in record.items():
        holder = _HOLDER.match(key)
        if holder is None:
            if key.startswith(_LEADS):
                loose[key] = value
        elif holder.end() == len(key):
            found |= attributes_of(value)
        else:
            loose[key[holder.end() :]] = value
    return found | attributes_of(loose) if loose else found


def _at(fields: Mapping[str, Any], holder: str, name: str) -> Any:
    """A part of an object that is whole, JSON text, or spread over columns."""
    for key in (holder, f"span{holder}"):
        inner = decoded(fields.get(key))
        if isinstance(inner, dict):
            return next((value for part, value in inner.items() if plain(part) == name), None)
    return fields.get(f"{holder}.{name}")


def _latency(record: Record, fields: Mapping[str, Any], began: int | None) -> float | None:
    ended = next((n for key in _ENDS if (n := nanoseconds(fields.get(key))) is not None), None)
    if began is not None and ended is not None and ended >= began:
        return (ended - began) / 1e6
    for key, unit in (("durationms", 1.0), ("latencyms", 1.0), ("durationnano", 1e-6)):
        if (length := number(fields.get(key))) is not None:
            return length * unit
    length = number(record.get("Duration"))  # the collector's table in ClickHouse: nanoseconds
    return None if length is None else length / 1e6


def _status(fields: Mapping[str, Any], found: Mapping[str, Any]) -> Status:
    said = _at(fields, "status", "statuscode") or _at(fields, "status", "code")
    for word in (
        said,
        fields.get("statuscode"),
        fields.get("otelstatuscode"),
        fields.get("status"),
    ):
        code = word if isinstance(word, (str, int)) else ""
        if code in (2, "2") or str(code).upper().endswith("ERROR"):
            break
    else:
        if not found.get("error.type"):
            return "ok"
    return "cancelled" if "cancel" in str(found.get("error.type")).lower() else "error"


def _service(record: Record, fields: Mapping[str, Any]) -> str | None:
    resource = decoded(fields.get("resource"))
    inner = resource.get("attributes") if isinstance(resource, dict) else resource
    for found in (
        attributes_of(inner),
        attributes_of(fields.get("resourceattributes")),
        columns_of(record, "resource.attributes."),
        {"service.name": fields.get("servicename") or record.get("service.name")},
    ):
        name = words(found.get("service.name"))
        if name:
            return None if name.startswith(_UNKNOWN_SERVICE) else name
    return None


OTEL_SPAN: Final = Source(
    "otel_span", "OpenTelemetry spans", recognises_span, by_span("otel_span", read_span)
)
