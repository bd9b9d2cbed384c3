"""Helicone's exports, with the values of small logs worked out by hand."""

import csv
import gzip
import io
import json
from collections.abc import Sequence
from typing import Any

import pytest

CHAT = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "How do I export an invoice?"},
]
NOT_FETCHED = {"helicone_message": "fetching body from signed_url... contact somebody"}
COMMAND_COLUMNS = (
    "response_id", "response_created_at", "response_status", "request_created_at", "request_body",
    "request_properties", "request_user_id", "model", "prompt_tokens", "completion_tokens",
    "latency", "cost",
)  # fmt: skip


def answer(**usage: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": "Open Billing, then Export."}
    return {"model": "gpt-4o-mini-2024-07-18", "choices": [{"message": message}], "usage": usage}


def request(**changes: Any) -> dict[str, Any]:
    row = {
        "response_id": "re-1",
        "response_created_at": "2026-09-30T12:00:01.800Z",
        "response_body": answer(prompt_tokens=90, completion_tokens=30, total_tokens=120),
        "response_status": 200,
        "response_model": "gpt-4o-mini-2024-07-18",
        "request_id": "rq-1",
        "request_created_at": "2026-09-30T12:00:00.000Z",
        "request_body": {"model": "gpt-4o-mini", "messages": CHAT},
        "request_path": "https://api.openai.com/v1/chat/completions",
        "request_user_id": "u-4",
        "request_properties": {"Feature": "billing", "Environment": "prod"},
        "request_model": "gpt-4o-mini",
        "model_override": None,
        "helicone_user": "account-7",
        "provider": "OPENAI",
        "delay_ms": 1750,
        "total_tokens": 120,
        "prompt_tokens": 90,
        "prompt_cache_write_tokens": 0,
        "prompt_cache_read_tokens": 0,
        "completion_tokens": 30,
        "cost": 0.0000315,
        "feedback_rating": None,
        "scores": None,
        "properties": {"Feature": "billing"},
        "model": "gpt-4o-mini-2024-07-18",
        "cache_reference_id": "00000000-0000-0000-0000-000000000000",
        "cache_enabled": False,
    }
    return {**row, **changes}


def screen(**changes: Any) -> dict[str, Any]:
    """A row of the dashboard's export; `changes` are of its metadata."""
    told = {
        "requestId": "rq-1",
        "cacheReferenceId": None,
        "createdAt": "2026-09-30T12:00:00.000Z",
        "totalTokens": 120,
        "promptTokens": 90,
        "completionTokens": 30,
        "promptCacheWriteTokens": 0,
        "promptCacheReadTokens": 0,
        "latency": 1750,
        "user": "u-4",
        "status": {"code": 200, "statusType": "success"},
        "customProperties": {"Feature": "billing"},
        "cost": 0.0000315,
        "feedback": {"createdAt": None, "id": None, "rating": True},
        "provider": "OPENAI",
    }
    drawn = [{"_type": "message", **message} for message in CHAT]
    return {
        "_type": "openai-chat",
        "id": "rq-1",
        "schema": {"request": {"model": "gpt-4o-mini", "messages": drawn}},
        "preview": {"request": "How do I export an invoice?", "response": "Open Billing"},
        "model": "gpt-4o-mini-2024-07-18",
        "raw": {"request": {"model": "gpt-4o-mini", "messages": CHAT}, "response": answer()},
        "heliconeMetadata": {**told, **changes},
    }


def lines(rows: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The rows as CSV, objects as JSON in the cell."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(rows[0])
    for row in rows:
        cells = [json.dumps(v) if isinstance(v, (dict, list, bool)) else v for v in row.values()]
        writer.writerow(["" if cell is None else cell for cell in cells])
    return file.getvalue()


def command_table(rows: Sequence[dict[str, Any]], *, escapes: int = 2) -> str:
    """The rows as the export tool writes CSV, which doubles the quotes of objects twice."""

    def cell(value: Any) -> str:
        if value is None:
            return ""
        text = value
        if isinstance(value, dict):
            text = json.dumps(value)
            text = text.replace('"', '""') if escapes == 2 else text
        return '"' + str(text).replace('"', '""') + '"'

    body = [",".join(cell(row.get(name)) for name in COMMAND_COLUMNS) for row in rows]
    return "\n".join([",".join(COMMAND_COLUMNS), *body]) + "\n"


def check_first_row(row: dict[str, Any]) -> None:
    assert row["text"] == "How do I export an invoice?"
    assert (row["system_text"], row["turns"]) == ("Be brief.", 2)
    assert row["model"] == "gpt-4o-mini-2024-07-18"
    assert row["time"].isoformat() == "2026-09-30T12:00:00+00:00"
    assert (row["input_tokens"], row["cache_read_tokens"], row["output_tokens"]) == (90, 0, 30)
    assert row["cost_usd"] == pytest.approx(0.0000315)
    assert (row["segment"], row["status"], row["request_id"]) == ("billing", "ok", "rq-1")


@pytest.mark.parametrize(
    "content",
    [
        lines([request()]),
        lines([request()]).replace("\n", "\r\n"),
        json.dumps([request()]),
        json.dumps([request()], indent=2),
        json.dumps({"data": [request()], "error": None}),
        gzip.compress(lines([request()]).encode()),
        lines([dict(reversed(request(extra=1).items()))]),
        table([request()]),
        lines([request(request_body=json.dumps(request()["request_body"]))]),
    ],
)
def test_a_request_reads_the_same_from_every_container(read: Any, content: Any) -> None:
    log, rows = read(content)
    assert (log.source, log.grain, log.rows) == ("helicone_api", "request_text", 1)
    check_first_row(rows[0])
    assert rows[0]["latency_ms"] == 1750
    assert rows[0]["tags"] == "Feature: billing, Environment: prod"
    assert rows[0]["user"] is not None


def test_without_bodies_there_is_no_text(read: Any) -> None:
    bare = {k: v for k, v in request().items() if k not in ("request_body", "response_body")}
    log, rows = read(lines([bare]))
    assert (log.source, log.grain) == ("helicone_api", "request_notext")
    assert rows[0]["input_tokens"] == 90
    message = request(request_body=NOT_FETCHED, response_body=NOT_FETCHED)
    for content in (lines([message]), table([message])):
        log, rows = read(content)
        assert (log.grain, rows[0]["text"]) == ("request_notext", None)


def test_older_rows_name_the_cost_otherwise_and_leave_the_delay_to_the_times(read: Any) -> None:
    old = request(delay_ms=None, costUSD=0.0002, cost=None, properties=None, scores=None)
    _, rows = read(lines([old]))
    assert rows[0]["latency_ms"] == pytest.approx(1800)
    assert rows[0]["cost_usd"] == pytest.approx(0.0002)


@pytest.mark.parametrize("escapes", [1, 2])
def test_the_csv_of_the_export_tool_is_read_in_spite_of_its_doubled_quotes(
    read: Any, escapes: int
) -> None:
    tricky = {"model": "m", "messages": [{"role": "user", "content": 'Say "" or\n"yes", \\ ok'}]}
    rows_in = [request(), request(response_id="re-2", request_body=tricky, model=None)]
    log, rows = read(command_table(rows_in, escapes=escapes))
    assert (log.source, log.rows, log.grain) == ("helicone_cli", 2, "request_text")
    check_first_row({**rows[0], "request_id": "rq-1"})
    assert rows[0]["request_id"] == "re-1"
    assert rows[0]["latency_ms"] == pytest.approx(1800)
    assert rows[1]["text"] == 'Say "" or\n"yes", \\ ok'
    assert rows[1]["model"] == "m"  # of the request


@pytest.mark.parametrize("content", [table([screen()]), lines([screen()]), json.dumps([screen()])])
def test_the_dashboard_keeps_its_numbers_in_the_metadata(read: Any, content: str) -> None:
    log, rows = read(content)
    assert (log.source, log.grain, log.rows) == ("helicone_ui", "request_text", 1)
    check_first_row(rows[0])
    assert (rows[0]["latency_ms"], rows[0]["feedback"]) == (1750, 1)


def test_the_dashboard_s_own_drawing_of_a_chat_will_do(read: Any) -> None:
    row = screen()
    parts = [{"_type": "message", "content": "What is"}, {"_type": "message", "content": "this?"}]
    drawn = [{"_type": "contentArray", "role": "user", "content": "", "contentArray": parts}]
    without = {**row, "raw": {}, "schema": {"request": {"messages": drawn}}}
    _, rows = read(lines([without]))
    assert rows[0]["text"] == "What is\nthis?"
    _, rows = read(lines([{**without, "schema": {}}]))
    assert rows[0]["text"] == "How do I export an invoice?"


def test_a_full_page_of_the_dashboard_may_be_cut(read: Any) -> None:
    log, _ = read(lines([screen(requestId=f"rq-{n}") for n in range(500)]))
    assert any("500 rows" in warning for warning in log.warnings)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # Anthropic counts beside: 15 + 60 + 40
        ({"provider": "ANTHROPIC", "prompt_tokens": 15, "prompt_cache_read_tokens": 60,
          "prompt_cache_write_tokens": 40}, (115, 60, 40)),
        ({"provider": "ANTHROPIC", "prompt_tokens": 90, "prompt_cache_read_tokens": 60},
         (150, 60, 0)),
        ({"provider": "AWS", "model": "anthropic.claude-sonnet-4", "prompt_tokens": 90,
          "prompt_cache_read_tokens": 60}, (150, 60, 0)),
        # OpenAI inside
        ({"prompt_cache_read_tokens": 64}, (90, 64, 0)),
        # more was read than went in: beside
        ({"prompt_cache_read_tokens": 400}, (490, 400, 0)),
        # the total is the sum of all three: 90 + 64 + 30
        ({"prompt_cache_read_tokens": 64, "total_tokens": 184}, (154, 64, 0)),
    ],
)  # fmt: skip
def test_cached_tokens_are_inside_or_beside_as_the_provider_counts(
    read: Any, changes: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    _, rows = read(lines([request(response_body=None, **changes)]))
    row = rows[0]
    found = (row["input_tokens"], row["cache_read_tokens"], row["cache_write_tokens"])
    assert found == expected


def test_the_answer_s_own_usage_settles_where_cached_tokens_are(read: Any) -> None:
    body = answer(prompt_tokens=154, completion_tokens=30,
                  prompt_tokens_details={"cached_tokens": 64})  # fmt: skip
    _, rows = read(lines([request(prompt_cache_read_tokens=64, response_body=body)]))
    assert (rows[0]["input_tokens"], rows[0]["cache_read_tokens"]) == (154, 64)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"reasoning_tokens": 50, "total_tokens": 170}, (80, 50)),  # 90 + 30 + 50 = 170
        ({"reasoning_tokens": 20, "total_tokens": 120}, (30, 20)),  # 90 + 30
        ({"reasoning_tokens": 50, "total_tokens": None}, (80, 50)),
    ],
)
def test_reasoning_tokens_are_a_part_of_the_output(
    read: Any, changes: dict[str, Any], expected: tuple[int, int]
) -> None:
    _, rows = read(lines([request(response_body=None, **changes)]))
    assert (rows[0]["output_tokens"], rows[0]["reasoning_tokens"]) == expected


