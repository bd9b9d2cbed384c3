"""OpenAI's stored chat completions: answers with their counts, prompts only if fetched as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked
from core.logs.sources.call import Call
from core.logs.sources.fields import first, items, mapping, number, opened, words
from core.logs.sources.labels import conversation, feature, person
from core.logs.sources.source import Look, Source, by_record
from core.logs.sources.usage import usage_of

_KIND: Final = "chat.completion"
_USUAL_TIERS: Final = (None, "default", "auto")


def _recognises(look: Look) -> bool:
    return look.has("object") and any(
        _is_completion(one) for record in look.records for one in _completions(record)
    )


def _is_completion(value: object) -> bool:
    found = mapping(value)
    return found.get("object") == _KIND and ("choices" in found or "usage" in found)


def _completions(record: Record) -> list[Any]:
    """The completions of one page of the list, or the record when it is one itself."""
    return items(record.get("data")) if record.get("object") == "list" else [record]


def _read(record: Record) -> Iterator[Call]:
    for one in _completions(record):
        if not _is_completion(one):
            raise ValueError("no chat completion")
        yield _call(one)


def _call(record: Record) -> Call:
    metadata, usage = mapping(record.get("metadata")), usage_of(record.get("usage"))
    tier = words(record.get("service_tier"))
    return Call(
        request_id=words(record.get("id")),
        time=number(record.get("created")),
        model=words(record.get("model")),
        text=_asked(record),
        response=answered(record),
        usage=usage,
        segment=feature(metadata),
        tags=[] if tier in _USUAL_TIERS else [str(tier)],
        tools=_tools(record),
        user=person(metadata, record),
        session=conversation(metadata),
    )


def _asked(record: Record) -> object:
    """The messages, which come from an endpoint of their own; None when nobody added them."""
    found = opened(record.get("messages"))
    messages = items(mapping(found).get("data")) or items(found)
    return asked({"messages": messages, "tools": record.get("tools")}) if messages else None


def _tools(record: Record) -> list[str]:
    names = (first(mapping(tool), "function.name", "name") for tool in items(record.get("tools")))
    return sorted({str(name) for name in names if name})


OPENAI_STORED: Final = Source(
    "openai_stored",
    "OpenAI stored completions",
    _recognises,
    by_record("openai_stored", _read),
    notes=("The list of stored completions holds no prompts; OpenAI keeps them apart.",),
)
