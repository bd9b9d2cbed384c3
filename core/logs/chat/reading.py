"""Chat JSON: what the user asked last, and how long the request was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from core.logs.chat.messages import Message, read_message
from core.logs.chat.notation import decoded
from core.logs.chat.request import Request, find_request
from core.logs.chat.tools import distinct_names, offered_names

MESSAGE_TOKENS: Final = 4  # framing of one message, 3 or 4 by model, and
REPLY_TOKENS: Final = 3  # of the reply (OpenAI cookbook, "How to count tokens with tiktoken")
_SAID: Final = frozenset({"content", "text", "parts", "message.content", "message.contents"})
_DEPTH: Final = 5


@dataclass(frozen=True, slots=True)
class Chat:
    """One request: the last user message, the number of messages, and all of its text.

    `asked` counts the user's messages; one that only brings tool results is not the user's.
    `tools` are the names of tools offered or called. `whole` has the text of tool calls and
    results too, which is billed like the rest. `reply` is a final assistant message that came
    along (training files have one); it is not part of the request.
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
    request = find_request(decoded(cell))
    if request is None:
        return None
    said = [read_message(message) for message in request.messages]
    if request.instructions:
        said.insert(0, read_message({"role": "system", "content": request.instructions}))
    tools = _tools(request, said)
    reply = said.pop().words if len(said) > 1 and said[-1].role == "assistant" else None
    asked = [m.words for m in said if m.role == "user" and (m.words.strip() or not m.answers_tool)]
    question = next((words for words in reversed(asked) if words.strip()), "")
    system = [m.words for m in said if m.role == "system" and m.words.strip()]
    if not asked:
        others = [m for m in said if m.role in ("system", "other") and m.words.strip()]
        if others:
            question = others[-1].words
            system = system[:-1] if others[-1].role == "system" else system
    return Chat(
        question,
        len(said),
        "\n".join(text for m in said for text in (m.words, m.tool_text) if text.strip()),
        reply,
        "\n".join(system),
        len(asked),
        tools,
    )


def read_reply(cell: str) -> str | None:
    """The answer's text in a cell of JSON; None when the cell is something else."""
    return _reply(decoded(cell), 0)


def _tools(request: Request, said: list[Message]) -> tuple[str, ...]:
    offered = offered_names(request.around) if request.around else []
    called = [name for message in said for name in message.tools]
    return distinct_names([*offered, *called]) if offered or called else ()


def _reply(value: Any, depth: int) -> str | None:
    """The words of the first answer, below the keys that the APIs use."""
    if depth > _DEPTH:
        return None
    if isinstance(value, list):
        if len(value) == 1 or (value and isinstance(value[0], list)):
            return _reply(value[0], depth + 1)
        if not value or not all(isinstance(one, dict) for one in value):
            return None
        found = [words for one in value if (words := _reply(one, depth + 1)) is not None]
        return "\n".join(filter(None, found)) if found else None
    if not isinstance(value, dict):
        return None
    for key in ("choices", "candidates", "generations"):
        answers = value.get(key)
        if isinstance(answers, list) and answers:
            return _reply(answers[0], depth + 1)
    text = value.get("text")
    if isinstance(text, str) and text.strip():
        return text
    for key in ("message", "output"):
        if isinstance(value.get(key), (dict, list)):
            return _reply(value[key], depth + 1)
    if _SAID.isdisjoint(value) and not isinstance(value.get("kwargs"), dict):
        return None
    return read_message(value).words
