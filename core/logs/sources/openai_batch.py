"""OpenAI's batch files: the requests as they were handed in, and the answers as they came back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked
from core.logs.sources.call import Call, Status, Usage
from core.logs.sources.fields import count, first, items, mapping, number, words
from core.logs.sources.labels import conversation, feature, person
from core.logs.sources.nesting import nested
from core.logs.sources.source import Look, Source, by_record
from core.logs.sources.usage import usage_of

HALF_PRICE: Final = (
    "These calls went through the batch service, which mostly costs half the standard price. "
    "Where a list price has no batch rate of its own, the standard one is shown."
)
_NO_OUTPUT: Final = "/v1/embeddings"


def _is_input(look: Look) -> bool:
    return look.has("custom_id", "method") and look.holds("body")


def _read_input(record: Record) -> Call:
    record = nested(record, "body")
    body = mapping(record["body"])
    metadata = mapping(body.get("metadata"))
    return Call(
        request_id=words(record.get("custom_id")),
        model=words(body.get("model")),
        text=asked(body),
        usage=Usage(output=0) if record.get("url") == _NO_OUTPUT else Usage(),
        segment=feature(metadata),
        tags=["batch"],
        user=person(metadata, body),
        session=conversation(metadata),
    )


def _is_output(look: Look) -> bool:
    return look.has("custom_id") and look.holds("response") and not look.has("method")


def _read_output(record: Record) -> Call:
    record = nested(record, "response", "error")
    response = mapping(record["response"])
    body = mapping(response.get("body"))
    metadata = mapping(body.get("metadata"))
    status, usage = _status(record, response, body), _usage(body)
    return Call(
        request_id=words(record.get("custom_id")),
        time=number(first(body, "created", "created_at")),
        model=words(body.get("model")),
        response=answered(body) if status == "ok" else None,
        usage=usage,
        status=status,
        segment=feature(metadata),
        tags=["batch"],
        user=person(metadata, body),
        session=conversation(metadata),
    )


def _status(record: Record, response: Mapping[str, Any], body: Mapping[str, Any]) -> Status:
    code = count(response.get("status_code"))
    if body.get("status") == "cancelled":
        return "cancelled"
    failed = record["error"] or body.get("error") or body.get("status") == "failed"
    return "error" if failed or not body or (code is not None and code >= 400) else "ok"


def _usage(body: Mapping[str, Any]) -> Usage:
    """Tokens of a chat completion, a response, or a list of embeddings, which have no output."""
    usage = usage_of(body.get("usage"))
    made = items(body.get("data"))
    if made and mapping(made[0]).get("object") == "embedding":
        return replace(usage, output=0)
    return usage


OPENAI_BATCH_INPUT: Final = Source(
    "openai_batch_input",
    "OpenAI batch requests",
    _is_input,
    by_record("openai_batch_input", _read_input),
    notes=(
        "A file of requests has neither token counts nor times: tokens are estimated.",
        HALF_PRICE,
    ),
)
OPENAI_BATCH_OUTPUT: Final = Source(
    "openai_batch_output",
    "OpenAI batch results",
    _is_output,
    by_record("openai_batch_output", _read_output),
    notes=(
        "A file of results holds no prompts: read it together with the file of the requests.",
        HALF_PRICE,
    ),
)
