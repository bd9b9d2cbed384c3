"""OpenAI's usage page as CSV: a row per bucket of time, model, project and key."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, first, words
from core.logs.sources.source import Look, Skip, Source, by_record

EMPTY_BUCKET: Final = "an empty bucket of time"
_TIMES: Final = frozenset({"start_time", "end_time", "start_time_iso", "end_time_iso"})
_INPUTS: Final = ("input_tokens", "input_uncached_tokens", "input_cached_tokens")
_USUAL_TIERS: Final = (None, "default", "auto")


def _recognises(look: Look) -> bool:
    """Also a period without traffic, whose export has the columns of the times alone."""
    counted = look.has("num_model_requests") and not look.columns.isdisjoint(_INPUTS)
    return counted or look.columns == _TIMES


def _read(record: Record) -> Call:
    usage, requests = _usage(record), count(record.get("num_model_requests"))
    model = words(record.get("model"))
    if model is None and not any((requests, usage.input, usage.output)):
        raise Skip(EMPTY_BUCKET)
    return Call(
        time=first(record, "start_time_iso", "start_time"),
        model=model,
        usage=usage,
        segment=words(first(record, "project_name", "project_id")),
        tags=_tags(record),
        requests=requests or 0,
    )


def _usage(record: Record) -> Usage:
    """Sums over the bucket; input tokens include the cached ones, text, audio and images alike."""
    total, cached = count(record.get("input_tokens")), count(record.get("input_cached_tokens"))
    uncached = count(record.get("input_uncached_tokens"))
    if total is None and uncached is not None:
        total = uncached + (cached or 0)
    return Usage(
        input=total,
        cache_read=cached,
        cache_write=count(record.get("input_cache_write_tokens")),
        output=count(record.get("output_tokens")),
    )


def _tags(record: Record) -> list[str]:
    tier = words(record.get("service_tier"))
    tags = [] if tier in _USUAL_TIERS else [str(tier)]
    is_batch = str(record.get("batch")).lower() in ("true", "1", "1.0")
    return ["batch", *(tag for tag in tags if tag != "batch")] if is_batch else tags


OPENAI_USAGE: Final = Source(
    "openai_usage",
    "OpenAI usage export",
    _recognises,
    by_record("openai_usage", _read),
    kind="aggregate",
)
