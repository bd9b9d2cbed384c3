"""Braintrust: the logs of a project as the SDK and the API give them, one span per row."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, first, items, mapping, number, span_ms, words
from core.logs.sources.source import Look, Skip, Source, by_record


def _recognises(look: Look) -> bool:
    return look.has("_xact_id", "span_id", "metrics")


def _read(record: Record) -> Call:
    kind = words(first(mapping(record.get("span_attributes")), "type")) or "span"
    if kind != "llm":
        raise Skip(f"a {kind} span, not a model call")
    metrics, metadata = mapping(record.get("metrics")), mapping(record.get("metadata"))
    ms = span_ms(metrics.get("start"), metrics.get("end"))
    return Call(
        request_id=words(record.get("id")),
        time=number(metrics.get("start")) or words(record.get("created")),
        model=words(metadata.get("model")),
        text=record.get("input"),
        response=record.get("output"),
        usage=Usage(
            input=count(metrics.get("prompt_tokens")),
            cache_read=count(metrics.get("prompt_cached_tokens")),
            cache_write=count(metrics.get("prompt_cache_creation_tokens")),
            output=count(metrics.get("completion_tokens")),
            reasoning=count(metrics.get("completion_reasoning_tokens")),
            total=count(metrics.get("tokens")),
        ),
        cost_usd=number(first(metrics, "estimated_cost", "cost")),
        latency_ms=ms,
        status="error" if record.get("error") else "ok",
        tags=[str(tag) for tag in items(record.get("tags"))],
        feedback=_score(record.get("scores")),
        trace=words(record.get("root_span_id")),
    )


def _score(scores: object) -> float | None:
    """The mean of a span's scores, which Braintrust keeps between 0 and 1."""
    found = [n for score in mapping(scores).values() if (n := number(score)) is not None]
    return sum(found) / len(found) if found else None


BRAINTRUST: Final = Source(
    "braintrust", "Braintrust export", _recognises, by_record("braintrust", _read)
)
