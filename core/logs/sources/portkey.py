"""Portkey: the export of its logs, with the field names of its API and of its documentation."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import answered, asked, usage_in
from core.logs.sources.cached import filled, settled
from core.logs.sources.call import Call, Status, Usage
from core.logs.sources.fields import count, first, mapping, number, words
from core.logs.sources.labels import conversation, feature, kind, person
from core.logs.sources.nesting import nested
from core.logs.sources.source import Look, Source, by_record
from core.logs.sources.usage import usage_of

_CENTS: Final = 100.0  # per dollar: `cost` is in cents, although `cost_currency` says USD
_CLIENT_CLOSED: Final = 499


def _recognises(look: Look) -> bool:
    return (
        look.has("req_units", "res_units")
        or look.has("ai_org", "ai_model")
        or look.has("ai_provider", "ai_model")
    )


def _read(record: Record) -> Call:
    row = nested(record, "request", "response", "metadata")
    request, response = mapping(row["request"]), mapping(row["response"])
    metadata = mapping(row["metadata"])
    environment, prompt = words(metadata.get("_environment")), words(metadata.get("_prompt"))
    return Call(
        request_id=words(row.get("id")),
        time=words(row.get("created_at")),
        model=words(first(row, "ai_model", "response.model", "request.model")),
        text=asked(row["request"]),
        response=answered(row["response"]),
        usage=settled(
            filled(
                Usage(
                    input=count(first(row, "req_units", "request_tokens")),
                    output=count(first(row, "res_units", "response_tokens")),
                    total=count(first(row, "total_units", "total_tokens")),
                ),
                usage_of(usage_in(response, response.get("body"))),
            )
        ),
        cost_usd=_usd(row),
        latency_ms=number(row.get("response_time")),
        status=_status(row),
        segment=words(row.get("prompt_slug")) or feature(metadata) or prompt,
        tags=[tag for tag in (environment, prompt) if tag],
        user=words(metadata.get("_user")) or person(metadata, request),
        session=conversation(metadata),
        trace=words(row.get("trace_id")),
        from_cache=_from_cache(row),
        doubts=() if _currency(row) == "USD" else (f"cost: in {_currency(row)}, not in USD",),
    )


def _usd(row: Record) -> float | None:
    """The cost in dollars; None when it is missing, or in another currency."""
    cents = number(row.get("cost"))
    return None if cents is None or _currency(row) != "USD" else cents / _CENTS


def _currency(row: Record) -> str:
    return kind((words(row.get("cost_currency")) or "USD").upper())


def _status(row: Record) -> Status:
    code = number(first(row, "response_status_code", "status_code"))
    if code is not None:
        return "ok" if code < 400 else "cancelled" if code == _CLIENT_CLOSED else "error"
    return "error" if words(row.get("is_success")) in ("false", "False", "0") else "ok"


def _from_cache(row: Record) -> bool:
    told = words(first(row, "cache_status", "cacheStatus", "is_cached")) or ""
    return told.lower() in ("hit", "semantic hit", "true", "1")


PORTKEY: Final = Source(
    "portkey",
    "Portkey log export",
    _recognises,
    by_record("portkey", _read),
    row_cap=50_000,
)
