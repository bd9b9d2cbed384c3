"""A Langfuse observation or trace becomes a call; one reader for all shapes and spellings.

Exports of the screens, the API, events and blob storage name the same things in camelCase or
snake_case; no name means two things.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import first, items, mapping, number, opened, span_ms, words
from core.logs.sources.langfuse_scores import feedback
from core.logs.sources.langfuse_usage import DETAILS, usage_in_row
from core.logs.sources.nesting import nested
from core.logs.sources.source import Skip
from core.logs.sources.spans import Span, span_of

_CALLS: Final = ("GENERATION", "EMBEDDING")
_COSTS: Final = ("costDetails", "cost_details", "providedCostDetails", "provided_cost_details")
_OBJECTS: Final = ("input", "output", *DETAILS, *_COSTS)
_PARAMETERS: Final = ("modelParameters", "model_parameters")
_TOTAL_COSTS: Final = (
    "totalCost", "total_cost", *(f"{name}.total" for name in _COSTS), "calculatedTotalCost",
    "calculated_total_cost", "usage.totalCost",
)  # fmt: skip
_PART_COSTS: Final = (
    ("inputCost", "outputCost"),
    ("input_cost", "output_cost"),
    ("calculatedInputCost", "calculatedOutputCost"),
    ("calculated_input_cost", "calculated_output_cost"),
    ("usage.inputCost", "usage.outputCost"),
)


def read_observation(record: Record, scores: Collection[str]) -> Span:
    """The call in an observation, or what it is instead; `scores` are the usable ones.

    Other types than generations and embeddings are calls only when they have a model and tokens;
    where a call is nested in them they tell its tokens again.
    """
    place = (
        words(record.get("id")),
        words(first(record, "parentObservationId", "parent_observation_id")),
        words(first(record, "traceId", "trace_id")),
    )
    return span_of(*place, lambda: _observed(record, scores))


def _observed(record: Record, scores: Collection[str]) -> Call:
    row = _opened(record)
    kind = (words(first(row, "type")) or "").upper()
    model, usage = _model(row), usage_in_row(row)
    counted = usage.input is not None or usage.output is not None or usage.total is not None
    if kind not in _CALLS and not (model and counted):
        raise Skip(f"{kind.lower() or 'unknown'} observation, not a model call")
    return Call(
        request_id=words(row.get("id")),
        time=words(first(row, "startTime", "start_time", "traceTimestamp", "timestamp")),
        model=model,
        text=_text(row.get("input")),
        response=answered(row.get("output")),
        usage=usage,
        cost_usd=_cost(row, usage),
        latency_ms=_latency_ms(row),
        status="error" if (words(row.get("level")) or "").upper() == "ERROR" else "ok",
        segment=words(first(row, "traceName", "trace_name", "name")),
        tags=_labels(first(row, "traceTags", "trace_tags", "tags")),
        tools=_tools(row),
        feedback=feedback(row, scores),
        user=words(first(row, "userId", "user_id")),
        session=words(first(row, "sessionId", "session_id")),
        trace=words(first(row, "traceId", "trace_id")),
    )


def read_trace(record: Record, scores: Collection[str]) -> Span:
    """A trace as one call without a model; tokens, cost and latency only where it has them."""
    row = _opened(record)
    usage = usage_in_row(row)
    latency_s = number(row.get("latency"))
    call = Call(
        request_id=words(row.get("id")),
        time=words(first(row, "timestamp", "createdAt", "created_at")),
        text=_text(row.get("input")),
        response=answered(row.get("output")),
        usage=usage,
        cost_usd=_cost(row, usage),
        latency_ms=None if latency_s is None else latency_s * 1000,
        segment=words(row.get("name")),
        tags=_labels(row.get("tags")),
        feedback=feedback(row, scores),
        user=words(first(row, "userId", "user_id")),
        session=words(first(row, "sessionId", "session_id")),
        trace=words(row.get("id")),
    )
    return Span(words(row.get("id")), None, None, call)


def _opened(record: Record) -> Record:
    """The record with its objects as objects, whatever the container made of them."""
    roots = {name.partition(".")[0] for name in record}
    return nested(record, *(name for name in _OBJECTS if name in roots))


def _model(row: Record) -> str | None:
    named = words(first(row, "model", "providedModelName", "provided_model_name"))
    if named:
        return named
    row = nested(row, *_PARAMETERS)
    return words(first(row, *(f"{name}.model" for name in _PARAMETERS)))


def _text(value: Any) -> object:
    """What was asked; an input of the application's own making as it is."""
    if isinstance(value, dict) and value.keys() == {"args", "kwargs"}:  # a traced function
        value = value["kwargs"] or value["args"]
    text = asked(value)
    return value if text is None and value else text


def _cost(row: Record, usage: Usage) -> float | None:
    """Dollars as logged; None where Langfuse writes 0 because it knows no price or no tokens."""
    total = number(first(row, *_TOTAL_COSTS))
    if total is None:
        for names in _PART_COSTS:
            parts = [n for name in names if (n := number(first(row, name))) is not None]
            total = sum(parts) if parts else total
    if total is None:
        details = next((found for name in _COSTS if (found := mapping(row.get(name)))), {})
        parts = [n for value in details.values() if (n := number(value)) is not None]
        total = sum(parts) if parts else None
    unpriced = any(row.get(name) == {} for name in _COSTS[:2])
    return None if total == 0 and (unpriced or usage == Usage()) else total


def _latency_ms(row: Record) -> float | None:
    """Milliseconds; `latency` is in seconds, but in some exports not, as its two times show."""
    ms = number(first(row, "latencyMs", "latency_ms"))
    if ms is not None:
        return ms
    span = span_ms(
        words(first(row, "startTime", "start_time")), words(first(row, "endTime", "end_time"))
    )
    latency = number(row.get("latency"))
    if latency is None:
        return span
    in_ms = span and abs(latency - span) < abs(latency * 1000 - span)
    return latency if in_ms else latency * 1000


def _labels(value: object) -> list[str]:
    found = opened(value)
    return [
        label for one in (found if isinstance(found, list) else [found]) if (label := words(one))
    ]


def _tools(row: Record) -> list[str]:
    """The names of the tools offered and called."""
    offered = opened(first(row, "toolDefinitions", "tool_definitions"))
    called = items(first(row, "toolCallNames", "tool_call_names"))
    names = [*offered] if isinstance(offered, dict) else [_tool_name(t) for t in items(offered)]
    names += [words(name) for name in called]
    names += [_tool_name(call) for call in items(first(row, "toolCalls", "tool_calls"))]
    return sorted({name for name in names if name})


def _tool_name(tool: object) -> str | None:
    found: Mapping[str, Any] = mapping(tool)
    return words(first(dict(found), "name", "function.name"))
