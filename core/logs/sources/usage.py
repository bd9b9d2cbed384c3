"""Token counts as the providers' APIs state them, brought to one meaning.

OpenAI, Gemini, DeepSeek, Mistral and most gateways count cached tokens inside the input;
Anthropic and Bedrock count them beside it. Reasoning is inside the output, except in native
Gemini and at xAI, where it stands beside.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from core.logs.sources.cached import settled
from core.logs.sources.call import Usage
from core.logs.sources.fields import count, mapping

Counts = Mapping[str, Any]  # a provider's object, its keys in snake_case

_INPUT_DETAILS: Final = (
    "prompt_tokens_details", "prompt_token_details", "input_tokens_details", "input_token_details",
)  # fmt: skip
_OUTPUT_DETAILS: Final = (
    "completion_tokens_details", "completion_token_details", "output_tokens_details",
    "output_token_details",
)  # fmt: skip
_READ: Final = (
    "cached_tokens", "cache_read", "cache_read_tokens", "cache_read_input_tokens",
    "cached_input_tokens", "prompt_cache_hit_tokens", "num_cached_tokens",
)  # fmt: skip
_WRITTEN: Final = (
    "cache_write_tokens", "cache_creation", "cache_creation_tokens",
    "cache_creation_input_tokens", "cache_write_input_tokens",
)  # fmt: skip
_THOUGHT: Final = ("reasoning_tokens", "reasoning", "thinking_tokens")
_BESIDE: Final = frozenset(
    {
        "cache_read_input_tokens",
        "cache_creation_input_tokens",
        "cache_write_input_tokens",
        "cache_creation",
    }
)
_GEMINI: Final = frozenset({"prompt_token_count", "candidates_token_count", "thoughts_token_count"})


def usage_of(value: object) -> Usage:
    """The tokens in a provider's usage object; an unknown shape gives an empty Usage.

    Reads OpenAI (chat, responses), Anthropic, Bedrock, Gemini, DeepSeek, Mistral, Cohere and
    xAI, LangChain's `usage_metadata` and LiteLLM's `usage_object`. Where the counts themselves
    show that cached or reasoning tokens stand beside, they are added.
    """
    found = _plain(mapping(value))
    if _GEMINI & found.keys():
        return _gemini(found)
    if "billed_units" in found or isinstance(found.get("tokens"), dict):
        return _cohere(found)
    details, made = _details(found, _INPUT_DETAILS), _details(found, _OUTPUT_DETAILS)
    usage = Usage(
        input=_first(found, "prompt_tokens", "input_tokens"),
        cache_read=_most(_counts(details, *_READ), _counts(found, *_READ)),
        cache_write=_most(_written(details), _written(found)),
        output=_first(found, "completion_tokens", "output_tokens"),
        reasoning=_most(_counts(made, *_THOUGHT), _counts(found, *_THOUGHT)),
        total=count(found.get("total_tokens")),
    )
    if usage.input is None and "prompt_cache_miss_tokens" in found:
        halves = "prompt_cache_miss_tokens", "prompt_cache_hit_tokens"
        usage = replace(usage, input=_sum(found, *halves))
    own_shape = "prompt_tokens" not in found and not details and bool(_BESIDE & found.keys())
    usage = _with_reasoning(usage)
    return _added(usage) if own_shape and not _adds_up(usage) else settled(usage)


def usage_from(details: object, inputs: object, outputs: object) -> Usage:
    """The tokens of a log with both counts in columns and `details`, the rest of the object.

    Gemini's answer leaves its thoughts out, unless the details still state it beside the sum.
    """
    found = _plain(mapping(details))
    thoughts, output = count(found.get("thoughts_token_count")), count(outputs)
    if thoughts and output is not None and "candidates_token_count" not in found:
        output += thoughts
    rest = {key: value for key, value in found.items() if key not in _GEMINI | {"total_tokens"}}
    rest.setdefault("cached_tokens", found.get("cached_content_token_count"))
    rest.setdefault("reasoning_tokens", thoughts)
    return usage_of({**rest, "input_tokens": inputs, "output_tokens": output})


def _gemini(found: Counts) -> Usage:
    """Native Gemini: thoughts beside the answer, tool results beside the prompt."""
    return Usage(
        input=_sum(found, "prompt_token_count", "tool_use_prompt_token_count"),
        cache_read=count(found.get("cached_content_token_count")),
        output=_sum(found, "candidates_token_count", "thoughts_token_count"),
        reasoning=count(found.get("thoughts_token_count")),
        total=count(found.get("total_token_count")),
    )


def _cohere(found: Counts) -> Usage:
    """Cohere, where the units billed are fewer than the tokens that the model saw."""
    billed, seen = (_plain(mapping(found.get(key))) for key in ("billed_units", "tokens"))

    def either(name: str) -> int | None:
        stated = count(billed.get(name))
        return count(seen.get(name)) if stated is None else stated

    return Usage(input=either("input_tokens"), output=either("output_tokens"))


def _with_reasoning(usage: Usage) -> Usage:
    """The usage with its reasoning inside the output, where the counts show that it is not."""
    thought, output = usage.reasoning or 0, usage.output
    if output is None or not thought:
        return usage
    whole = None if usage.input is None else usage.input + output + thought
    beside = thought > output or (usage.total is not None and usage.total == whole)
    return replace(usage, output=output + thought) if beside else usage


def _adds_up(usage: Usage) -> bool:
    """Whether a stated total shows that the input is whole already."""
    if usage.total is None or usage.input is None:
        return False
    return usage.total == usage.input + (usage.output or 0)


def _added(usage: Usage) -> Usage:
    if usage.input is None:
        return usage
    cached = (usage.cache_read or 0) + (usage.cache_write or 0)
    return replace(usage, input=usage.input + cached)


def _written(found: Counts) -> list[int]:
    """Cache writes in all their spellings, and the sum over how long they are kept."""
    stated = _counts(found, *_WRITTEN)
    by_age = _plain(mapping(found.get("cache_creation"))) or found
    kept = _counts(by_age, "ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens")
    return [*stated, sum(kept)] if kept else stated


def _plain(found: Counts) -> dict[str, Any]:
    return {_snake(key): value for key, value in found.items()}


@lru_cache(maxsize=1_000)
def _snake(key: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", key).lower()


def _details(found: Counts, names: tuple[str, ...]) -> Counts:
    return next((inner for name in names if (inner := _plain(mapping(found.get(name))))), {})


def _counts(found: Counts, *names: str) -> list[int]:
    return [n for name in names if (n := count(found.get(name))) is not None]


def _first(found: Counts, *names: str) -> int | None:
    return next(iter(_counts(found, *names)), None)


def _most(*counts: list[int]) -> int | None:
    """The greatest: tools write a 0 in one place and the count in another."""
    return max((n for some in counts for n in some), default=None)


def _sum(found: Counts, *names: str) -> int | None:
    known = _counts(found, *names)
    return sum(known) if known else None
