"""The two exports of Anthropic's console: tokens by day and model, and what they cost."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, words
from core.logs.sources.source import Look, Skip, Source, by_record

_BESIDE: Final = "usage_input_tokens_no_cache"
_WRITTEN: Final = ("usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h")
_USUAL: Final = frozenset({"standard", "message", "not_available", "token"})
_NO_REQUESTS: Final = "Anthropic's console does not say how many requests its rows are for."


def _is_usage(look: Look) -> bool:
    return look.has(_BESIDE)


def _read_usage(record: Record) -> Call:
    usage, model = _usage(record), words(record.get("model_version"))
    if model is None and usage == Usage():
        raise Skip("an empty row")
    return Call(
        time=words(record.get("usage_date_utc")),
        model=model,
        usage=usage,
        segment=words(record.get("workspace")),
        tags=_tags(record, "usage_type", "context_window", "inference_geo", "speed"),
        requests=0,
    )


def _usage(record: Record) -> Usage:
    """The kinds of input lie beside each other; a kind that an older export lacks adds nothing."""
    fresh, read = count(record.get(_BESIDE)), count(record.get("usage_input_tokens_cache_read"))
    written = [n for column in _WRITTEN if (n := count(record.get(column))) is not None]
    return Usage(
        input=None if fresh is None else fresh + (read or 0) + sum(written),
        cache_read=read,
        cache_write=sum(written) if written else None,
        output=count(record.get("usage_output_tokens")),
    )


def _is_cost(look: Look) -> bool:
    return look.has("token_type", "cost_usd")


def _read_cost(record: Record) -> Call:
    cost, model = words(record.get("cost_usd")), words(record.get("model"))
    if cost is None and model is None:
        raise Skip("an empty row")
    return Call(
        time=words(record.get("usage_date_utc")),
        model=model,
        cost_usd=cost,
        segment=words(record.get("workspace")),
        tags=_tags(
            record, "usage_type", "token_type", "context_window", "cost_type", "inference_geo",
            "speed",
        ),
        requests=0,
    )  # fmt: skip


def _tags(record: Record, *columns: str) -> list[str]:
    """What sets the row's price apart; the usual values say nothing."""
    found = (words(record.get(column)) for column in columns)
    return [value for value in found if value and value.lower() not in _USUAL]


ANTHROPIC_USAGE: Final = Source(
    "anthropic_usage",
    "Anthropic usage export",
    _is_usage,
    by_record("anthropic_usage", _read_usage),
    kind="aggregate",
    notes=(_NO_REQUESTS,),
)
ANTHROPIC_COST: Final = Source(
    "anthropic_cost",
    "Anthropic cost export",
    _is_cost,
    by_record("anthropic_cost", _read_cost),
    kind="aggregate",
    notes=(_NO_REQUESTS,),
)