def test_tokens_that_were_not_logged_come_from_the_answer_or_stay_unknown(read: Any) -> None:
    gone = {"prompt_tokens": None, "completion_tokens": None, "total_tokens": None}
    _, rows = read(lines([request(**gone)]))
    assert (rows[0]["input_tokens"], rows[0]["output_tokens"]) == (90, 30)
    zero = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    log, rows = read(lines([request(**zero, response_body=None)]))
    assert (log.input_tokens, log.output_tokens) == (None, None)
    assert rows[0]["input_estimated"] is True


def test_answers_from_the_cache_cost_nothing(read: Any) -> None:
    hit = request(cache_reference_id="rq-0", cost=0.5)
    for content in (lines([hit]), lines([screen(cacheReferenceId="rq-0", cost=0.5)])):
        _, rows = read(content)
        assert rows[0]["cost_usd"] == 0
        assert rows[0]["tags"].startswith("cache hit")
    status = {"code": 200, "statusType": "cached"}
    _, rows = read(lines([screen(status=status, cost=0.5)]))
    assert rows[0]["cost_usd"] == 0
    _, rows = read(lines([request()]))  # a reference to nothing
    assert "cache hit" not in rows[0]["tags"]


@pytest.mark.parametrize(
    ("code", "status"),
    [(200, "ok"), (None, "ok"), (429, "error"), (500, "error"), (-1, "error"), (-4, "error"),
     (499, "cancelled"), (-3, "cancelled")],
)  # fmt: skip
def test_failed_and_cancelled_requests_are_kept_apart(
    read: Any, code: int | None, status: str
) -> None:
    log, rows = read(lines([request(), request(request_id="rq-2", response_status=code)]))
    assert rows[1]["status"] == status
    assert log.rows_kept == (2 if status == "ok" else 1)


