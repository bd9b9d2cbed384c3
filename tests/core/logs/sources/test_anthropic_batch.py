"""Anthropic's Message Batches: results with cached tokens beside the input, and requests."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]


def lines(*rows: dict[str, Any]) -> str:
    return "\n".join(json.dumps(row) for row in rows)


def succeeded(custom_id: str, **usage: Any) -> dict[str, Any]:
    message = {
        "id": "msg_7",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-4-5-20250929",
        "content": [{"type": "text", "text": "The one from Bari."}],
        "usage": usage,
    }
    return {"custom_id": custom_id, "result": {"type": "succeeded", "message": message}}


CACHED = succeeded(
    "trip-1",
    input_tokens=50,
    cache_creation_input_tokens=300,
    cache_creation={"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 200},
    cache_read_input_tokens=550,
    output_tokens=45,
    service_tier="batch",
)


def test_cached_tokens_stand_beside_the_input_and_are_added(read: Import) -> None:
    log, [row] = read(lines(CACHED))
    assert (log.source, log.grain) == ("anthropic_batch", "request_notext")
    assert row["input_tokens"] == 900  # 50 + 300 + 550
    assert (row["cache_read_tokens"], row["cache_write_tokens"]) == (550, 300)
    assert (row["output_tokens"], row["tags"]) == (45, "batch")
    assert (row["request_id"], row["model"]) == ("trip-1", "claude-sonnet-4-5-20250929")
    assert any("half the standard price" in note for note in log.warnings)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("errored", "error"),
        ("expired", "error"),
        ("canceled", "cancelled"),
    ],
)
def test_a_call_without_a_message_is_counted_apart(read: Import, kind: str, status: str) -> None:
    log, rows = read(lines(CACHED, {"custom_id": "trip-2", "result": {"type": kind}}))
    assert (log.rows, log.rows_kept, log.failed) == (2, 1, {status: 1})
    assert rows[1]["status"] == status and not log.dropped
    assert log.input_tokens == 900


def test_a_result_of_an_unknown_kind_is_dropped_and_counted(read: Import) -> None:
    log, rows = read(lines(CACHED, {"custom_id": "trip-2", "result": {"type": "paused"}}))
    assert len(rows) == 1 and sum(log.dropped.values()) == 1


def test_requests_have_texts_and_wait_in_an_envelope(read: Import) -> None:
    params = {
        "model": "claude-sonnet-4-5",
        "max_tokens": 512,
        "system": [{"type": "text", "text": "You plan journeys."}],
        "messages": [{"role": "user", "content": "Which ferry goes to Corfu?"}],
        "metadata": {"user_id": "jane@example.org"},
    }
    body = {"requests": [{"custom_id": "trip-1", "params": params}]}
    log, [row] = read(json.dumps(body))
    assert (log.source, log.grain) == ("anthropic_batch_input", "request_text")
    assert (row["text"], row["system_text"]) == ("Which ferry goes to Corfu?", "You plan journeys.")
    assert (row["model"], row["input_estimated"]) == ("claude-sonnet-4-5", True)
    assert row["user"] is not None and "jane" not in row["user"]
