"""One message of a chat, in the shape of any provider or tracing tool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from core.logs.chat.notation import nested
from core.logs.chat.parts import BODIES, PART_KINDS, Parts
from core.logs.chat.tools import tool_name

Role = Literal["user", "system", "assistant", "tool", "other"]

ROLES: Final[dict[str, Role]] = {
    "user": "user", "human": "user", "humanmessage": "user", "humanmessagechunk": "user",
    "system": "system", "developer": "system", "systemmessage": "system",
    "systemmessagechunk": "system",
    "assistant": "assistant", "ai": "assistant", "model": "assistant", "chatbot": "assistant",
    "bot": "assistant", "aimessage": "assistant", "aimessagechunk": "assistant",
    "tool": "tool", "function": "tool", "toolmessage": "tool", "functionmessage": "tool",
    "toolmessagechunk": "tool", "ipython": "tool",
}  # fmt: skip
ITEMS: Final[dict[str, Role]] = {  # of OpenAI's Responses API, which have a type and no role
    "function_call": "assistant", "custom_tool_call": "assistant", "mcp_call": "assistant",
    "web_search_call": "assistant", "file_search_call": "assistant", "reasoning": "assistant",
    "computer_call": "assistant", "function_call_output": "tool",
    "custom_tool_call_output": "tool", "computer_call_output": "tool", "item_reference": "other",
}  # fmt: skip
_PLAIN: Final = frozenset({"role", "content", "id", "timestamp", "annotations", "refusal"})


class Message(NamedTuple):
    """Who speaks, the words, and beside them the text that tools were given or gave.

    `answers_tool` says that the message carries a tool's result.
    """

    role: Role
    words: str
    tool_text: str = ""
    tools: tuple[str, ...] = ()
    answers_tool: bool = False


def read_message(message: Any) -> Message:
    """What one element of a chat says; empty words where it holds only images or nothing."""
    if isinstance(message, str):
        return Message("user", message)
    if isinstance(message, (list, tuple)):  # LangChain's pairs of role and text
        return Message(role_of(message[0]), Parts().add(message[1]).said())
    role, body = message.get("role"), message.get("content")
    if isinstance(body, str) and isinstance(role, str) and message.keys() <= _PLAIN:
        known = ROLES.get(role) or role_of(role)
        if known != "tool" and not body.startswith('[{"type"'):
            return Message(known, body)
    return _read_any(message)


def role_of(name: object) -> Role:
    """The role under any of its names, such as "Human", "HumanMessage" or "MessageRole.USER"."""
    if not isinstance(name, str):
        return "other"
    return ROLES.get(name.rpartition(".")[2].lower(), "other")


def _read_any(message: Mapping[str, Any]) -> Message:
    role, inner = opened_message(message)
    parts = Parts()
    kind = inner.get("type")
    if "role" not in inner and isinstance(kind, str) and kind in PART_KINDS:
        parts.add(inner)  # an item of the Responses API
    else:
        for key in BODIES:
            if inner.get(key):
                parts.add(inner[key])
                break
    extra = inner.get("additional_kwargs")
    for source in (inner, extra if isinstance(extra, dict) else {}):
        for call in _calls(source):
            parts.call(call)
    words, tool_text = parts.said(), "\n".join(parts.tool_text)
    if role == "tool":
        tool = tool_name(inner)
        names = (*parts.tools, tool) if tool else tuple(parts.tools)
        return Message(role, "", "\n".join(t for t in (words, tool_text) if t), names, True)
    return Message(role, words, tool_text, tuple(parts.tools), parts.answers_tool)


def opened_message(message: Mapping[str, Any]) -> tuple[Role, Mapping[str, Any]]:
    """The role and the object that holds the content, out of the wrappings of tracing tools."""
    role = message.get("role")
    if isinstance(role, str):
        return role_of(role), message
    inner: Any = message.get("message")
    if "message.role" in message or "message.content" in message:  # OpenInference
        inner = {str(key).removeprefix("message."): value for key, value in message.items()}
        inner = nested(inner) if any("." in key for key in inner) else inner
    if isinstance(inner, dict):
        return role_of(inner.get("role") or "user"), inner
    kind = message.get("type")
    inner = message.get("kwargs")
    if isinstance(inner, dict):  # LangChain's constructors
        path = message.get("id")
        name = path[-1] if isinstance(path, list) and path else inner.get("type")
        found = role_of(name)
        return (found if found != "other" else role_of(inner.get("role") or "user")), inner
    inner = message.get("data")
    if isinstance(inner, dict) and isinstance(kind, str):
        return role_of(kind), inner
    if isinstance(kind, str):
        return ITEMS.get(kind) or role_of(kind), message
    return "user", message


def _calls(source: Mapping[str, Any]) -> list[Any]:
    found = source.get("tool_calls") or source.get("toolCalls")
    calls = list(found) if isinstance(found, list) else []
    if isinstance(source.get("function_call"), dict):
        calls.append(source["function_call"])
    elif isinstance(source.get("function_call_name"), str):
        calls.append({"name": source["function_call_name"]})
    return calls
