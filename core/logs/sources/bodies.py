"""Bodies of requests and responses, as the providers' APIs and the tracing SDKs shape them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.logs.chat.request import Request, find_request
from core.logs.sources.fields import mapping, opened

_TEXTS: Final = (
    "input", "prompt", "prompts", "inputs", "messages", "contents", "question", "query", "text",
    "user_input", "user_prompt", "user_message", "message", "content", "body", "request",
)  # fmt: skip
_TOOLS: Final = ("tools", "functions", "toolConfig", "tool_config", "config")
_WRAPPERS: Final = ("body", "request", "params", "kwargs", "inputs")
_ANSWERS: Final = (
    "generations", "output", "outputs", "message", "body", "response", "messages",
)  # fmt: skip
_DEPTH: Final = 8  # of objects within objects
_REFERENCE: Final = "weave:///"  # the address of a value that is kept elsewhere


def asked(body: object) -> object:
    """What a request asks: plain text, or messages for `core.logs.chat`; None if nothing.

    Reads bodies of all providers' APIs (also completions and embeddings), lists of messages,
    and the plain inputs of a function, such as {"question": ...}.
    """
    return _asked(body, 0)


def _asked(body: object, depth: int) -> object:
    found = opened(body)
    request = find_request(found)
    if request is not None:
        return _chat(request, found)
    if isinstance(found, (str, list)):
        return _joined(found)
    if not isinstance(found, dict) or depth > _DEPTH:
        return None
    for key in _TEXTS:
        value = opened(found.get(key))
        text = _asked(value, depth + 1) if isinstance(value, dict) else _joined(value)
        if text:
            return text
    return max((value for value in found.values() if _is_prose(value)), key=len, default=None)


def answered(body: object) -> object:
    """What a response says: plain text, or an object that `core.logs.chat` reads; None if nothing.

    Reads OpenAI (chat, responses), Anthropic and Gemini, lists of choices, and LangChain's
    generations.
    """
    return _answered(body, 0)


def _answered(body: object, depth: int) -> object:
    found = opened(body)
    if isinstance(found, str):
        return _joined(found)
    if isinstance(found, list) and depth <= _DEPTH:
        if (
            found
            and isinstance(found[0], dict)
            and "message" in found[0]
            and "text" not in found[0]
        ):
            return {"choices": found}
        parts = [part for one in found if (part := _answered(one, depth + 1)) is not None]
        return _joined(parts) if _plain(parts) else next(iter(parts), None)
    if not isinstance(found, dict) or depth > _DEPTH:
        return None
    if found.get("choices") or found.get("candidates"):
        return found
    for key in _ANSWERS:
        inner = opened(found.get(key))
        if key == "messages" and isinstance(inner, list):
            inner = inner[-1:]
        if (text := _answered(inner, depth + 1)) is not None:
            return text
    if isinstance(found.get("kwargs"), dict):
        return _answered(found["kwargs"], depth + 1)
    said = next((found[key] for key in ("text", "output_text", "content") if found.get(key)), None)
    return said if said is None or isinstance(said, str) else {"content": said}


def usage_in(*bodies: object) -> Mapping[str, Any]:
    """The provider's usage object in the first response body that has one; empty if none has."""
    for body in bodies:
        found = mapping(body)
        for key in ("usage", "usage_metadata", "usageMetadata"):
            if usage := mapping(found.get(key)):
                return usage
    return {}


def _chat(request: Request, body: object) -> object:
    """The messages with the instructions and the tools beside them; a lone text as it is."""
    beside: dict[str, Any] = {"system": request.instructions} if request.instructions else {}
    holders = [body, *(body.get(name) for name in _WRAPPERS)] if isinstance(body, dict) else []
    for holder in map(mapping, reversed(holders)):
        beside |= {key: holder[key] for key in _TOOLS if holder.get(key)}
    if not beside and _plain(request.messages):
        return _joined(request.messages)
    said = [{"role": "user", "content": m} if isinstance(m, str) else m for m in request.messages]
    return {"messages": said, **beside}


def _is_prose(value: object) -> bool:
    return isinstance(value, str) and " " in value.strip() and not value.startswith(_REFERENCE)


def _plain(values: Sequence[object]) -> bool:
    return bool(values) and all(isinstance(value, str) for value in values)


def _joined(value: object) -> str | None:
    """The text, or the texts of a list; None when there is none (as in a list of token ids)."""
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    texts = [v for v in values if isinstance(v, str) and not v.startswith(_REFERENCE)]
    text = "\n".join(texts)
    return text if text.strip() else None
