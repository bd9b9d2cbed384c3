"""LiteLLM's spend logs and logging payloads, with values worked out by hand."""

import csv
import gzip
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

ASKED = [
    {"role": "system", "content": "You plan journeys."},
    {"role": "user", "content": "Which ferry goes to Corfu?"},
]
ANSWER = {"choices": [{"message": {"role": "assistant", "content": "The one from Bari."}}]}


def spend(**changes: Any) -> dict[str, Any]:
    row = {
        "request_id": "chatcmpl-1",
        "call_type": "acompletion",
        "api_key": "hash-of-a-key",
        "spend": 0.0021,
        "total_tokens": 950,
        "prompt_tokens": 900,
        "completion_tokens": 50,
        "startTime": "2026-10-07T06:30:00.250000Z",
        "endTime": "2026-10-07T06:30:01.750000Z",
        "request_duration_ms": 1480,
        "model": "claude-haiku-4-5",
        "model_group": "travel",
        "user": "default_user_id",
        "metadata": {
            "status": "success",
            "user_api_key_alias": "jane-doe-key",
            "user_api_key_user_email": "jane@example.org",
            "user_api_key_team_alias": "Travel",
            "additional_usage_values": {
                "cache_read_input_tokens": 600,
                "cache_creation_input_tokens": 100,
                "completion_tokens_details": {"reasoning_tokens": 20},
            },
            "routing_decision": {"router_type": "complexity", "tier": "MEDIUM"},
        },
        "cache_hit": "False",
        "request_tags": ["ferries", "prod", "User-Agent: curl", "User-Agent: curl/8.5"],
        "team_id": "team-7",
        "end_user": "u-5",
        "requester_ip_address": "203.0.113.9",
        "messages": {},
        "response": ANSWER,
        "session_id": "s-1",
        "status": "success",
        "proxy_server_request": {"model": "travel", "messages": ASKED},
    }
    return {**row, **changes}


def payload(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "chatcmpl-2",
        "trace_id": "t-1",
        "session_id": "s-1",
        "litellm_call_id": "call-2",
        "call_type": "acompletion",
        "response_cost": 0.0008,
        "status": "success",
        "prompt_tokens": 300,
        "completion_tokens": 40,
        "total_tokens": 340,
        "startTime": 1791354600.25,
        "endTime": 1791354601.5,
        "response_time": 0.4,
        "model": "gpt-4.1-mini",
        "metadata": {"usage_object": {"prompt_tokens_details": {"cached_tokens": 128}}},
        "cache_hit": None,
        "request_tags": ["ferries"],
        "end_user": "u-5",
        "messages": ASKED,
        "response": ANSWER,
        "error_str": None,
        "hidden_params": {"litellm_model_name": "gpt-4.1-mini"},
    }
    return {**row, **changes}


def as_csv(rows: list[dict[str, Any]], write: Callable[[Any], str]) -> str:
    out = io.StringIO()
    sheet = csv.DictWriter(out, list(rows[0]))
    sheet.writeheader()
    sheet.writerows({k: v if isinstance(v, str) else write(v) for k, v in r.items()} for r in rows)
    return out.getvalue()


def test_the_prompt_comes_from_the_proxied_request(read: Import) -> None:
    log, [row] = read(json.dumps([spend()]))
    assert (log.source, log.grain, log.rows) == ("litellm_spendlogs", "request_text", 1)
    assert row["text"] == "Which ferry goes to Corfu?"
    assert row["system_text"] == "You plan journeys." and row["turns"] == 2
    assert (row["request_id"], row["model"]) == ("chatcmpl-1", "claude-haiku-4-5")
    assert row["time"].isoformat() == "2026-10-07T06:30:00.250000+00:00"
    assert (row["input_tokens"], row["cache_read_tokens"], row["cache_write_tokens"]) == (
        900,
        600,
        100,
    )
    assert (row["output_tokens"], row["reasoning_tokens"]) == (50, 20)
    assert (row["cost_usd"], row["latency_ms"], row["status"]) == (0.0021, 1480.0, "ok")
    assert row["segment"] == "ferries"
    assert row["tags"] == "ferries, prod, router tier: MEDIUM"


def test_without_stored_prompts_the_calls_have_no_text(read: Import) -> None:
    bare = spend(proxy_server_request={}, response={})
    log, [row] = read(json.dumps([bare]))
    assert (log.grain, row["text"], row["input_tokens"]) == ("request_notext", None, 900)
    as_text = spend(proxy_server_request="{}", response="{}", messages="{}")
    assert read(json.dumps([as_text]))[0].grain == "request_notext"


