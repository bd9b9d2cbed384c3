"""The two tables in DeepSeek's monthly export: amounts (tokens and requests), and costs."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, first, words
from core.logs.sources.source import Look, Skip, Source, by_record

_KINDS: Final = frozenset(
    {"input_cache_hit_tokens", "input_cache_miss_tokens", "output_tokens", "request_count"}
)
_TIMES: Final = ("start_time_iso", "utc_date", "date")
_COST_COLUMNS: Final = frozenset(
    {"user_id", "end_time_iso", *_TIMES, "model", "wallet_type", "cost", "currency"}
)


def _is_usage(look: Look) -> bool:
    kinds = {_kind(record) for record in look.records}
    return look.has("type", "amount") and not kinds.isdisjoint(_KINDS)


def _kind(record: Record) -> str:
    return str(words(record.get("type"))).strip().lower()


def _read_usage(record: Record) -> Call:
    kind, amount = _kind(record), count(record.get("amount"))
    if kind not in _KINDS:
        raise Skip(f"a line of {kind[:40]!r}, neither tokens nor requests")
    return Call(
        time=words(first(record, *_TIMES)),
        model=words(record.get("model")),
        usage=_usage(kind, amount),
        tags=[kind],
        requests=(amount or 0) if kind == "request_count" else 0,
    )


def _usage(kind: str, amount: int | None) -> Usage:
    """A line counts one kind of token; its unit price is in the account's currency, not stated."""
    match kind:
        case "input_cache_hit_tokens":
            return Usage(input=amount, cache_read=amount)
        case "input_cache_miss_tokens":
            return Usage(input=amount)
        case "output_tokens":
            return Usage(output=amount)
    return Usage()


def _is_cost(look: Look) -> bool:
    return look.has("cost", "currency") and (
        look.has("wallet_type") or (look.columns <= _COST_COLUMNS and look.has("model"))
    )


def _read_cost(record: Record) -> Call:
    cost, model = words(record.get("cost")), words(record.get("model"))
    if cost is None and model is None:
        raise Skip("an empty row")
    currency = str(words(record.get("currency")) or "an unknown currency").strip().upper()
    doubts = [] if currency == "USD" else [f"cost: in {currency[:20]}, not in USD"]
    return Call(
        time=words(first(record, *_TIMES)),
        model=model,
        cost_usd=None if doubts else cost,
        tags=[tag] if (tag := words(record.get("wallet_type"))) else [],
        requests=0,
        doubts=doubts,
    )


DEEPSEEK_USAGE: Final = Source(
    "deepseek_usage",
    "DeepSeek usage export",
    _is_usage,
    by_record("deepseek_usage", _read_usage),
    kind="aggregate",
    notes=(
        "The price column does not name its currency (USD or CNY), so no cost is taken from it.",
    ),
)
DEEPSEEK_COST: Final = Source(
    "deepseek_cost",
    "DeepSeek cost export",
    _is_cost,
    by_record("deepseek_cost", _read_cost),
    kind="aggregate",
    notes=(
        "DeepSeek bills in USD or CNY: costs in another currency than USD count as unknown.",
        "Cost lines do not say how many requests they are for.",
    ),
)
