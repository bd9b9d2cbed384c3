"""OpenAI's cost page as CSV: a line per bucket of time, project and kind of token."""

from __future__ import annotations

from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.call import Call, Usage
from core.logs.sources.fields import count, first, words
from core.logs.sources.openai_usage import EMPTY_BUCKET
from core.logs.sources.source import Look, Skip, Source, by_record

_SERVICES: Final = ("batch", "flex", "priority")


def _recognises(look: Look) -> bool:
    return look.has("amount_value", "line_item")


def _read(record: Record) -> Call:
    line, amount = words(record.get("line_item")), words(record.get("amount_value"))
    if line is None and amount is None:
        raise Skip(EMPTY_BUCKET)
    model, *kinds = [part.strip() for part in (line or "").split(",")]
    currency = str(words(record.get("amount_currency")) or "usd").strip().upper()
    doubts = [] if currency == "USD" else [f"cost: in {currency[:20]}, not in USD"]
    return Call(
        time=first(record, "start_time_iso", "start_time"),
        model=model or None,
        usage=_usage(record, " ".join(kinds).lower()),
        cost_usd=None if doubts else amount,
        segment=words(first(record, "project_name", "project_id")),
        tags=_tags(kinds),
        requests=0,
        doubts=doubts,
    )


def _usage(record: Record, kind: str) -> Usage:
    """The tokens of a line, which is of one kind; empty when the line counts something else."""
    unit = str(record.get("quantity_unit") or "").strip().lower()
    tokens = count(record.get("quantity")) if unit in ("tokens", "token") else None
    if tokens is None or "training" in kind:
        return Usage()
    if "output" in kind:
        return Usage(output=tokens)
    if "input" not in kind and "cache" not in kind:
        return Usage()
    if "write" in kind:
        return Usage(input=tokens, cache_write=tokens)
    return Usage(input=tokens, cache_read=tokens if "cache" in kind else None)


def _tags(kinds: list[str]) -> list[str]:
    """What the line is for, and its service as a tag of its own."""
    tags = [kind for kind in kinds if kind]
    said = {word for kind in tags for word in kind.lower().split()}
    return [*tags, *(s for s in _SERVICES if s in said and s not in tags)]


OPENAI_COST: Final = Source(
    "openai_cost",
    "OpenAI cost export",
    _recognises,
    by_record("openai_cost", _read),
    kind="aggregate",
    notes=("Cost lines do not say how many requests they are for.",),
)