@pytest.mark.parametrize(
    "body",
    [
        {"model": "travel", "input": "Which ferry goes to Corfu?"},
        {"model": "travel", "prompt": "Which ferry goes to Corfu?", "max_tokens": 5},
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": ASKED[1]["content"]}]}
            ]
        },
        {"contents": [{"parts": [{"text": "Which ferry goes to Corfu?"}]}]},
        json.dumps({"messages": ASKED}),
    ],
)
def test_every_api_of_the_proxy_is_understood(body: object, read: Import) -> None:
    _, [row] = read(json.dumps([spend(proxy_server_request=body)]))
    assert row["text"] == "Which ferry goes to Corfu?"


def test_instructions_of_a_responses_call_are_its_system_text(read: Import) -> None:
    body = {"input": "Which ferry?", "instructions": "You plan journeys."}
    _, [row] = read(json.dumps([spend(proxy_server_request=body)]))
    assert (row["text"], row["system_text"]) == ("Which ferry?", "You plan journeys.")


def test_older_versions_keep_the_prompt_in_messages(read: Import) -> None:
    _, [row] = read(json.dumps([spend(proxy_server_request=None, messages=ASKED)]))
    assert row["text"] == "Which ferry goes to Corfu?"


def test_blanked_out_prompts_are_no_prompts(read: Import) -> None:
    hidden = [{"role": "user", "content": "redacted-by-litellm"}]
    row = spend(proxy_server_request={"messages": hidden}, response={"text": "redacted-by-litellm"})
    log, [found] = read(json.dumps([row]))
    assert (log.grain, found["text"]) == ("request_notext", None)


def test_cut_prompts_are_marked(read: Import) -> None:
    cut = "Plan this: " + "x" * 50 + "... (litellm_truncated 900 chars)"
    body = {"messages": [{"role": "user", "content": cut}]}
    log, [row] = read(json.dumps([spend(proxy_server_request=body)]))
    assert row["tags"].endswith("text cut by LiteLLM")
    assert any("2,048 characters" in warning for warning in log.warnings)


@pytest.mark.parametrize("write", [json.dumps, repr], ids=["JSON cells", "Python's repr"])
def test_a_table_dump_says_the_same_as_json(write: Callable[[Any], str], read: Import) -> None:
    _, [expected] = read(json.dumps([spend()]))
    text = as_csv([spend(startTime="2026-10-07 06:30:00.250000+00:00")], write)
    log, [row] = read(text.replace("\r\n", "\n"))
    assert log.source == "litellm_spendlogs"
    assert row == expected


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-10-07 06:30:00.25", "2026-10-07 06:30:01.75"),
        ("2026-10-07 06:30:00.250000+00:00", "2026-10-07 06:30:01.750000+00:00"),
        ("2026-10-07 08:30:00.25+02", "2026-10-07 08:30:01.75+02"),
        (1791354600.25, 1791354601.75),
    ],
)
def test_times_come_in_many_forms(start: object, end: object, read: Import) -> None:
    row = spend(startTime=start, endTime=end)
    del row["request_duration_ms"]
    _, [found] = read(json.dumps([row]))
    assert found["time"].isoformat() == "2026-10-07T06:30:00.250000+00:00"
    assert found["latency_ms"] == pytest.approx(1500.0)


@pytest.mark.parametrize(
    ("prompt", "read_tokens", "written", "total"),
    [(900, 600, 100, 900), (200, 600, 100, 900), (800, 600, 300, 1100)],
    ids=["cached inside", "cached beside", "only the written beside"],
)
def test_cached_tokens_end_up_inside_the_input(
    prompt: int, read_tokens: int, written: int, total: int, read: Import
) -> None:
    values = {"cache_read_input_tokens": read_tokens, "cache_creation_input_tokens": written}
    row = spend(prompt_tokens=prompt, metadata={"additional_usage_values": values})
    _, [found] = read(json.dumps([row]))
    assert (found["input_tokens"], found["cache_read_tokens"]) == (total, read_tokens)
    assert found["cache_write_tokens"] == written


def test_answers_from_the_cache_cost_nothing(read: Import) -> None:
    _, rows = read(json.dumps([spend(cache_hit="True"), spend(cache_hit="None")]))
    assert [row["cost_usd"] for row in rows] == [0.0, 0.0021]
    assert "cache hit" in rows[0]["tags"] and "cache hit" not in rows[1]["tags"]


def test_failed_calls_are_kept_and_counted_apart(read: Import) -> None:
    failed = spend(
        status="failure", spend=0, prompt_tokens=0, completion_tokens=0, total_tokens=0, metadata={}
    )
    early = {**failed, "status": None, "metadata": {"status": "failure"}}
    log, rows = read(json.dumps([spend(), failed, early]))
    assert (log.rows, log.rows_kept, log.failed) == (3, 1, {"error": 2})
    assert (log.input_tokens, log.logged_cost_usd) == (900, 0.0021)
    assert [row["status"] for row in rows] == ["ok", "error", "error"]


def test_zero_tokens_of_a_call_with_text_mean_not_counted(read: Import) -> None:
    log, [row] = read(json.dumps([spend(prompt_tokens=0, completion_tokens=0, metadata=None)]))
    assert log.input_tokens is None and row["input_estimated"] and row["input_tokens"] > 0


