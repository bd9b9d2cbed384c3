"""Chat JSON: what the user asked last, and how long the request was."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from typing import Any, Final

MESSAGE_TOKENS: Final = 4  # framing of one message, 3 or 4 by model, and
REPLY_TOKENS: Final = 3  # of the reply (OpenAI cookbook, "How to count tokens with tiktoken")
_LISTS: Final = ("messages", "contents", "input", "prompt", "request", "body", "inputs", "kwargs")
_USERS: Final = frozenset({"user", "human"})
_SYSTEMS: Final = frozenset({"system", "developer"})
_ASSISTANTS: Final = frozenset({"assistant", "ai", "model"})
_CALL_PARTS: Final = frozenset({"tool_use", "tool_call", "function_call"})
_MOST_TOOLS: Final = 20
_TOOL_NAME_CHARS: Final = 60
_CODE_LIMIT: Final = 1 << 20  # characters of Python notation that are worth parsing


@dataclass(frozen=True)
class Chat:
    """One request: the last user message, the number of messages, and all of its text.

    `asked` counts the user's messages. `tools` are the names of tools offered or called.
    `reply` is a final assistant message that came along (training files have one); it is
    not part of the request.
    """

    question: str
    turns: int
    whole: str
    reply: str | None = None
    system: str = ""
    asked: int = 1
    tools: tuple[str, ...] = ()


def read_chat(cell: str) -> Chat | None:
    """The chat in a cell of JSON (or Python notation); None when the cell is something else."""
    value = _loads(cell)
    messages = _messages(value)
    if not messages:
        return None
    said = [(_role(m), _words(m)) for m in messages]
    reply = said.pop()[1] if len(said) > 1 and said[-1][0] in _ASSISTANTS else None
    spoken = [(role, words) for role, words in said if words.strip()]
    asked = [words for role, words in spoken if role in _USERS]
    others = [words for role, words in spoken if role not in _ASSISTANTS]
    question = (asked or others or [""])[-1]
    return Chat(
        question,
        len(said),
        "\n".join(words for _, words in spoken),
        reply,
        system="\n".join(words for role, words in spoken if role in _SYSTEMS),
        asked=len(asked),
        tools=_tools(value, messages),
    )


def read_reply(cell: str) -> str | None:
    """The answer's text in a cell of JSON; None when the cell is something else."""
    value = _loads(cell)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return None
    choices = value.get("choices") or value.get("candidates")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        value = choices[0].get("message") or choices[0]
    if isinstance(value, dict) and ("content" in value or "text" in value):
        return _words(value)
    return None


def _loads(cell: str) -> object:
    """The cell's value, also when its quotes were doubled or it was written by Python's repr."""
    value: object = None
    for text in (cell, cell.replace('""', '"')):
        try:
            value = json.loads(text)
            break
        except (ValueError, RecursionError):
            continue
    else:
        if len(cell) <= _CODE_LIMIT and "'" in cell:
            try:
                value = ast.literal_eval(cell.strip())
            except (ValueError, SyntaxError, RecursionError, MemoryError):
                return None
    return _loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value


def _messages(value: object, depth: int = 0) -> list[dict[str, Any]]:
    """The list of messages, at the top or below one of the usual keys."""
    if isinstance(value, list):
        if len(value) == 1 and isinstance(value[0], list):  # LangChain batches
            return _messages(value[0], depth)
        messages = [m for m in value if isinstance(m, dict)]
        return messages if messages and all(_is_message(m) for m in messages) else []
    if isinstance(value, dict) and depth < 3:
        if _is_message(value) and "role" in value:
            return [value]
        for key in _LISTS:
            found = _messages(value.get(key), depth + 1)
            if found:
                system = value.get("system") or value.get("instructions")
                lead = [{"role": "system", "content": system}] if system else []
                return [*lead, *found]
            if key in ("prompt", "input") and isinstance(value.get(key), str) and "model" in value:
                return [{"role": "user", "content": value[key]}]
    return []


def _tools(value: object, messages: list[dict[str, Any]]) -> tuple[str, ...]:
    """The names of the tools that a request offers and its messages call, each once."""
    offered = value.get("tools") or value.get("functions") if isinstance(value, dict) else None
    calls = [call for message in messages for call in _calls(message)]
    names = [_tool_name(tool) for tool in [*(offered if isinstance(offered, list) else []), *calls]]
    return tuple(sorted({name for name in names if name}))[:_MOST_TOOLS]


def _calls(message: dict[str, Any]) -> list[object]:
    inner = message.get("kwargs")
    source = inner if isinstance(inner, dict) else message
    found = source.get("tool_calls")
    calls = list(found) if isinstance(found, list) else []
    for parts in (source.get("content"), source.get("parts")):
        if isinstance(parts, list):
            calls += [p for p in parts if isinstance(p, dict) and p.get("type") in _CALL_PARTS]
    if source.get("type") == "function_call" or _role(message) in ("tool", "function"):
        calls.append(source)
    return calls


def _tool_name(tool: object) -> str | None:
    if not isinstance(tool, dict):
        return None
    inner = tool.get("function")
    name = (inner if isinstance(inner, dict) else tool).get("name")
    return name[:_TOOL_NAME_CHARS] if isinstance(name, str) else None


def _is_message(message: dict[str, Any]) -> bool:
    if "role" in message or "kwargs" in message:
        return True
    return "content" in message and "type" in message


def _role(message: dict[str, Any]) -> str:
    inner = message.get("kwargs")
    source = inner if isinstance(inner, dict) else message
    return str(message.get("role") or source.get("type") or "user").lower()


def _words(message: object) -> str:
    """All text of a message: a string, or its parts that hold text."""
    if isinstance(message, str):
        return message
    if isinstance(message, list):
        return "\n".join(words for part in message if (words := _words(part)))
    if isinstance(message, dict):
        for key in ("content", "parts", "text", "value", "kwargs"):
            if message.get(key):
                return _words(message[key])
    return ""
