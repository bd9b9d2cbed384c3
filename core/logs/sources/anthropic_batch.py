"""Anthropic's Message Batches: the results, and the requests that they answer."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked
from core.logs.sources.call import Call, Status
from core.logs.sources.fields import mapping, words
from core.logs.sources.labels import person
from core.logs.sources.nesting import nested
from core.logs.sources.openai_batch import HALF_PRICE
from core.logs.sources.source import Look, Source, by_record
from core.logs.sources.usage import usage_of

_STATUSES: Final[dict[str | None, Status]] = {
    "succeeded": "ok",
    "errored": "error",
    "canceled": "cancelled",
    "cancelled": "cancelled",
    "expired": "error",
}


def _is_result(look: Look) -> bool:
    return look.has("custom_id") and look.holds("result")


def _read_result(record: Record) -> Call:
    result = mapping(nested(record, "result")["result"])
    message = mapping(result.get("message"))
    status = _STATUSES[words(result.get("type"))]
    usage = usage_of(message.get("usage"))
    return Call(
        request_id=words(record.get("custom_id")),
        model=words(message.get("model")),
        response=answered(message) if status == "ok" else None,
        usage=usage,
        status=status,
        tags=["batch"],
    )


def _is_request(look: Look) -> bool:
    return look.has("custom_id") and look.holds("params")


def _read_request(record: Record) -> Call:
    params = mapping(nested(record, "params")["params"])
    return Call(
        request_id=words(record.get("custom_id")),
        model=words(params.get("model")),
        text=asked(params),
        tags=["batch"],
        user=person(mapping(params.get("metadata"))),
    )


ANTHROPIC_BATCH: Final = Source(
    "anthropic_batch",
    "Anthropic batch results",
    _is_result,
    by_record("anthropic_batch", _read_result),
    notes=(
        "A file of results holds neither prompts nor times: read it together with the requests.",
        HALF_PRICE,
    ),
)
ANTHROPIC_BATCH_INPUT: Final = Source(
    "anthropic_batch_input",
    "Anthropic batch requests",
    _is_request,
    by_record("anthropic_batch_input", _read_request),
    notes=(
        "A file of requests has neither token counts nor times: tokens are estimated.",
        HALF_PRICE,
    ),
)
