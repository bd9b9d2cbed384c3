"""The messages in a request, wherever a provider or a tracing tool put them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from core.logs.chat.messages import ITEMS, ROLES, opened_message, role_of
from core.logs.chat.notation import decoded
from core.logs.chat.parts import PART_KINDS

_HOLDERS: Final = (
    "messages", "contents", "input", "prompt", "request", "body", "inputs", "params", "kwargs",
    "conversation",
)  # fmt: skip
_CONTENTS: Final = frozenset(
    {
        "content", "parts", "contents", "blocks", "text", "tool_calls", "toolCalls",
        "function_call", "refusal", "audio",
    }
)  # fmt: skip
_INSTRUCTIONS: Final = ("system", "instructions", "systemInstruction", "system_instruction")
_DEPTH: Final = 4


@dataclass(frozen=True)
class Request:
    """The messages, instructions that stand beside them, and what the objects around them say."""

    messages: Sequence[Any]
    instructions: Any = None
    around: Mapping[str, Any] = field(default_factory=dict)


def find_request(value: Any, depth: int = 0) -> Request | None:
    """The chat request in a decoded value; None when the value is something else."""
    if isinstance(value, list):
        return _of_list(value, depth)
    if not isinstance(value, dict) or depth > _DEPTH:
        return None
    if _speaks(value) and ("parts" not in value or "role" in value):
        return Request([value])
    for key in _HOLDERS:
        held = value.get(key)
        if not held:
            continue
        if isinstance(held, str):
            if _is_text_of_request(key, value):
                return Request([held], _instructions(value), value)
            if held[0] not in "[{":
                continue
            held = decoded(held)
        elif key == "contents" and isinstance(held, dict):  # Gemini: one content
            held = [held]
        found = find_request(held, depth + 1)
        if found:
            said = found.instructions or _instructions(value)
            return Request(found.messages, said, {**value, **found.around})
    return _of_prompts(value)


def _of_list(value: list[Any], depth: int) -> Request | None:
    if not value:
        return None
    first = value[0]
    if isinstance(first, (list, tuple)):
        if all(_is_pair(pair) for pair in value):
            return Request(value)
        return find_request(list(first), depth + 1) if depth <= _DEPTH else None  # of LangChain
    if isinstance(first, dict) and len(value) == 1 and "role" not in first and "messages" in first:
        return find_request(first, depth + 1)
    if not all(isinstance(one, dict) for one in value):
        return None
    if any(map(_speaks, value)):
        return Request(value) if all(map(_belongs, value)) else None
    if all(_is_text_part(one) for one in value):  # the parts of one message
        return Request([{"role": "user", "content": value}])
    return None


def _speaks(message: Mapping[str, Any]) -> bool:
    """Whether this cannot be anything but a message."""
    if "role" in message:
        return isinstance(message["role"], str) and not _CONTENTS.isdisjoint(message)
    if "parts" in message:  # Gemini, where the role may be missing
        return isinstance(message["parts"], list)
    kind = message.get("type")
    if isinstance(kind, str):
        if kind.lower() in ROLES:
            return "content" in message or isinstance(message.get("data"), dict)
        if kind == "message" and "content" in message:
            return True
        if kind in ITEMS:
            return "call_id" in message
    if isinstance(message.get("kwargs"), dict):
        return opened_message(message)[0] != "other" and "content" in message["kwargs"]
    if isinstance(message.get("message"), dict):
        return isinstance(message["message"].get("role"), str)
    return "message.role" in message or "message.content" in message


def _belongs(message: Mapping[str, Any]) -> bool:
    """Whether this may stand in a list of messages."""
    kind = message.get("type")
    return "role" in message or (isinstance(kind, str) and kind in ITEMS) or _speaks(message)


def _is_pair(pair: object) -> bool:
    return (
        isinstance(pair, (list, tuple))
        and len(pair) == 2
        and isinstance(pair[1], (str, list))
        and role_of(pair[0]) != "other"
    )


def _is_text_part(part: Mapping[str, Any]) -> bool:
    kind = part.get("type")
    return isinstance(kind, str) and kind in PART_KINDS and ("text" in part or kind != "text")


def _is_text_of_request(key: str, value: Mapping[str, Any]) -> bool:
    """Whether the text under a key is what the user asked, going by its neighbours."""
    if key not in ("prompt", "input", "contents"):
        return False
    neighbours = ("model", *_INSTRUCTIONS)
    return (key == "prompt" and len(value) == 1) or any(name in value for name in neighbours)


def _instructions(value: Mapping[str, Any]) -> Any:
    config = value.get("config")  # Gemini's Python library
    for source in (value, config if isinstance(config, dict) else {}):
        for key in _INSTRUCTIONS:
            if source.get(key):
                return source[key]
    return None


def _of_prompts(value: Mapping[str, Any]) -> Request | None:
    """LangChain's completion models: {"prompts": ["..."]}."""
    prompts = value.get("prompts")
    if isinstance(prompts, list) and prompts and all(isinstance(one, str) for one in prompts):
        return Request(prompts, None, value)
    return None
