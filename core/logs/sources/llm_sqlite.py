"""simonw's llm: its database logs.db, both generations of its tables."""

from __future__ import annotations

from typing import Final

from core.logs.containers.llm_database import MARK
from core.logs.containers.records import Record
from core.logs.sources.cached import settled
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, first, mapping, number, words
from core.logs.sources.source import Look, Source, by_record
from core.logs.sources.usage import usage_of

_TOLD_TWICE: Final = ("promptTokenCount", "candidatesTokenCount", "totalTokenCount")


def _recognises(look: Look) -> bool:
    return look.has(MARK)


def _read(record: Record) -> Call:
    return Call(
        request_id=words(record.get("id")),
        time=words(record.get("datetime_utc")),
        model=words(record.get("model")),
        text=_asked(record),
        response=record.get("response"),
        usage=_usage(record),
        latency_ms=number(record.get("duration_ms")),
        session=words(record.get("conversation_id")),
    )


def _asked(record: Record) -> object:
    """All that was sent where it was kept, else the prompt with its instructions."""
    if record.get("messages"):
        return record["messages"]
    prompt, system = record.get("prompt"), record.get("system")
    if system is None or prompt is None:
        return prompt
    return [{"role": "system", "content": system}, {"role": "user", "content": prompt}]


def _usage(record: Record) -> Usage:
    """Token counts; `token_details` is what is left of the provider's usage object.

    The input is the total (llm's documentation), but for Anthropic's own names: it counts
    cached tokens beside the input.
    """
    found = mapping(record.get("token_details"))
    details = {key: value for key, value in found.items() if key not in _TOLD_TWICE}
    known = usage_of(
        {
            **details,
            "input_tokens": record.get("input_tokens"),
            "output_tokens": record.get("output_tokens"),
        }
    )
    read = count(first(details, "cached_tokens", "cachedContentTokenCount"))
    thought = count(first(details, "reasoning_tokens", "thoughtsTokenCount"))
    return settled(
        Usage(
            input=known.input,
            cache_read=read if known.cache_read is None else known.cache_read,
            cache_write=known.cache_write,
            output=known.output,
            reasoning=thought if known.reasoning is None else known.reasoning,
        )
    )


LLM_SQLITE: Final = Source(
    "llm_sqlite", "llm database (logs.db)", _recognises, by_record("llm_sqlite", _read)
)
