"""Whether a span is a model call, by the attributes of every convention in use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from core.logs.sources.genai_attributes import model_of, usage_in

_CALLS: Final = frozenset(
    {
        "chat", "text_completion", "generate_content", "embeddings", "completion", "completions",
        "chat_completion", "chat_completions", "embedding", "responses", "call_llm",
    }
)  # fmt: skip
_OTHERS: Final = frozenset(
    {
        "agent", "chain", "tool", "workflow", "task", "retriever", "retrieval", "reranker",
        "rerank", "guardrail", "evaluator", "evaluation", "prompt", "decision", "invoke_agent",
        "create_agent", "execute_tool", "invoke_workflow", "plan", "search_memory",
        "update_memory",
    }
)  # fmt: skip


def other_than_call(found: Mapping[str, Any], name: str, kind: str | None = None) -> str | None:
    """What a span is if it is no model call, None if it is one.

    `kind` is the span kind of OpenInference where the export has a column of it. Agents, chains
    and workflows often repeat the tokens of the calls below them and are never counted.
    """
    for key, calls in _TELLING:
        said = _word(found.get(key) or (kind if key == _OPENINFERENCE else None))
        if said in calls:
            return None
        if said in _OTHERS:
            article = "an" if said[0] in "aeiou" else "a"
            return f"{article} {said.replace('_', ' ')} span, not a model call"
    vercel = _word(found.get("ai.operationId"))
    if vercel:
        return None if ".do" in vercel else "a span of the AI SDK around others, not a model call"
    if "gen_ai.tool.name" in found or "gen_ai.tool.call.id" in found:
        return "a tool span, not a model call"
    if name.split(" ")[0] in ("invoke_agent", "execute_tool", "create_agent", "invoke_workflow"):
        return "an agent or tool span, not a model call"
    usage = usage_in(found)
    unknown = usage.input is usage.output is usage.total is None
    return "another span, not a model call" if unknown and model_of(found) is None else None


_OPENINFERENCE: Final = "openinference.span.kind"
_TELLING: Final = (
    (_OPENINFERENCE, frozenset({"llm", "embedding"})),
    ("gen_ai.operation.name", _CALLS),
    ("traceloop.span.kind", frozenset({"llm", "generation", "embedding"})),
    ("llm.request.type", _CALLS),
    ("gen_ai.span.kind", frozenset({"llm", "embedding"})),
)


def _word(value: object) -> str:
    return value.strip().lower() if isinstance(value, str) else ""
