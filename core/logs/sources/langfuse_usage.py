"""Langfuse's `usageDetails`: counts under names that each SDK chooses, brought to one meaning.

The buckets are meant to add up: `input` is the uncached rest. Some SDKs send the whole input and
the cached part of it all the same, and only the total tells which it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.sources.call import Usage
from core.logs.sources.fields import count, first, mapping, words
from core.logs.sources.usage import usage_of

DETAILS: Final = (
    "usageDetails", "usage_details", "providedUsageDetails", "provided_usage_details", "usage",
)  # fmt: skip
_FLAT: Final = {  # sums over the buckets, and the columns of exports before there were buckets
    "input": ("inputUsage", "input_usage", "promptTokens", "prompt_tokens", "inputTokens"),
    "output": ("outputUsage", "output_usage", "completionTokens", "completion_tokens",
               "outputTokens"),
    "total": ("totalUsage", "total_usage", "totalTokens", "total_tokens"),
}  # fmt: skip
_INPUTS: Final = (
    "input", "input_tokens", "prompt_tokens", "prompt_token_count", "input_token_count", "prompt",
)  # fmt: skip
_OUTPUTS: Final = (
    "output", "output_tokens", "completion_tokens", "candidates_token_count",
    "output_token_count", "generated_token_count", "completion",
)  # fmt: skip
_TOTALS: Final = ("total", "total_tokens", "total_token_count")
_INCLUSIVE: Final = ("prompt_tokens", "prompt_token_count")  # as OpenAI and Gemini mean them
_INCLUSIVE_OUTPUT: Final = "completion_tokens"

_NO_TOKENS: Final = re.compile("cost|price|request|character|second|search|modality_count|_miss")
_WRITE_PART: Final = re.compile("ephemeral|(creation|write).*_(5m|1h)")


def usage_in_row(row: Record) -> Usage:
    """The tokens of an observation or trace, its objects nested; empty where it tells none.

    Counts in another unit than tokens (old exports have a `unit`) are no token counts.
    """
    unit = words(first(row, "unit", "usage.unit"))
    if unit and unit.upper() != "TOKENS":
        return Usage()
    flat = {name: first(row, *columns) for name, columns in _FLAT.items()}
    for details in (*(mapping(row.get(name)) for name in DETAILS), flat):
        usage = usage_of_details(details)
        if usage != Usage():
            return usage
    return Usage()


def usage_of_details(details: Mapping[str, Any]) -> Usage:
    """The tokens in a map of counts; empty when it holds none, or zeros only.

    Of all readings in which each extra count lies inside or beside its side's main count, the
    one that adds up to the total holds. Without a total they lie beside, but inside OpenAI's
    and Gemini's own names. More than the main count is always beside.
    """
    if any(isinstance(value, dict) for value in details.values()):
        return usage_of(details)
    counts = {_snake(key): n for key, value in details.items() if (n := count(value)) is not None}
    counts = {key: n for key, n in counts.items() if not _NO_TOKENS.search(key)}
    if not any(counts.values()):
        return Usage()
    into = next((key for key in _INPUTS if key in counts), None)
    out = next((key for key in _OUTPUTS if key in counts), None)
    total = next((counts[key] for key in _TOTALS if key in counts), None)
    extras = _extras(counts)
    written = _written(counts)
    ins = _Side(
        counts.get(into or ""),
        {"read": extras["read"], "written": written, "other": extras["input"]},
        inclusive=into in _INCLUSIVE,
    )
    outs = _Side(
        counts.get(out or ""),
        {"reasoning": extras["reasoning"], "other": extras["output"]},
        inclusive=out == _INCLUSIVE_OUTPUT,
    )
    inputs, outputs = _sums(ins, outs, total)
    return Usage(
        input=inputs,
        cache_read=extras["read"],
        cache_write=written,
        output=outputs,
        reasoning=extras["reasoning"],
        total=total,
    )


@dataclass(frozen=True)
class _Side:
    """The main count of the input or the output, and the extra counts by kind."""

    main: int | None
    extras: Mapping[str, int | None]
    inclusive: bool  # the main count includes the extras, where nothing tells otherwise

    @property
    def told(self) -> bool:
        return self.main is not None or any(self.extras.values())

    def sum(self, inside: Collection[str]) -> int | None:
        """The tokens of the side with these kinds inside the main count; None if they do not fit.

        What was cached may also lie inside another kind of input, such as text.
        """
        beside = sum(n or 0 for kind, n in self.extras.items() if kind not in inside)
        other = 0 if "other" in inside else self.extras["other"] or 0
        if inside and sum(self.extras[k] or 0 for k in inside) > (self.main or 0) + other:
            return None
        return (self.main or 0) + beside

    def usual(self, total: int | None) -> int | None:
        """The tokens of the side by what its names mean; None when the total says it better."""
        if not self.told or (self.main is None and total is not None):
            return None
        inside = self.sum(self.extras) if self.inclusive else None
        return self.sum(()) if inside is None else inside

    def readings(self) -> list[int]:
        """The possible sums, the likeliest first: all extras alike, then each on its own."""
        kinds = [kind for kind, n in self.extras.items() if n]
        mixed = [some for n in range(1, len(kinds)) for some in combinations(kinds, n)]
        alike: list[tuple[str, ...]] = [(), tuple(kinds)]
        if self.inclusive:
            alike.reverse()
        sums = (self.sum(inside) for inside in (*alike, *mixed))
        return [n for n in sums if n is not None]


def _sums(ins: _Side, outs: _Side, total: int | None) -> tuple[int | None, int | None]:
    """Input and output in the reading that adds up to the total, else in the usual one."""
    if ins.told and outs.told and total is not None:
        readings = list(product(enumerate(ins.readings()), enumerate(outs.readings())))
        readings.sort(key=lambda pair: pair[0][0] + pair[1][0])  # stable: the likeliest first
        for (_, into), (_, out) in readings:
            if into + out == total:
                return into, out
    return ins.usual(total), outs.usual(total)


def _extras(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The counts beyond the main ones; several names of one thing count once, kinds add up."""
    found: dict[str, int | None] = {"read": None, "reasoning": None, "input": None, "output": None}
    for key, n in counts.items():
        if key in (*_INPUTS, *_OUTPUTS, *_TOTALS) or _is_written(key):
            continue
        if "cache" in key:
            if not key.startswith(("output", "completion")) and "modality" not in key:
                found["read"] = _most(n, found["read"])
        elif re.search("reasoning|thought|thinking", key):
            found["reasoning"] = _most(n, found["reasoning"])
        elif re.match("input_|prompt_|tool_use_prompt", key):
            found["input"] = n + (found["input"] or 0)
        elif re.match("output_|completion_|candidates_", key):
            found["output"] = n + (found["output"] or 0)
    return found


def _most(count: int, other: int | None) -> int:
    return count if other is None else max(count, other)


def _is_written(key: str) -> bool:
    return "ephemeral" in key or ("cache" in key and bool(re.search("creation|write", key)))


def _written(counts: Mapping[str, int]) -> int | None:
    """Tokens written to the cache: the sum, or its parts by lifetime, or buckets beside them."""
    written = {key: n for key, n in counts.items() if _is_written(key)}
    if not written:
        return None
    parts = sum(n for key, n in written.items() if _WRITE_PART.search(key))
    whole = max((n for key, n in written.items() if not _WRITE_PART.search(key)), default=0)
    return whole if whole >= parts else whole + parts


def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key.strip()).replace(".", "_").lower()
