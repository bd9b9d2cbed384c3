"""What was asked and answered in a model call, from a span's attributes and events."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from core.logs.chat.messages import role_of
from core.logs.chat.notation import decoded
from core.logs.chat.request import find_request
from core.logs.chat.tools import offered_names
from core.logs.sources.bodies import asked
from core.logs.sources.span_values import any_value, attributes_of, plain

_ASKED: Final = (
    "gen_ai.input.messages", "llm.input_messages", "gen_ai.prompt", "ai.prompt.messages",
    "gen_ai.request.messages", "llm.prompts", "ai.prompt", "llm.prompt", "request_data", "events",
    "traceloop.entity.input", "input.value", "embedding.embeddings", "embedding.text",
    "ai.value", "ai.values", "gen_ai.input",
)  # fmt: skip
_ANSWERED: Final = (
    "gen_ai.output.messages", "llm.output_messages", "gen_ai.completion", "ai.response.text",
    "ai.response.object", "response_data", "llm.completion", "traceloop.entity.output",
    "output.value", "gen_ai.output",
)  # fmt: skip
_INSTRUCTIONS: Final = "gen_ai.system_instructions"
_TOOLS: Final = (
    "gen_ai.tool.definitions", "llm.tools", "llm.request.functions", "ai.prompt.tools",
    "gen_ai.request.tools", "llm.invocation_parameters.tools", "llm.invocation_parameters",
)  # fmt: skip
_NOTHING: Final = frozenset({"", "nan", "none", "null"})  # as tables write an empty cell
_SAID_BY: Final = re.compile(r"gen_ai\.(system|user|assistant|tool)\.message")
_TELLING: Final = frozenset({*_ASKED[:6], *_ANSWERED[:3], _INSTRUCTIONS, "gen_ai.tool.definitions"})


def asked_in(found: Mapping[str, Any]) -> object:
    """The prompt: plain text, or messages with instructions and tools; None if there is none."""
    prompt = next((p for key in _ASKED if (p := _prompt(found.get(key))) is not None), None)
    said = decoded(found.get(_INSTRUCTIONS))
    offered = [{"name": name} for name in _tool_names(found)]
    if prompt is None or not (said or offered):
        return prompt
    if isinstance(prompt, dict):
        return {"system": said, "tools": offered, **prompt} if "messages" in prompt else prompt
    messages = prompt if isinstance(prompt, list) else [{"role": "user", "content": prompt}]
    told = any(isinstance(m, dict) and role_of(m.get("role")) == "system" for m in messages)
    return {"messages": messages, "system": None if told else said, "tools": offered}


def answered_in(found: Mapping[str, Any]) -> object:
    """The answer: plain text or messages; None if there is none."""
    return next((found[key] for key in _ANSWERED if found.get(key)), None)


def with_events(found: dict[str, Any], events: object) -> dict[str, Any]:
    """The attributes with the messages that lie in the span's events, where they have none."""
    messages: list[object] = []
    listed = decoded(events)
    for event in listed if isinstance(listed, list) else []:
        if not isinstance(event, dict):
            continue
        fields = {plain(key): value for key, value in event.items()}
        told = attributes_of(fields.get("attributes"))
        body = any_value(fields.get("body"))
        told = {**told, **body} if isinstance(body, dict) else told
        name = str(fields.get("name") or fields.get("eventname") or told.get("event.name"))
        role = _SAID_BY.fullmatch(name)
        if role:
            messages.append(_message(role.group(1), told, body))
        elif name == "gen_ai.choice":
            answer = _message("assistant", told, body)
            found.setdefault("gen_ai.output.messages", [answer])
        for key in _TELLING & told.keys():
            found.setdefault(key, told[key])
    if messages:
        found.setdefault("gen_ai.input.messages", messages)
    return found


def _message(role: str, told: Mapping[str, Any], body: object) -> dict[str, Any]:
    inner = decoded(told.get("gen_ai.event.content", told.get("message", body)))
    if isinstance(inner, dict) and isinstance(inner.get("message"), dict):
        inner = inner["message"]
    content = told.get("content", inner if isinstance(inner, (str, list)) else None)
    return {"role": role, "content": content, **(inner if isinstance(inner, dict) else {})}


def _prompt(value: object) -> object:
    """A prompt that can be read, decoded; None for an empty one and for a list that was cut."""
    if value is None or value == "" or value == [] or value == {}:
        return None
    found = decoded(value)
    if isinstance(found, str):
        lost = found.startswith("[{") or found.strip().lower() in _NOTHING
        return None if lost else found
    if isinstance(found, dict):
        return asked(found) or found
    if not isinstance(found, list):
        return None
    if all(isinstance(one, str) for one in found):
        return "\n".join(found) or None
    texts = [text for one in found if (text := _embedded(one))]
    return "\n".join(texts) if texts else found if find_request(found) else None


def _embedded(value: object) -> str | None:
    """The text of an embedding, whose vector is not wanted."""
    if not isinstance(value, dict):
        return None
    inner = value.get("embedding")
    text = inner.get("text") if isinstance(inner, dict) else value.get("embedding.text")
    return text if isinstance(text, str) else None


def _tool_names(found: Mapping[str, Any]) -> Sequence[str]:
    for key in _TOOLS:
        offered = decoded(found.get(key)) if found.get(key) else None
        if isinstance(offered, dict):
            offered = offered.get("tools")
        names = offered_names({"tools": offered}) if isinstance(offered, list) else []
        if names:
            return names
    return ()
