"""Braintrust: the logs of a project as the SDK and the API give them, one span per row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked, usage_in
from core.logs.sources.cached import filled, settled
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, first, items, mapping, number, opened, span_ms, words
from core.logs.sources.labels import conversation, feature, kind, person
from core.logs.sources.nesting import nested
from core.logs.sources.source import Look, Skip, Source
from core.logs.sources.spans import Span, by_span, span_of
from core.logs.sources.usage import usage_of


def _recognises(look: Look) -> bool:
    parts = {name.split(".")[0] for name in look.columns}
    return parts >= {"_xact_id", "span_id", "metrics"}


def _span(record: Record) -> Span:
    parents = items(record.get("span_parents"))
    parent = words(parents[0]) if parents else None
    place = words(record.get("span_id")), parent, words(record.get("root_span_id"))
    return span_of(*place, lambda: _read(record))


def _read(record: Record) -> Call:
    row = nested(record, "input", "output", "metadata", "metrics", "scores", "span_attributes")
    metrics, metadata = mapping(row["metrics"]), mapping(row["metadata"])
    span = mapping(row["span_attributes"])
    usage = settled(filled(_usage(row), usage_of(usage_in(row["output"]))))
    model = words(metadata.get("model"))
    _pass_over_other_spans(span, model, usage)
    tags = [tag for tag in map(words, items(row.get("tags"))) if tag]
    return Call(
        request_id=words(row.get("id")),
        time=number(metrics.get("start")) or words(row.get("created")),
        model=model,
        text=_said(row["input"], metadata),
        response=answered(row["output"]),
        usage=usage,
        cost_usd=number(first(row, "metrics.estimated_cost", "metrics.cost")),
        latency_ms=span_ms(metrics.get("start"), metrics.get("end")),
        status="error" if opened(row.get("error")) else "ok",
        segment=feature(metadata) or (tags[0] if tags else None),
        tags=[*tags, *(["scorer"] if span.get("purpose") == "scorer" else [])],
        feedback=_score(row["scores"]),
        user=person(metadata),
        session=conversation(metadata),
        trace=words(row.get("root_span_id")),
        from_cache=bool(number(metrics.get("cached"))),  # Braintrust's proxy had the answer
    )


def _pass_over_other_spans(span: Mapping[str, Any], model: str | None, usage: Usage) -> None:
    """Skip what is no model call. A row logged by hand has no type: model and tokens tell."""
    span_type = words(span.get("type"))
    counted = usage.input is not None or usage.total is not None
    if span_type not in (None, "llm") or (span_type is None and not (model and counted)):
        raise Skip(f"{kind(span_type or 'plain')} span, not a model call")


def _usage(row: Record) -> Usage:
    metrics = mapping(row["metrics"])
    return Usage(
        input=count(metrics.get("prompt_tokens")),
        cache_read=count(metrics.get("prompt_cached_tokens")),
        cache_write=count(metrics.get("prompt_cache_creation_tokens")),
        output=count(metrics.get("completion_tokens")),
        reasoning=count(metrics.get("completion_reasoning_tokens")),
        total=count(first(row, "metrics.tokens", "metrics.total_tokens")),
    )


def _said(body: object, metadata: Mapping[str, Any]) -> object:
    """What was asked, with the tools and instructions that the SDK keeps in the metadata."""
    if isinstance(body, list):
        kept = {key: metadata[key] for key in ("instructions", "tools") if metadata.get(key)}
        return asked({"messages": body, **kept}) if kept else asked(body)
    return asked(body)


def _score(scores: object) -> float | None:
    """The mean of a span's scores, which Braintrust keeps between 0 and 1."""
    found = [n for score in mapping(scores).values() if (n := number(score)) is not None]
    found = [score for score in found if 0.0 <= score <= 1.0]
    return sum(found) / len(found) if found else None


BRAINTRUST: Final = Source(
    "braintrust", "Braintrust export", _recognises, by_span("braintrust", _span)
)
