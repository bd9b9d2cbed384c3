"""OpenAI's batch files: requests and results, of chats, responses and embeddings."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]


def lines(*rows: dict[str, Any]) -> str:
    return "\n".join(json.dumps(row) for row in rows)


def result(custom_id: str, **body: Any) -> dict[str, Any]:
    response = {"status_code": 200, "request_id": "req-7", "body": body}
    return {"id": "batch_req_7", "custom_id": custom_id, "response": response, "error": None}


CHAT = result(
    "trip-1",
    object="chat.completion",
    created=1_791_354_600,
    model="gpt-5-mini-2025-08-07",
    choices=[{"index": 0, "message": {"role": "assistant", "content": "The one from Bari."}}],
    usage={
        "prompt_tokens": 900,
        "completion_tokens": 50,
        "total_tokens": 950,
        "prompt_tokens_details": {"cached_tokens": 640},
        "completion_tokens_details": {"reasoning_tokens": 20},
    },
    metadata={"feature": "travel", "user_id": "jane@example.org"},
)


def request(custom_id: str, url: str = "/v1/chat/completions", **body: Any) -> dict[str, Any]:
    return {"custom_id": custom_id, "method": "POST", "url": url, "body": body}


def test_a_chat_completion_has_its_own_time_model_and_tokens(read: Import) -> None:
    log, [row] = read(lines(CHAT))
    assert (log.source, log.grain) == ("openai_batch_output", "request_notext")
    assert row["request_id"] == "trip-1"
    assert row["time"] == datetime(2026, 10, 7, 6, 30, tzinfo=UTC)
    assert (row["model"], row["segment"]) == ("gpt-5-mini-2025-08-07", "travel")
    assert (row["input_tokens"], row["cache_read_tokens"]) == (900, 640)
    assert (row["output_tokens"], row["reasoning_tokens"]) == (50, 20)
    assert (row["tags"], row["text"], row["latency_ms"]) == ("batch", None, None)
    assert row["user"] is not None and "jane" not in row["user"]
    assert any("half the standard price" in note for note in log.warnings)


def test_a_response_states_its_tokens_by_other_names(read: Import) -> None:
    body = {
        "object": "response",
        "created_at": 1_791_354_600.0,
        "status": "completed",
        "model": "gpt-5-mini",
        "output": [{"type": "message", "content": [{"type": "output_text", "text": "Bari."}]}],
        "usage": {
            "input_tokens": 900,
            "input_tokens_details": {"cached_tokens": 640},
            "output_tokens": 50,
            "output_tokens_details": {"reasoning_tokens": 20},
            "total_tokens": 950,
        },
    }
    _, [row] = read(lines(result("trip-1", **body)))
    assert row["time"] == datetime(2026, 10, 7, 6, 30, tzinfo=UTC)
    assert (row["input_tokens"], row["cache_read_tokens"]) == (900, 640)
    assert (row["output_tokens"], row["output_estimated"]) == (50, False)


def test_embeddings_have_no_output(read: Import) -> None:
    embedded = result(
        "doc-1",
        object="list",
        data=[{"object": "embedding", "index": 0, "embedding": [0.1]}],
        model="text-embedding-3-small",
        usage={"prompt_tokens": 30, "total_tokens": 30},
    )
    _, [row] = read(lines(embedded))
    assert (row["input_tokens"], row["output_tokens"], row["output_estimated"]) == (30, 0, False)


@pytest.mark.parametrize(
    ("response", "error", "status"),
    [
        ({"status_code": 400, "body": {"error": {"message": "bad"}}}, None, "error"),
        ({"status_code": 500, "body": None}, None, "error"),
        (None, {"code": "batch_expired", "message": "too late"}, "error"),
        ({"status_code": 200, "body": {"status": "failed", "model": "o3"}}, None, "error"),
        ({"status_code": 200, "body": {"status": "cancelled", "model": "o3"}}, None, "cancelled"),
    ],
)
def test_a_call_that_failed_is_kept_and_counted_apart(
    read: Import, response: Any, error: Any, status: str
) -> None:
    failed = {"id": "b", "custom_id": "trip-2", "response": response, "error": error}
    log, rows = read(lines(CHAT, failed))
    assert (log.rows, log.rows_kept, log.failed) == (2, 1, {status: 1})
    assert (log.input_tokens, log.output_tokens) == (900, 50)
    assert rows[1]["status"] == status and not log.dropped


def test_a_file_of_failures_alone_is_recognised_and_refused_in_one_line(read: Import) -> None:
    from core.errors import BadInput

    failed = {"id": "b", "custom_id": "t", "response": None, "error": {"code": "batch_expired"}}
    with pytest.raises(BadInput) as refused:
        read(lines(failed))
    assert "\n" not in str(refused.value)


def test_a_request_has_its_question_and_instructions_but_no_counts(read: Import) -> None:
    messages = [
        {"role": "system", "content": "You plan journeys."},
        {"role": "user", "content": "Which ferry goes to Corfu?"},
    ]
    tools = [{"type": "function", "function": {"name": "timetable"}}]
    asked = request("trip-1", model="gpt-5-mini", messages=messages, tools=tools)
    log, [row] = read(lines(asked))
    assert (log.source, log.grain) == ("openai_batch_input", "request_text")
    assert (row["text"], row["system_text"]) == ("Which ferry goes to Corfu?", "You plan journeys.")
    assert (row["model"], row["tools"], row["tags"]) == ("gpt-5-mini", "timetable", "batch")
    assert (row["time"], row["input_estimated"]) == (None, True)
    assert (log.input_tokens, log.output_tokens, log.logged_cost_usd) == (None, None, None)


def test_a_request_for_a_response_may_be_a_lone_text(read: Import) -> None:
    body = {"model": "o3", "input": "Which ferry?", "instructions": "You plan journeys."}
    _, [row] = read(lines(request("trip-1", "/v1/responses", **body)))
    assert (row["text"], row["system_text"]) == ("Which ferry?", "You plan journeys.")


def test_texts_to_embed_are_the_query_and_give_no_output(read: Import) -> None:
    body = {"model": "text-embedding-3-small", "input": ["Ferries to Corfu", "Trains to Bari"]}
    _, [row] = read(lines(request("doc-1", "/v1/embeddings", **body)))
    assert row["text"] == "Ferries to Corfu\nTrains to Bari"
    assert (row["output_tokens"], row["output_estimated"]) == (0, False)


def test_bodies_may_be_json_text_or_columns_with_dots(read: Import) -> None:
    response = json.dumps(CHAT["response"])
    _, [row] = read(lines({**CHAT, "response": response}))
    assert row["input_tokens"] == 900
    flat = {"custom_id": "trip-1", "error": None}
    flat |= {"response.status_code": 200, "response.body.model": "gpt-5-mini"}
    flat |= {"response.body.usage.prompt_tokens": 900, "response.body.usage.completion_tokens": 50}
    log, [row] = read(lines(flat))
    assert log.source == "openai_batch_output"
    assert (row["model"], row["input_tokens"], row["output_tokens"]) == ("gpt-5-mini", 900, 50)


def test_an_answer_without_counts_is_measured_by_its_text(read: Import) -> None:
    choices = [{"message": {"role": "assistant", "content": "The one from Bari, at nine."}}]
    body = {"object": "chat.completion", "model": "m", "choices": choices}
    _, rows = read(lines(CHAT, result("trip-2", **body, usage={"prompt_tokens": 12})))
    assert rows[1]["input_tokens"] == 12
    assert rows[1]["output_estimated"] and 4 <= rows[1]["output_tokens"] <= 10


def test_a_line_of_another_shape_is_dropped_and_counted(read: Import) -> None:
    log, rows = read(lines(CHAT, {"custom_id": "x", "response": [1, 2], "error": None}))
    assert len(rows) == 2 and log.failed == {"error": 1}