def test_tools_and_files_are_no_model_calls(read: Import) -> None:
    others = [
        spend(call_type="call_mcp_tool", mcp_namespaced_tool_name="maps/route"),
        spend(call_type="acreate_file"),
        spend(call_type="aretrieve_batch", total_tokens=0),
    ]
    log, rows = read(json.dumps([*others, spend(), spend(call_type="aembedding")]))
    assert len(rows) == 2 and log.rows == 2
    assert log.passed_over == {
        "call_mcp_tool, not a model call": 1,
        "acreate_file, not a model call": 1,
        "aretrieve_batch, not a model call": 1,
    }


def test_a_team_is_the_segment_where_no_tag_is(read: Import) -> None:
    _, [row] = read(json.dumps([spend(request_tags=["User-Agent: curl"])]))
    assert (row["segment"], row["tags"]) == ("Travel", "router tier: MEDIUM")
    _, [row] = read(json.dumps([spend(request_tags="[]", metadata="{}")]))
    assert (row["segment"], row["tags"]) == ("team-7", None)


def test_nobody_can_be_told_from_the_rows(read: Import) -> None:
    _, rows = read(json.dumps([spend(user="jane@example.org", end_user="")]))
    stored = json.dumps(rows, default=str)
    for secret in ("jane", "203.0.113.9", "hash-of-a-key", "example.org", "s-1"):
        assert secret not in stored
    assert len(rows[0]["user"]) == 16


def test_the_pages_of_the_api_and_other_containers_work(read: Import) -> None:
    page = json.dumps({"data": [spend()], "total": 1, "page": 1}, indent=2)
    for content in (page, "\ufeff" + json.dumps(spend()) + "\r\n", gzip.compress(page.encode())):
        log, [row] = read(content)
        assert (log.source, row["input_tokens"]) == ("litellm_spendlogs", 900)


def test_the_payload_has_its_own_messages_and_epoch_seconds(read: Import) -> None:
    log, [row] = read(json.dumps(payload()) + "\n")
    assert (log.source, log.grain) == ("litellm_standard", "request_text")
    assert row["text"] == "Which ferry goes to Corfu?"
    assert row["time"].isoformat() == "2026-10-07T06:30:00.250000+00:00"
    assert (row["input_tokens"], row["cache_read_tokens"], row["output_tokens"]) == (300, 128, 40)
    assert (row["cost_usd"], row["latency_ms"], row["segment"]) == (0.0008, 1250.0, "ferries")


def test_a_payload_without_an_end_goes_by_its_response_time(read: Import) -> None:
    row = payload()
    del row["endTime"]
    _, [found] = read(json.dumps(row))
    assert found["latency_ms"] == 400.0


def test_failures_and_cache_hits_of_the_payload(read: Import) -> None:
    failed = payload(status="failure", response_cost=None, error_str="RateLimitError")
    hit = payload(cache_hit=True, saved_cache_cost=0.0008)
    log, rows = read("\n".join(json.dumps(row) for row in (failed, hit)))
    assert log.failed == {"error": 1} and rows[1]["cost_usd"] == 0.0
    assert rows[1]["status"] == "ok" and "cache hit" in rows[1]["tags"]


def test_tools_of_a_payload_are_named(read: Import) -> None:
    offered = [{"type": "function", "function": {"name": "find_ferry"}}]
    _, [row] = read(json.dumps(payload(model_parameters={"tools": offered})))
    assert row["tools"] == "find_ferry"


def test_decimal_commas_of_a_file_saved_by_a_german_spreadsheet(read: Import) -> None:
    rows = [spend(spend="0,0123", request_duration_ms="1234,5"), spend(spend="1,234")]
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(
        {k: json.dumps(v) if isinstance(v, (dict, list)) else v for k, v in row.items()}
        for row in rows
    )
    log, found = read(table.getvalue())
    assert log.source == "litellm_spendlogs"
    assert [row["cost_usd"] for row in found] == [0.0123, 1.234]
    assert found[0]["latency_ms"] == 1234.5
    assert [row["input_tokens"] for row in found] == [900, 900]
    assert found[0]["text"] == "Which ferry goes to Corfu?"


def test_what_the_proxy_answered_from_its_cache_is_counted_and_free(read: Import) -> None:
    log, rows = read(json.dumps([spend(), spend(cache_hit="True"), spend(cache_hit="true")]))
    assert (log.rows_kept, log.requests) == (3, 3)
    assert log.logged_cost_usd == pytest.approx(0.0021)
    assert [w for w in log.warnings if "answered from cache" in w] == [
        "2 call(s) were answered from cache, the gateway's own: they count as queries, and their "
        "tokens cost nothing, neither at list prices nor in a plan."
    ]
    assert not any("price was not known" in w for w in log.warnings)
    assert rows[1]["tags"].startswith("cache hit") and rows[1]["input_tokens"] == 900
