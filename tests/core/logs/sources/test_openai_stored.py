"""OpenAI's stored chat completions, listed in pages and without their prompts."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

COMPLETION = {
    "object": "chat.completion",
    "id": "chatcmpl-7",
    "model": "gpt-5-mini-2025-08-07",
    "created": 1_791_354_600,
    "service_tier": "flex",
    "metadata": {"feature": "travel"},
    "usage": {
        "prompt_tokens": 900,
        "completion_tokens": 50,
        "total_tokens": 950,
        "prompt_tokens_details": {"cached_tokens": 640, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 20},
    },
    "tools": [{"type": "function", "function": {"name": "timetable"}}],
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "From Bari."}}],
}
PAGE = {"object": "list", "data": [COMPLETION], "first_id": "a", "has_more": False}


def test_a_page_of_the_list_gives_calls_without_text(read: Import) -> None:
    log, [row] = read(json.dumps(PAGE))
    assert (log.source, log.grain) == ("openai_stored", "request_notext")
    assert row["time"] == datetime(2026, 10, 7, 6, 30, tzinfo=UTC)
    assert (row["request_id"], row["model"]) == ("chatcmpl-7", "gpt-5-mini-2025-08-07")
    assert (row["input_tokens"], row["cache_read_tokens"]) == (900, 640)
    assert (row["output_tokens"], row["reasoning_tokens"]) == (50, 20)
    assert (row["segment"], row["tags"], row["tools"]) == ("travel", "flex", "timetable")
    assert (row["text"], row["cost_usd"]) == (None, None)


def test_pages_may_come_one_per_line_and_completions_too(read: Import) -> None:
    log, rows = read("\n".join([json.dumps(PAGE)] * 3))
    assert (log.source, len(rows)) == ("openai_stored", 3)
    log, rows = read("\n".join([json.dumps(COMPLETION)] * 2))
    assert (log.source, len(rows)) == ("openai_stored", 2)


def test_messages_that_were_fetched_as_well_are_the_text(read: Import) -> None:
    said = [{"id": "m-1", "role": "user", "content": "Which ferry goes to Corfu?"}]
    for messages in (said, {"object": "list", "data": said}):
        log, [row] = read(json.dumps({**COMPLETION, "messages": messages}))
        assert (log.source, log.grain) == ("openai_stored", "request_text")
        assert (row["text"], row["input_tokens"]) == ("Which ferry goes to Corfu?", 900)
