"""What `llm logs --json` prints."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]


def reply(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "01k6",
        "model": "gpt-5-mini",
        "prompt": "Which ferry goes to Corfu?",
        "system": "You plan journeys.",
        "prompt_json": None,
        "response": "The one from Bari.",
        "conversation_id": "c-7",
        "duration_ms": 1_480,
        "datetime_utc": "2026-10-07T06:30:00.250000+00:00",
        "input_tokens": 900,
        "output_tokens": 50,
        "token_details": {"cached_tokens": 640},
        "conversation_name": "Ferries",
        "conversation_model": "gpt-5-mini",
        "attachments": [],
    }
    return {key: value for key, value in (row | changes).items() if value != "left out"}


def test_a_reply_has_everything_but_a_cost(read: Import) -> None:
    log, [row] = read(json.dumps([reply()], indent=1))
    assert (log.source, log.grain) == ("llm_json", "request_text")
    assert (row["text"], row["system_text"]) == ("Which ferry goes to Corfu?", "You plan journeys.")
    assert row["time"] == datetime(2026, 10, 7, 6, 30, 0, 250_000, tzinfo=UTC)
    assert (row["input_tokens"], row["cache_read_tokens"], row["output_tokens"]) == (900, 640, 50)
    assert (row["latency_ms"], row["model"], row["cost_usd"]) == (1_480, "gpt-5-mini", None)
    assert log.sessions == 1 and row["session"] != "c-7"


@pytest.mark.parametrize(
    ("details", "cached", "written", "reasoning", "inputs"),
    [
        (None, 0, 0, None, 900),
        ('{"cached_tokens": 640}', 640, 0, None, 900),
        ({"prompt_tokens_details": {"cached_tokens": 640}}, 640, 0, None, 900),
        ({"completion_tokens_details": {"reasoning_tokens": 20}}, 0, 0, 20, 900),
        ({"cache_read_input_tokens": 600, "cache_creation_input_tokens": 10}, 600, 10, None, 1510),
    ],
)
def test_token_details_are_the_rest_of_the_providers_usage(
    read: Import, details: Any, cached: int, written: int, reasoning: int | None, inputs: int
) -> None:
    _, [row] = read(json.dumps([reply(token_details=details)]))
    assert (row["cache_read_tokens"], row["cache_write_tokens"]) == (cached, written)
    assert (row["reasoning_tokens"], row["input_tokens"]) == (reasoning, inputs)


def test_older_versions_log_no_counts(read: Import) -> None:
    gone = dict.fromkeys(("input_tokens", "output_tokens", "token_details", "system"), "left out")
    log, [row] = read(json.dumps([reply(**gone)]))
    assert (row["system_text"], row["turns"]) == (None, 1)
    assert (row["input_estimated"], row["output_estimated"]) == (True, True)
    assert (log.input_tokens, log.output_tokens) == (None, None)


def test_a_prompt_that_looks_like_a_chat_is_still_one_prompt(read: Import) -> None:
    prompt = '{"messages": [{"role": "user", "content": "hello"}]}'
    _, [row] = read(json.dumps([reply(prompt=prompt)]))
    assert row["text"] == prompt


def test_the_model_that_answered_beats_the_one_that_was_asked(read: Import) -> None:
    _, [row] = read(json.dumps([reply(resolved_model="gpt-5-mini-2025-08-07")]))
    assert row["model"] == "gpt-5-mini-2025-08-07"