def test_an_error_in_the_answer_or_in_words_is_an_error(read: Any) -> None:
    failed = request(response_body={"error": {"message": "overloaded"}})
    words = screen(status={"statusType": "error"})
    for row in (failed, words):
        with_ok = request(request_id="rq-2") if row is failed else screen(requestId="rq-2")
        log, rows = read(lines([row, with_ok]))
        assert (rows[0]["status"], log.failed) == ("error", {"error": 1})


def test_pending_requests_and_logged_tools_are_no_calls(read: Any) -> None:
    pending = request(response_status=0, response_body=None, completion_tokens=0)
    tool = request(request_body={"_type": "tool", "toolName": "search", "input": {"q": "x"}})
    log, rows = read(lines([request(), pending, tool]))
    assert len(rows) == log.rows == 1
    assert log.passed_over == {
        "request without an answer yet": 1,
        "tool event, not a model call": 1,
    }


@pytest.mark.parametrize(
    ("changes", "feedback"),
    [
        ({"feedback_rating": True}, 1),
        ({"feedback_rating": False}, 0),
        ({"feedback_rating": "true"}, 1),
        ({"scores": {"solved-hcone-bool": 1, "accuracy": 92}}, 1),
        ({"scores": {"solved": {"value": 0, "valueType": "boolean"}}}, 0),
        ({"scores": {"accuracy": 92}}, None),
    ],
)
def test_the_thumb_or_scores_that_are_true_or_false_are_the_feedback(
    read: Any, changes: dict[str, Any], feedback: float | None
) -> None:
    _, rows = read(lines([request(**changes)]))
    assert rows[0]["feedback"] == feedback


