"""Langfuse: the exports of its screens, of blob storage and of single traces, and its API.

Observations hold the calls. Traces are tasks: their export tells the text, but since 2025
neither model, tokens nor cost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.fields import items, mapping, words
from core.logs.sources.langfuse_columns import KNOWN_COLUMNS
from core.logs.sources.langfuse_rows import (
    read_observation,
    read_trace,
)
from core.logs.sources.langfuse_scores import SCORES, by_observation, score_names
from core.logs.sources.source import Look, Source
from core.logs.sources.spans import Span, SpanReader, read_spans

_OBSERVATION_SIGNS: Final = frozenset(
    {
        "usageDetails", "providedUsageDetails", "inputUsage", "parentObservationId", "costDetails",
        "internalModelId", "usagePricingTierName", "calculatedTotalCost",
    }
)  # fmt: skip
_BLOB_SIGNS: Final = frozenset(
    {
        "provided_model_name", "usage_details", "cost_details", "parent_observation_id",
        "usage_pricing_tier_name", "is_root_observation", "internal_model_id", "tool_call_names",
    }
)  # fmt: skip


def _roots(look: Look) -> frozenset[str]:
    """The columns, those with dotted names (a table flattened) by what stands before the dot."""
    return frozenset(column.partition(".")[0] for column in look.columns)


def _is_events(look: Look) -> bool:
    columns = _roots(look)
    if "traceId" not in columns:
        return False
    in_ms = columns & {"latencyMs", "timeToFirstTokenMs"}
    return bool(in_ms) or ("providedModelName" in columns and "latency" not in columns)


def _is_observations(look: Look) -> bool:
    columns = _roots(look)
    timed = "startTime" in columns or "type" in columns
    return "traceId" in columns and (
        columns >= {"usageDetails", "inputUsage"} or (timed and bool(columns & _OBSERVATION_SIGNS))
    )


def _is_blob(look: Look) -> bool:
    columns = _roots(look)
    return "trace_id" in columns and len(columns & _BLOB_SIGNS) >= 2


def _is_trace(look: Look) -> bool:
    return any(
        isinstance(one, dict) and bool(one.keys() & {"traceId", "startTime", "type"})
        for record in look.records
        for one in items(record.get("observations"))[:20]
    )


def _is_traces(look: Look) -> bool:
    columns = _roots(look)
    place = columns & {"bookmarked", "htmlPath"}
    return columns >= {"timestamp", "public"} and bool(place) and "startTime" not in columns


def _standard(
    source: str,
    read: Callable[[Record, Collection[str]], Span],
    rows_of: Callable[[Sequence[Record]], Sequence[Record]] = lambda rows: rows,
) -> SpanReader:
    def spans_of(records: Sequence[Record], dropped: Counter[str]) -> list[Span]:
        rows = rows_of(records)
        scores = score_names(rows, KNOWN_COLUMNS)
        return read_spans(rows, lambda record: read(record, scores), dropped)

    return SpanReader(source, spans_of)


def _observations_in(traces: Sequence[Record]) -> list[Record]:
    """The observations of single-trace downloads, each with its scores and its trace's labels.

    A score of the trace as a whole belongs to its only generation, or to none.
    """
    return [row for trace in traces for row in _rows_of(trace)]


def _rows_of(download: Record) -> list[Record]:
    trace = mapping(download.get("trace")) or download
    labels = {
        "traceId": words(trace.get("id")),
        "traceName": words(trace.get("name")),
        "traceTags": items(trace.get("tags")),
        "userId": words(trace.get("userId")),
        "sessionId": words(trace.get("sessionId")),
    }
    scores = by_observation(items(download.get("scores")) or items(trace.get("scores")))
    observations = [mapping(one) for one in items(download.get("observations"))]
    calls = [one for one in observations if one.get("type") in ("GENERATION", "EMBEDDING")]
    rows = []
    for one in observations:
        own = {name: value for name, value in one.items() if value is not None}
        judged = scores.get(words(own.get("id")), {})
        if len(calls) == 1 and one is calls[0]:
            judged = scores.get(None, {}) | judged
        rows.append({**labels, **own, SCORES: judged})
    return rows


LANGFUSE: Final = (
    Source(
        "langfuse_trace",
        "Langfuse download of a single trace",
        _is_trace,
        _standard("langfuse_trace", read_observation, _observations_in),
    ),
    Source(
        "langfuse_events",
        "Langfuse events export",
        _is_events,
        _standard("langfuse_events", read_observation),
    ),
    Source(
        "langfuse_observations",
        "Langfuse observations export",
        _is_observations,
        _standard("langfuse_observations", read_observation),
    ),
    Source(
        "langfuse_blob",
        "Langfuse blob storage export",
        _is_blob,
        _standard("langfuse_blob", read_observation),
    ),
    Source(
        "langfuse_traces",
        "Langfuse traces export",
        _is_traces,
        _standard("langfuse_traces", read_trace),
        notes=(
            "A traces export of Langfuse has no tokens, model or cost (in files of 2024 and 2025: "
            "no model, and the tokens of a whole task): export the observations table instead.",
        ),
    ),
)
