"""OpenRouter's activity export and its summaries, with values worked out by hand."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

EXPORT = """\
generation_id,created_at,cost_total,cost_web_search,cost_cache,cost_file_processing,\
byok_usage_inference,tokens_prompt,tokens_completion,tokens_reasoning,tokens_cached,\
model_permaslug,provider_name,variant,cancelled,streamed,user,finish_reason_raw,\
finish_reason_normalized,generation_time_ms,time_to_first_token_ms,api_key_disabled,\
api_key_name,app_name
gen-1,2026-10-08 10:05:00.125,0.00052,0,-0.0001,0,\
0,800,90,30,512,\
openai/gpt-4.1-mini,OpenAI,standard,false,true,u-3,stop,\
stop,2100,300,false,\
jane-key,Travel desk
"""
[CALL] = csv.DictReader(io.StringIO(EXPORT))
COLUMNS = list(CALL)


def export(*changes: dict[str, str], columns: list[str] = COLUMNS) -> str:
    rows = [{**CALL, **change} for change in changes]
    lines = [",".join(row[column] for column in columns) for row in rows]
    return "\n".join([",".join(columns), *lines]) + "\n"


def test_a_generation_is_a_call_without_text(read: Import) -> None:
    log, [row] = read(export({}))
    assert (log.source, log.grain) == ("openrouter", "request_notext")
    assert (row["request_id"], row["model"]) == ("gen-1", "openai/gpt-4.1-mini")
    assert row["time"].isoformat() == "2026-10-08T10:05:00.125000+00:00"
    assert (row["input_tokens"], row["cache_read_tokens"]) == (800, 512)
    assert (row["output_tokens"], row["reasoning_tokens"]) == (90, 30)
    assert (row["cost_usd"], row["latency_ms"], row["status"]) == (0.00052, 2100.0, "ok")
    assert (row["segment"], row["tags"]) == ("Travel desk", "provider: OpenAI")


def test_cancelled_and_failed_generations_are_counted_apart(read: Import) -> None:
    log, rows = read(
        export(
            {},
            {"cancelled": "true"},
            {"cancelled": "True", "finish_reason_normalized": "error"},
            {"finish_reason_normalized": "error"},
        )
    )
    assert [row["status"] for row in rows] == ["ok", "cancelled", "cancelled", "error"]
    assert (log.rows_kept, log.failed) == (1, {"cancelled": 2, "error": 1})


def test_free_variants_cost_nothing_and_are_tagged(read: Import) -> None:
    _, rows = read(export({"variant": "free", "cost_total": ""}, {"variant": "nitro"}))
    assert [row["cost_usd"] for row in rows] == [0.0, 0.00052]
    assert rows[0]["tags"] == "provider: OpenAI, variant: free"
    assert rows[1]["tags"] == "provider: OpenAI, variant: nitro"


def test_calls_with_a_key_of_ones_own_cost_the_fee_and_the_inference(read: Import) -> None:
    _, rows = read(export({"cost_total": "0.0005", "byok_usage_inference": "0.01"}, {}))
    assert rows[0]["cost_usd"] == pytest.approx(0.0105)
    assert rows[1]["cost_usd"] == 0.00052


def test_columns_may_be_missing_shuffled_and_more(read: Import) -> None:
    few = ["model_permaslug", "tokens_completion", "generation_id", "tokens_prompt", "created_at"]
    log, [row] = read(export({}, columns=few))
    assert (log.source, row["status"], row["cost_usd"]) == ("openrouter", "ok", None)
    assert (row["input_tokens"], row["output_tokens"], row["tags"]) == (800, 90, None)
    with_status = export({}).replace("app_name", "status").replace("Travel desk", "failed")
    assert read(with_status)[1][0]["status"] == "ok"  # not a column of this export


def test_json_of_the_same_rows_reads_the_same(read: Import) -> None:
    values = {**CALL, "cancelled": False, "tokens_prompt": 800, "cost_total": 0.00052}
    _, rows = read(json.dumps([values, {**values, "cancelled": True}]))
    assert [row["status"] for row in rows] == ["ok", "cancelled"]
    assert rows[0]["cost_usd"] == 0.00052


def test_nobody_can_be_told_from_the_rows(read: Import) -> None:
    _, rows = read(export({}))
    assert "jane" not in json.dumps(rows, default=str) and len(rows[0]["user"]) == 16


def test_the_activity_api_sums_up_days(read: Import) -> None:
    day = {
        "date": "2026-10-08",
        "model": "openai/gpt-4.1",
        "model_permaslug": "openai/gpt-4.1-2025-04-14",
        "endpoint_id": "e-1",
        "provider_name": "OpenAI",
        "usage": 0.04,
        "byok_usage_inference": 0.01,
        "requests": 12,
        "prompt_tokens": 3000,
        "completion_tokens": 400,
        "reasoning_tokens": 25,
    }
    log, [row] = read(json.dumps({"data": [day]}))
    assert (log.source, log.grain, log.requests) == ("openrouter_usage", "aggregate", 12)
    assert row["model"] == "openai/gpt-4.1-2025-04-14"
    assert row["cost_usd"] == pytest.approx(0.05)
    assert (row["input_tokens"], row["output_tokens"]) == (3000, 400)
    assert row["time"].isoformat() == "2026-10-08T00:00:00+00:00"


def test_a_table_of_models_and_their_spend(read: Import) -> None:
    log, rows = read("Model Name,Total Spend\nopenai/gpt-4.1,$12.50\nx/y,0.25\nTotal,$12.75\n")
    assert (log.source, log.grain, log.rows) == ("openrouter_usage", "aggregate", 2)
    assert log.logged_cost_usd == pytest.approx(12.75)
    assert log.passed_over == {"a sum over the other rows": 1}
    assert rows[0]["requests"] == 0  # not stated
    assert rows[0]["input_tokens"] is None


def test_a_table_of_days_models_and_cost(read: Import) -> None:
    log, [row] = read("date,model,cost,requests,tokens\n2026-10-08,openai/gpt-4.1,1.5,40,9000\n")
    assert (log.source, log.requests, log.logged_cost_usd) == ("openrouter_usage", 40, 1.5)
    assert row["time"].isoformat() == "2026-10-08T00:00:00+00:00"


@pytest.mark.parametrize(
    "content",
    [
        "date,model,cost,prompt\n2026-10-08,openai/gpt-4.1,0.1,Which ferry goes to Corfu?\n",
        "date,model,cost,prompt_tokens\n2026-10-08T10:05:11Z,openai/gpt-4.1,0.1,200\n",
        "date,model,cost,prompt_tokens\n2026-10-08,gpt-4.1,0.1,200\n",
    ],
    ids=["with texts", "with a time of day", "without a vendor"],
)
def test_a_plain_log_of_calls_is_no_summary(content: str, read: Import) -> None:
    assert read(content)[0].source == "generic"


def test_decimal_commas_of_a_file_saved_by_a_german_spreadsheet(read: Import) -> None:
    commas = {"cost_total": "0,5", "byok_usage_inference": "0,25", "generation_time_ms": "2100,5"}
    values = {**CALL, **commas}.values()
    _, [row] = read(";".join(COLUMNS) + "\n" + ";".join(values) + "\n")
    assert (row["cost_usd"], row["latency_ms"], row["input_tokens"]) == (0.75, 2100.5, 800)
