"""OpenAI's fine-tuning file: conversations with the answer that the model should learn."""

from __future__ import annotations

from typing import Any, Final

from core.logs.containers.records import Record
from core.logs.mapping import ROLES, guess_mapping
from core.logs.sources.bodies import answered, asked
from core.logs.sources.call import Call
from core.logs.sources.fields import items, words
from core.logs.sources.source import Look, Source, by_record

_OWN: Final = frozenset({"messages", "tools", "parallel_tool_calls", "functions"})
_TELLING: Final = ROLES.keys() - {"text", "response"}


def _recognises(look: Look) -> bool:
    """Conversations and nothing else that a log of calls would have."""
    if not look.has("messages") or not all(_conversation(record) for record in look.records):
        return False
    others = sorted(look.columns - _OWN)
    guess = guess_mapping(others, [{c: words(r.get(c)) for c in others} for r in look.records])
    return not any(guess.column(role) for role in _TELLING)


def _conversation(record: Record) -> list[dict[str, Any]]:
    found = items(record.get("messages"))
    whole = all(isinstance(message, dict) and "role" in message for message in found)
    return found if whole else []


def _read(record: Record) -> Call:
    messages = _conversation(record)
    if not messages:
        raise ValueError("no conversation")
    last = messages[-1]
    return Call(
        text=asked({key: record[key] for key in _OWN & record.keys()}),
        response=answered(last) if last["role"] == "assistant" else None,
    )


OPENAI_FINETUNE: Final = Source(
    "openai_finetune",
    "OpenAI fine-tuning file",
    _recognises,
    by_record("openai_finetune", _read),
    notes=(
        "Training examples have no times, models, token counts or costs; whatever they say of "
        "traffic is how their authors mixed them.",
    ),
)
