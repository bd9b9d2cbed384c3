"""The parts of one message: words, calls of tools, what tools answered, images."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, Literal

from core.logs.chat.notation import decoded, nested
from core.logs.chat.tools import opened_tool, tool_name

PART_KINDS: Final[dict[str, Literal["text", "call", "result", "other"]]] = {
    "text": "text", "input_text": "text", "output_text": "text", "refusal": "text",
    "tool_use": "call", "server_tool_use": "call", "mcp_tool_use": "call", "tool_call": "call",
    "tool-call": "call", "function_call": "call", "custom_tool_call": "call", "mcp_call": "call",
    "tool-invocation": "call", "dynamic-tool": "call",
    "tool_result": "result", "tool-result": "result", "tool_call_response": "result",
    "function_call_output": "result", "custom_tool_call_output": "result",
    "mcp_tool_result": "result", "web_search_tool_result": "result",
    "code_execution_tool_result": "result",
    "thinking": "other", "redacted_thinking": "other", "reasoning": "other",
    "image": "other", "image_url": "other", "input_image": "other", "audio": "other",
    "input_audio": "other", "video": "other", "file": "other", "input_file": "other",
    "document": "other", "blob": "other", "uri": "other", "media": "other",
    "step-start": "other",
}  # fmt: skip
BODIES: Final = ("content", "parts", "contents", "blocks", "text", "value")
_CALLS: Final = ("functionCall", "function_call", "toolUse", "toolInvocation", "tool_call")
_RESULTS: Final = ("functionResponse", "function_response", "toolResult")
_OUTPUTS: Final = ("content", "output", "result", "response", "text")
_DEPTH: Final = 6  # of parts within parts


class Parts:
    """What the parts of one message add up to."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.tool_text: list[str] = []
        self.tools: list[str] = []
        self.answers_tool = False

    def said(self) -> str:
        """The words, part by part on lines of their own."""
        return "\n".join(words for words in self.words if words)

    def add(self, part: Any, depth: int = 0) -> Parts:
        """Take in a text, a part, or parts within parts."""
        if isinstance(part, str):
            if part.startswith('[{"type"') and depth == 0 and _are_parts(inner := decoded(part)):
                return self.add(inner, 1)
            self.words.append(part)
        elif isinstance(part, (list, tuple)):
            if depth <= _DEPTH:
                for inner in part:
                    self.add(inner, depth + 1)
        elif isinstance(part, dict) and depth <= _DEPTH:
            self._add_object(part, depth)
        return self

    def call(self, call: Any) -> None:
        """Take in a call of a tool: its name, and its arguments as text that is billed."""
        inner = opened_tool(call)
        if inner is None:
            return
        name = tool_name(inner)
        if name:
            self.tools.append(name)
        for key in ("arguments", "args", "input"):
            if inner.get(key):
                self.tool_text.append(_text(inner[key]))
                return

    def _add_object(self, part: Mapping[str, Any], depth: int) -> None:
        kind = part.get("type")
        known = PART_KINDS.get(kind) if isinstance(kind, str) else None
        if known is None and isinstance(kind, str) and kind.startswith("tool-"):
            known = "call"
        if known == "text":
            self._say(part, depth)
        elif known == "call":
            self.call(part)
        elif known == "result":
            self._answer(part, depth)
        elif known is None:
            self._add_untyped(part, depth)

    def _add_untyped(self, part: Mapping[str, Any], depth: int) -> None:
        """Gemini and Bedrock tell their parts by key, OpenInference wraps or dots them."""
        for key in _CALLS:
            if isinstance(part.get(key), dict):
                self.call(part[key])
                return
        for key in _RESULTS:
            if isinstance(part.get(key), dict):
                self._answer(part[key], depth)
                return
        if any(isinstance(key, str) and key.startswith("message_content.") for key in part):
            part = nested(part)
        inner = part.get("message_content")
        if inner is not None:
            self.add(inner, depth + 1)
        elif part.get("thought") is not True:
            self._say(part, depth)

    def _say(self, part: Mapping[str, Any], depth: int) -> None:
        for key in BODIES:
            if part.get(key):
                self.add(part[key], depth + 1)
                return

    def _answer(self, part: Mapping[str, Any], depth: int) -> None:
        self.answers_tool = True
        name = tool_name(part)
        if name:
            self.tools.append(name)
        for key in _OUTPUTS:
            value = part.get(key)
            if not value:
                continue
            inner = Parts().add(value, depth + 1)
            self.tool_text.append(inner.said() or _text(value))
            return


def _are_parts(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(part, dict) and isinstance(part.get("type"), str) and part["type"] in PART_KINDS
        for part in value
    )


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, ValueError, TypeError):
        return ""
