"""Portkey's log export, with values worked out by hand."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.logs.log import Log
from core.logs.sources.portkey import PORTKEY

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]


def call(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "l-1",
        "trace_id": "t-1",
        "created_at": "2026-10-09T07:45:00.000Z",
        "request": {
            "model": "gpt-4.1",
            "messages": [
                {"role": "system", "content": "Answer briefly."},
                {"role": "user", "content": "When does the museum open?"},
            ],
        },
        "response": {
            "model": "gpt-4.1-2025-04-14",
            "choices": [{"message": {"role": "assistant", "content": "At nine."}}],
            "usage": {
                "prompt_tokens": 640,
                "completion_tokens": 12,
                "prompt_tokens_details": {"cached_tokens": 256},
                "completion_tokens_details": {"reasoning_tokens": 4},
            },
        },
        "ai_org": "openai",
        "ai_model": "gpt-4.1-2025-04-14",
        "req_units": 640,
        "res_units": 12,
        "total_units": 652,
        "request_url": "https://api.example.org/v1/chat/completions",
        "cost": 0.0992,
        "cost_currency": "USD",
        "response_time": 830,
        "response_status_code": 200,
        "config": "pc-1",
        "prompt_slug": "opening-hours",
        "metadata": {"_user": "u-8", "_environment": "staging", "session_id": "s-4"},
    }
    return {**row, **changes}


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_the_cost_is_in_cents(read: Import) -> None:
    log, [row] = read(lines(call()))
    assert (log.source, log.grain) == ("portkey", "request_text")
    assert row["cost_usd"] == pytest.approx(0.000992)
    assert log.logged_cost_usd == pytest.approx(0.000992)


def test_a_call_has_its_parts(read: Import) -> None:
    _, [row] = read(lines(call()))
    assert (row["text"], row["system_text"]) == ("When does the museum open?", "Answer briefly.")
    assert (row["request_id"], row["model"]) == ("l-1", "gpt-4.1-2025-04-14")
    assert row["time"].isoformat() == "2026-10-09T07:45:00+00:00"
    assert (row["input_tokens"], row["cache_read_tokens"]) == (640, 256)
    assert (row["output_tokens"], row["reasoning_tokens"]) == (12, 4)
    assert (row["latency_ms"], row["status"]) == (830.0, "ok")
    assert (row["segment"], row["tags"]) == ("opening-hours", "staging")
    assert len(row["user"]) == 16 and len(row["session"]) == 16


def test_the_names_of_the_documentation_are_understood(read: Import) -> None:
    names = {
        "ai_org": "ai_provider",
        "req_units": "request_tokens",
        "res_units": "response_tokens",
        "total_units": "total_tokens",
        "response_status_code": "status_code",
    }
    renamed = {names.get(key, key): value for key, value in call(response=None).items()}
    log, [row] = (
        read(lines(renamed, {**renamed, "status_code": 429}))[0],
        [read(lines(renamed))[1][0]],
    )
    assert log.source == "portkey" and log.failed == {"error": 1}
    assert (row["input_tokens"], row["output_tokens"]) == (640, 12)


def test_status_codes_from_400_are_errors(read: Import) -> None:
    rows = [call(response_status_code=code) for code in (200, 246, "404", 446, 499, 503)]
    log, found = read(lines(*rows, call(response_status_code=None)))
    assert [row["status"] for row in found] == [
        "ok",
        "ok",
        "error",
        "error",
        "cancelled",
        "error",
        "ok",
    ]
    assert (log.rows_kept, log.failed) == (3, {"error": 3, "cancelled": 1})


@pytest.mark.parametrize("sign", [{"cache_status": "HIT"}, {"cache_status": "SEMANTIC HIT"}])
def test_answers_from_the_cache_cost_nothing(sign: dict[str, str], read: Import) -> None:
    _, [row] = read(lines(call(**sign)))
    assert row["cost_usd"] == 0.0 and row["tags"] == "cache hit, staging"
    assert read(lines(call(cache_status="MISS")))[1][0]["cost_usd"] == pytest.approx(0.000992)


def test_anthropics_cached_tokens_beside_the_input_are_added(read: Import) -> None:
    usage = {"cache_read_input_tokens": 500, "cache_creation_input_tokens": 60}
    response = {"content": [{"type": "text", "text": "At nine."}], "usage": usage}
    row = call(response=response, req_units=40, res_units=10, total_units=610)
    _, [found] = read(lines(row))
    assert (found["input_tokens"], found["cache_read_tokens"]) == (600, 500)
    assert found["cache_write_tokens"] == 60


def test_other_currencies_are_not_taken_for_dollars(read: Import) -> None:
    log, [row] = read(lines(call(cost_currency="EUR")))
    assert row["cost_usd"] is None
    assert any("EUR" in warning for warning in log.warnings)


def test_without_bodies_the_calls_have_no_text(read: Import) -> None:
    row = call(metadata=None, prompt_slug=None)
    del row["request"], row["response"]
    log, [found] = read(lines(row))
    assert (log.grain, found["text"], found["input_tokens"]) == ("request_notext", None, 640)
    assert (found["segment"], found["tags"], found["user"]) == (None, None, None)


def test_bodies_as_json_text_and_in_wrappers_are_understood(read: Import) -> None:
    body = call()["request"]
    for request in (json.dumps(body), {"body": body, "method": "POST"}):
        assert read(lines(call(request=request)))[1][0]["text"] == "When does the museum open?"


def test_empty_counts_are_unknown_not_zero(read: Import) -> None:
    row = call(req_units=None, res_units=None, total_units=None, response={})
    log, [found] = read(lines(row))
    assert log.input_tokens is None and found["input_estimated"]


def test_an_export_ends_at_fifty_thousand_rows() -> None:
    assert PORTKEY.row_cap == 50_000
