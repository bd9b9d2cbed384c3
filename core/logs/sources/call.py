"""One call as a tool's export tells it, in the units of the canonical row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import pyarrow as pa

from core.logs.gateway_cache import CACHE_HIT
from core.logs.mapping import Mapping

Status = Literal["ok", "error", "cancelled"]


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call; None where the log does not say.

    `input` includes what was read from and written to the cache, `output` includes reasoning.
    """

    input: int | None = None
    cache_read: int | None = None
    cache_write: int | None = None
    output: int | None = None
    reasoning: int | None = None
    total: int | None = None  # only where a log has no better count


@dataclass(frozen=True, slots=True)
class Call:
    """What a source found in one row; every part is optional.

    `text` and `response` are plain text, or chat JSON as text or as decoded values: the query,
    the instructions, the turns and the tools are taken out of it later. `time` is ISO text (UTC
    when it has no zone) or an epoch in any unit. `feedback` is 0..1. `requests` is more than 1
    only in summed-up logs, and 0 in one of their lines that counts none. `user`, `session` and
    `trace` are hashed before anything is stored. `from_cache` says that a gateway answered out
    of its own cache: such a call costs nothing, whatever its row says. `doubts` are values that
    were left out, such as "cost: in CNY, not in USD".
    """

    request_id: str | None = None
    time: str | float | None = None
    model: str | None = None
    text: object = None
    response: object = None
    usage: Usage = Usage()
    cost_usd: float | str | None = None
    latency_ms: float | None = None
    status: Status = "ok"
    segment: str | None = None
    tags: Sequence[str] = ()
    tools: Sequence[str] = ()
    feedback: float | None = None
    user: str | None = None
    session: str | None = None
    trace: str | None = None
    requests: int = 1
    from_cache: bool = False
    doubts: Sequence[str] = ()


_PLAIN: Final = {
    "request_id": "request_id",
    "time": "time",
    "model": "model",
    "text": "text",
    "response": "response",
    "cost": "cost_usd",
    "latency": "latency_ms",
    "status": "status",
    "segment": "segment",
    "feedback": "feedback",
    "user": "user",
    "session": "session",
    "trace": "trace",
    "requests": "requests",
}
_COUNTS: Final = {
    "input_tokens": "input",
    "cached_tokens": "cache_read",
    "cache_write_tokens": "cache_write",
    "output_tokens": "output",
    "reasoning_tokens": "reasoning",
    "total_tokens": "total",
}
_LISTS: Final = ("tags", "tools")


def roles_table(calls: Sequence[Call]) -> pa.Table:
    """The calls as string columns named by role, as `calls_mapping` maps them."""
    columns: dict[str, list[str | None]] = {
        role: [_text(getattr(call, part)) for call in calls] for role, part in _PLAIN.items()
    }
    for role, part in _COUNTS.items():
        columns[role] = [_text(getattr(call.usage, part)) for call in calls]
    for role in _LISTS:
        columns[role] = [", ".join(map(str, getattr(call, role))) or None for call in calls]
    for place, call in enumerate(calls):
        if call.from_cache:
            columns["cost"][place] = "0"
            columns["tags"][place] = ", ".join([CACHE_HIT, *map(str, call.tags)])
    return pa.table({role: _strings(values) for role, values in columns.items()})


def calls_mapping(source: str) -> Mapping:
    """The mapping of `roles_table`: every role is the column of its own name."""
    roles = (*_PLAIN, *_COUNTS, *_LISTS)
    return Mapping(source=source, **{role: role for role in roles})  # type: ignore[arg-type]


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return repr(value)
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return None


def _strings(values: list[str | None]) -> pa.Array:
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:  # lone surrogates from "\ud83d" escapes
        clean = [v if v is None else v.encode("utf-8", "replace").decode() for v in values]
        return pa.array(clean, pa.string())
