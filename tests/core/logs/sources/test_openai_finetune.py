"""OpenAI's fine-tuning file, and what is like it but a log of calls."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

TALK = [
    {"role": "system", "content": "You plan journeys."},
    {"role": "user", "content": "Which ferry goes to Corfu?"},
    {"role": "assistant", "content": "The one from Bari leaves at nine.", "weight": 1},
]


def test_a_conversation_gives_its_last_question_and_the_length_of_the_answer(read: Import) -> None:
    tools = [{"type": "function", "function": {"name": "timetable"}}]
    log, [row] = read(json.dumps({"messages": TALK, "tools": tools, "parallel_tool_calls": False}))
    assert (log.source, log.grain) == ("openai_finetune", "request_text")
    assert (row["text"], row["system_text"]) == ("Which ferry goes to Corfu?", "You plan journeys.")
    assert (row["tools"], row["model"], row["time"]) == ("timetable", None, None)
    assert row["output_estimated"] and 5 <= row["output_tokens"] <= 14
    assert (log.input_tokens, log.output_tokens) == (None, None)


@pytest.mark.parametrize(
    "more",
    [
        {"model": "gpt-5-mini"},
        {"usage": {"prompt_tokens": 30, "completion_tokens": 9}, "prompt_tokens": 30},
        {"created_at": "2026-10-07T06:30:00Z"},
        {"category": "travel"},
        {"user_id": "u-5"},
    ],
)
def test_conversations_with_more_to_tell_are_a_plain_log(read: Import, more: Any) -> None:
    log, _ = read(json.dumps({"messages": TALK, **more}))
    assert log.source == "generic"


def test_a_column_called_messages_with_plain_texts_is_a_plain_log(read: Import) -> None:
    log, _ = read("messages\nWhich ferry goes to Corfu?\nWhich train goes to Bari?\n")
    assert log.source == "generic"


def test_a_row_without_a_conversation_is_dropped_and_counted(read: Import) -> None:
    rows = [{"messages": TALK}] * 25 + [{"messages": []}, {"messages": None}]
    log, kept = read("\n".join(map(json.dumps, rows)))
    assert (log.source, len(kept)) == ("openai_finetune", 25)
    assert sum(log.dropped.values()) == 2
