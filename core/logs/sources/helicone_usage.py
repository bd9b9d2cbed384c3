"""Helicone's token counts: of the provider's own kind, with the cached ones inside or beside.

Its total is prompt and completion, so it is silent about cached tokens; the response's own usage
object, where the body came along, is the best witness.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from core.logs.containers.records import Record
from core.logs.sources.bodies import usage_in
from core.logs.sources.cached import settled
from core.logs.sources.call import Usage
from core.logs.sources.fields import count, words
from core.logs.sources.usage import usage_of

_CLAUDE_CLOUDS: Final = ("", "aws", "bedrock", "google", "vertex")  # pass Claude's counts on


def usage_in_row(row: Record, response: object, model: str | None) -> Usage:
    """The tokens of a request; zeros everywhere mean that Helicone did not count (cache hits)."""
    answer = usage_of(usage_in(response))
    logged = Usage(
        input=_count(row, "prompt_tokens"),
        cache_read=_count(row, "prompt_cache_read_tokens"),
        cache_write=_count(row, "prompt_cache_write_tokens"),
        output=_count(row, "completion_tokens"),
        reasoning=_count(row, "reasoning_tokens"),
        total=_count(row, "total_tokens"),
    )
    if not (logged.input or logged.output or logged.cache_read):
        return answer if answer.input else Usage(total=logged.total or None)
    return _with_reasoning(_with_cached(logged, answer, row, model), answer)


def _with_cached(logged: Usage, answer: Usage, row: Record, model: str | None) -> Usage:
    cached = (logged.cache_read or 0) + (logged.cache_write or 0)
    if logged.input is None or not cached:
        return logged
    beside = replace(logged, input=logged.input + cached)
    if answer.input in (logged.input, beside.input):
        return replace(logged, input=answer.input)
    return beside if _is_anthropic(row, model) else settled(logged)


def _with_reasoning(logged: Usage, answer: Usage) -> Usage:
    """Reasoning inside the output: newer rows keep it in a column of its own."""
    if logged.output is None:
        return logged
    reasoning = answer.reasoning if logged.reasoning is None else logged.reasoning
    beside = logged.output + (reasoning or 0)
    told = answer.output in (logged.output, beside)
    in_total = logged.total is not None and logged.total == (logged.input or 0) + beside
    if told and answer.output is not None:
        output = answer.output
    elif in_total or (reasoning or 0) > logged.output:
        output = beside
    else:
        output = logged.output
    return replace(logged, output=output, reasoning=reasoning)


def _is_anthropic(row: Record, model: str | None) -> bool:
    """Whether the counts are Anthropic's, which has cached tokens beside the prompt's."""
    provider = (words(row.get("provider")) or "").lower()
    if "anthropic" in provider:
        return True
    claude = "claude" in (model or "").lower()
    return claude and any(provider == c or (c and c in provider) for c in _CLAUDE_CLOUDS)


def _count(row: Record, name: str) -> int | None:
    found = count(row.get(name))
    return None if found is None or found < 0 else found  # -1: not counted
