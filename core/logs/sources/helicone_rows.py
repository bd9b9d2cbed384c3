"""A request as Helicone's API names its parts becomes a call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked
from core.logs.sources.call import Call, Status
from core.logs.sources.fields import count, first, mapping, number, span_ms, words
from core.logs.sources.helicone_usage import usage_in_row
from core.logs.sources.labels import conversation, feature
from core.logs.sources.nesting import nested
from core.logs.sources.source import Skip

_BODIES: Final = ("request_body", "response_body")
_PROPERTIES: Final = ("properties", "request_properties")
_NO_CACHE: Final = "00000000-0000-0000-0000-000000000000"  # a cache reference to nothing
_EVENTS: Final = ("tool", "vector_db", "vector-db", "data")
_NOT_STORED: Final = ("helicone_message", "heliconeMessage")  # instead of a body kept elsewhere
_NAMELESS: Final = ("undefined", "null", "unknown", "none")
_CANCELLED: Final = (499, -3)
_PENDING: Final = (0, -2)
_WORDS: Final[dict[str, Status]] = {
    "success": "ok", "cached": "ok", "error": "error", "timeout": "error", "threat": "error",
    "cancelled": "cancelled", "canceled": "cancelled",
}  # fmt: skip
_PERSONAL: Final = re.compile(
    r"user|mail|phone|session|customer|apikey|(^|[\W_])(ip|key|token)s?([\W_]|$)|ids?$"
)


def read_request(record: Record) -> Call:
    """The call in a request; Skip for logged tool and database events and for pending requests."""
    row = nested(record, *_BODIES, *_PROPERTIES, "scores")
    request, response = _stored(row["request_body"]), _stored(row["response_body"])
    event = words(mapping(request).get("_type")) or ""
    if event in _EVENTS:
        raise Skip(f"{event} event, not a model call")
    properties = {**mapping(row["request_properties"]), **mapping(row["properties"])}
    model = _model(row, request, response)
    segment = feature(properties) or _first_label(properties)
    return Call(
        request_id=words(first(row, "request_id", "response_id")),
        time=words(first(row, "request_created_at", "response_created_at")),
        model=model,
        text=asked(request),
        response=answered(response),
        usage=usage_in_row(row, response, model),
        cost_usd=number(first(row, "cost", "costUSD", "cost_usd")),
        latency_ms=_latency_ms(row),
        status=_status(row, response),
        segment=segment,
        tags=_labels(properties),
        feedback=_feedback(row),
        user=_named(first(row, "request_user_id", "user_id")),
        session=_session(properties),
        from_cache=_from_cache(row),
    )


def _stored(body: object) -> object:
    """A body, or None where Helicone only says that it keeps it elsewhere."""
    found = mapping(body)
    return None if any(key in found for key in _NOT_STORED) else body


def _model(row: Record, request: object, response: object) -> str | None:
    names = ("model", "model_override", "response_model", "request_model")
    bodies = (mapping(response).get("model"), mapping(request).get("model"))
    found = (_named(value) for value in (*(row.get(name) for name in names), *bodies))
    return next((name for name in found if name), None)


def _named(value: object) -> str | None:
    name = words(value)
    return None if name is None or name.lower() in _NAMELESS else name


def _from_cache(row: Record) -> bool:
    """Whether Helicone answered from its own cache, which costs nothing."""
    reference = words(row.get("cache_reference_id"))
    told = (words(row.get("status_type")) or "").lower() == "cached"
    return told or reference not in (None, _NO_CACHE)


def _status(row: Record, response: object) -> Status:
    code, word = count(row.get("response_status")), (words(row.get("status_type")) or "").lower()
    if code is None:
        word = word or (words(row.get("response_status")) or "").lower()
    if code in _CANCELLED or _WORDS.get(word) == "cancelled":
        return "cancelled"
    pending = word == "pending" or code in _PENDING
    if pending and not count(row.get("completion_tokens")):
        raise Skip("request without an answer yet")
    if (code is not None and (code >= 400 or code < 0)) or _WORDS.get(word) == "error":
        return "error"
    return "error" if mapping(response).get("error") else "ok"


def _latency_ms(row: Record) -> float | None:
    """Milliseconds as logged; else between the two times, which the CSV export leaves us."""
    logged = number(first(row, "delay_ms", "latency"))
    return logged or span_ms(
        words(row.get("request_created_at")), words(row.get("response_created_at"))
    )


def _feedback(row: Record) -> float | None:
    """The user's thumb; else the mean of the scores that are true or false."""
    rating = words(first(row, "feedback_rating", "request_feedback.rating"))
    if rating is not None:
        return {"true": 1.0, "1": 1.0, "false": 0.0, "0": 0.0}.get(rating.lower())
    worths = [
        worth
        for name, score in mapping(row["scores"]).items()
        if name.endswith("-hcone-bool") or mapping(score).get("valueType") == "boolean"
        if (worth := number(mapping(score).get("value", score))) in (0, 1)
    ]
    return sum(worths) / len(worths) if worths else None


def _session(properties: Mapping[str, Any]) -> str | None:
    own = {key.lower(): value for key, value in properties.items()}
    return words(own.get("helicone-session-id")) or conversation(properties)


def _labels(properties: Mapping[str, Any]) -> list[str]:
    """The custom properties as "name: value", without those that point at a person."""
    return [f"{name}: {label}" for name, label in _shareable(properties)]


def _first_label(properties: Mapping[str, Any]) -> str | None:
    return next((label for _, label in _shareable(properties)), None)


def _shareable(properties: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, label)
        for name, value in properties.items()
        if not name.lower().startswith("helicone-")
        and not _PERSONAL.search(name.lower())
        and (label := words(value))
    ]
