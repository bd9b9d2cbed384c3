"""Model, tokens, cost and names of a model call, under the attributes of all conventions.

OpenTelemetry's GenAI conventions (present and former names), OpenInference (Phoenix),
OpenLLMetry, Logfire with Pydantic AI, and Vercel's AI SDK. Input includes cached tokens and
output includes reasoning in all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.logs.chat.notation import decoded
from core.logs.sources.cached import settled
from core.logs.sources.call import Usage
from core.logs.sources.fields import count, number, words
from core.logs.sources.labels import conversation, feature, person

Attributes = Mapping[str, Any]

_MODEL: Final = (
    "gen_ai.response.model", "llm.response.model_name", "llm.model_name", "ai.response.model",
    "gen_ai.request.model", "llm.request.model_name", "llm.response.model", "llm.request.model",
    "embedding.model_name", "ai.model.id",
)  # fmt: skip
_INPUT: Final = (
    "gen_ai.usage.input_tokens", "llm.token_count.prompt", "gen_ai.usage.prompt_tokens",
    "llm.usage.prompt_tokens", "llm.usage.input_tokens", "ai.usage.inputTokens",
    "ai.usage.promptTokens", "ai.usage.tokens",
)  # fmt: skip
_READ: Final = (
    "gen_ai.usage.cache_read.input_tokens", "llm.token_count.prompt_details.cache_read",
    "gen_ai.usage.cache_read_input_tokens", "gen_ai.usage.cached_input_tokens",
    "gen_ai.usage.input_cached_tokens", "gen_ai.usage.cache_read_tokens",
    "gen_ai.usage.details.cache_read_tokens", "gen_ai.usage.details.cache_read_input_tokens",
    "gen_ai.usage.details.cached_tokens", "ai.usage.cachedInputTokens",
    "ai.usage.inputTokenDetails.cacheReadTokens",
)  # fmt: skip
_WRITTEN: Final = (
    "gen_ai.usage.cache_creation.input_tokens", "llm.token_count.prompt_details.cache_write",
    "gen_ai.usage.cache_creation_input_tokens", "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_write_tokens", "gen_ai.usage.details.cache_write_tokens",
    "gen_ai.usage.details.cache_creation_input_tokens",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
)  # fmt: skip
_OUTPUT: Final = (
    "gen_ai.usage.output_tokens", "llm.token_count.completion", "gen_ai.usage.completion_tokens",
    "llm.usage.completion_tokens", "llm.usage.output_tokens", "ai.usage.outputTokens",
    "ai.usage.completionTokens",
)  # fmt: skip
_THOUGHT: Final = (
    "gen_ai.usage.reasoning.output_tokens", "llm.token_count.completion_details.reasoning",
    "gen_ai.usage.reasoning_tokens", "llm.usage.reasoning_tokens",
    "gen_ai.usage.details.reasoning_tokens", "ai.usage.reasoningTokens",
    "ai.usage.outputTokenDetails.reasoningTokens",
)  # fmt: skip
_TOTAL: Final = (
    "llm.token_count.total", "llm.usage.total_tokens", "gen_ai.usage.total_tokens",
    "ai.usage.totalTokens",
)  # fmt: skip
_COST: Final = (
    "gen_ai.usage.cost", "llm.cost.total", "gen_ai.usage.total_cost", "operation.cost",
    "gen_ai.usage.cost_usd", "gen_ai.cost.usd", "llm.usage.cost",
)  # fmt: skip
_COST_HALVES: Final = (
    ("llm.cost.prompt", "llm.cost.completion"),
    ("gen_ai.usage.input_cost", "gen_ai.usage.output_cost"),
)
_FEATURE: Final = (
    "gen_ai.prompt.name", "gen_ai.workflow.name", "traceloop.workflow.name",
    "traceloop.prompt.key", "ai.telemetry.functionId",
)  # fmt: skip
_SESSION: Final = ("gen_ai.conversation.id", "session.id", "langfuse.session.id")
_USER: Final = (
    "user.id", "enduser.id", "gen_ai.user", "llm.user", "gen_ai.request.user",
    "langfuse.user.id",
)  # fmt: skip
_FREE: Final = ("traceloop.association.properties.", "metadata.", "ai.telemetry.metadata.")


def model_of(found: Attributes) -> str | None:
    """The model that answered, else the one that was asked."""
    return _words(found, _MODEL)


def usage_in(found: Attributes) -> Usage:
    """The tokens of the call; those cached are added where the counts show that they are not."""
    return settled(
        Usage(
            input=_count(found, _INPUT),
            cache_read=_count(found, _READ),
            cache_write=_count(found, _WRITTEN),
            output=_count(found, _OUTPUT),
            reasoning=_count(found, _THOUGHT),
            total=_count(found, _TOTAL),
        )
    )


def cost_of(found: Attributes) -> float | None:
    """The logged cost in USD, or the sum of its two halves; None unless both are known."""
    for key in _COST:
        cost = number(found.get(key))
        if cost is not None:
            return cost
    for halves in _COST_HALVES:
        asked, answered = (number(found.get(key)) for key in halves)
        if asked is not None and answered is not None:
            return asked + answered
    return None


def feature_of(found: Attributes, service: str | None) -> str | None:
    """The part of the product: the prompt's or workflow's name, else the service's."""
    return _words(found, _FEATURE) or feature(_free(found)) or service


def session_of(found: Attributes) -> str | None:
    """The id of the conversation."""
    return _words(found, _SESSION) or conversation(_free(found))


def user_of(found: Attributes) -> str | None:
    """The id of the user, for hashing only."""
    return _words(found, _USER) or person(_free(found))


def tags_of(found: Attributes) -> list[str]:
    """OpenInference's tags."""
    tags = decoded(found.get("tag.tags"))
    return [text for tag in tags if (text := words(tag))] if isinstance(tags, list) else []


def _free(found: Attributes) -> dict[str, Any]:
    """What the team itself noted beside the call."""
    own = decoded(found.get("metadata"))
    free = dict(own) if isinstance(own, dict) else {}
    for key, value in found.items():
        for lead in _FREE:
            if key.startswith(lead):
                free.setdefault(key[len(lead) :], value)
    return free


def _count(found: Attributes, names: tuple[str, ...]) -> int | None:
    for name in names:
        if name in found and (whole := count(found[name])) is not None:
            return whole
    return None


def _words(found: Attributes, names: tuple[str, ...]) -> str | None:
    for name in names:
        if name in found and (text := words(found[name])) is not None:
            return text
    return None