def test_the_first_property_is_the_segment_unless_it_points_at_a_person(read: Any) -> None:
    properties = {"userEmail": "ann@example.com", "Helicone-Session-Id": "s-1", "Plan": "pro",
                  "Order-Id": "77"}  # fmt: skip
    _, rows = read(lines([request(request_properties=properties, properties={})]))
    assert (rows[0]["segment"], rows[0]["tags"]) == ("pro", "Plan: pro")
    assert rows[0]["session"] is not None
    assert "ann@example.com" not in json.dumps(rows[0], default=str)


def test_inputs_of_embeddings_and_completions_are_text_too(read: Any) -> None:
    bodies = [
        {"model": "text-embedding-3-small", "input": "refund policy"},
        {"model": "gpt-3.5-turbo-instruct", "prompt": "refund policy"},
        {"contents": [{"role": "user", "parts": [{"text": "refund policy"}]}]},
    ]
    _, rows = read(lines([request(request_body=body, response_body=None) for body in bodies]))
    assert [row["text"] for row in rows] == ["refund policy"] * 3


def test_ten_thousand_rows_add_up(read: Any) -> None:
    log, _ = read(lines([request(request_id=f"rq-{n}") for n in range(10_000)]))
    assert (log.rows_kept, log.input_tokens, log.output_tokens) == (10_000, 900_000, 300_000)
    assert log.logged_cost_usd == pytest.approx(0.315)
