"""Helicone's dashboard export: rows as its screens hold them, named as its API names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import asked
from core.logs.sources.fields import first, items, mapping
from core.logs.sources.nesting import nested

_ROOTS: Final = ("schema", "preview", "raw", "heliconeMetadata")
_NAMES: Final = {
    "request_created_at": "createdAt",
    "total_tokens": "totalTokens",
    "prompt_tokens": "promptTokens",
    "completion_tokens": "completionTokens",
    "prompt_cache_write_tokens": "promptCacheWriteTokens",
    "prompt_cache_read_tokens": "promptCacheReadTokens",
    "reasoning_tokens": "reasoningTokens",
    "delay_ms": "latency",
    "request_user_id": "user",
    "response_status": "status.code",
    "status_type": "status.statusType",
    "properties": "customProperties",
    "cost": "cost",
    "feedback_rating": "feedback.rating",
    "provider": "provider",
    "cache_reference_id": "cacheReferenceId",
    "scores": "scores",
}


def api_row(record: Record) -> Record:
    """A row of the dashboard's export as the API would give it."""
    row = nested(record, *_ROOTS)
    told = dict(mapping(row["heliconeMetadata"]))
    schema, raw, preview = (mapping(row[root]) for root in ("schema", "raw", "preview"))
    return {
        **{name: first(told, path) for name, path in _NAMES.items()},
        "request_id": first({**row, **told}, "requestId", "id"),
        "model": first(row, "model", "schema.response.model", "schema.request.model"),
        "request_body": _request(record, raw, schema, preview),
        "response_body": raw.get("response") or _last(mapping(schema.get("response"))),
    }


def _request(
    record: Record, raw: Mapping[str, Any], schema: Mapping[str, Any], preview: Mapping[str, Any]
) -> object:
    kind = str(record.get("_type", ""))
    if kind in ("tool", "vector-db", "data"):
        return {"_type": kind}
    own, drawn = mapping(raw.get("request")), mapping(schema.get("request"))
    if not any("helicone" in key.lower() for key in own) and asked(raw.get("request")) is not None:
        return raw.get("request")
    if messages := items(drawn.get("messages")):
        return {**drawn, "messages": [_message(one) for one in messages]}
    return drawn if asked(drawn) is not None else preview.get("request")


def _message(message: Any) -> Any:
    """A message whose parts lie in a `contentArray`, as the APIs write it."""
    parts = items(mapping(message).get("contentArray"))
    texts = [str(text) for part in parts if (text := mapping(part).get("content"))]
    return {**message, "content": "\n".join(texts)} if texts else message


def _last(response: Mapping[str, Any]) -> object:
    messages = items(response.get("messages"))
    return messages[-1] if messages else dict(response) or None
