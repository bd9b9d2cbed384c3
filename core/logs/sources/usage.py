"""Token counts as the providers' APIs state them, brought to one meaning.

OpenAI, Gemini and the gateways count cached tokens inside the input; Anthropic counts them
beside it. Reasoning is inside the output, except in native Gemini, where it stands beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.logs.sources.call import Usage
from core.logs.sources.fields import count, mapping

_DETAILS: Final = (
    "prompt_tokens_details", "input_tokens_details", "input_token_details", "prompt_token_details",
)  # fmt: skip
_OUT_DETAILS: Final = (
    "completion_tokens_details", "output_tokens_details", "output_token_details",
    "completion_token_details",
)  # fmt: skip


def usage_of(value: object) -> Usage:
    """The tokens in a `usage` object of OpenAI (chat or responses), Anthropic or Gemini.

    Also reads LangChain's `usage_metadata`. Unknown shapes give an empty Usage.
    """
    found = mapping(value)
    if "promptTokenCount" in found or "candidatesTokenCount" in found:
        return _gemini(found)
    inside = _first(found, "prompt_tokens", "input_tokens")
    details: Mapping[str, Any] = _object(found, _DETAILS)
    read = _first(details, "cached_tokens", "cache_read", "cache_read_tokens")
    write = _first(details, "cache_write_tokens", "cache_creation", "cache_creation_tokens")
    beside_read = count(found.get("cache_read_input_tokens"))
    beside_write = count(found.get("cache_creation_input_tokens"))
    if inside is not None and "prompt_tokens" not in found and not details:
        inside += (beside_read or 0) + (beside_write or 0)  # Anthropic's own shape
    return Usage(
        input=inside,
        cache_read=beside_read if read is None else read,
        cache_write=beside_write if write is None else write,
        output=_first(found, "completion_tokens", "output_tokens"),
        reasoning=_first(_object(found, _OUT_DETAILS), "reasoning_tokens", "reasoning"),
        total=count(found.get("total_tokens")),
    )


def _gemini(found: Mapping[str, Any]) -> Usage:
    thoughts = count(found.get("thoughtsTokenCount"))
    answer = count(found.get("candidatesTokenCount"))
    return Usage(
        input=count(found.get("promptTokenCount")),
        cache_read=count(found.get("cachedContentTokenCount")),
        output=None if answer is None and thoughts is None else (answer or 0) + (thoughts or 0),
        reasoning=thoughts,
        total=count(found.get("totalTokenCount")),
    )


def _object(found: Mapping[str, Any], names: tuple[str, ...]) -> Mapping[str, Any]:
    return next((inner for name in names if (inner := mapping(found.get(name)))), {})


def _first(found: Mapping[str, Any], *names: str) -> int | None:
    return next((n for name in names if (n := count(found.get(name))) is not None), None)
