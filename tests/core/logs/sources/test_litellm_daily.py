"""LiteLLM's summed-up tables, with values worked out by hand."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

DAILY = """\
id,user_id,date,api_key,model,model_group,custom_llm_provider,mcp_namespaced_tool_name,endpoint,\
prompt_tokens,completion_tokens,cache_read_input_tokens,cache_creation_input_tokens,spend,\
api_requests,successful_requests,failed_requests,total_response_time_ms,timed_requests
1,ann@example.org,2026-10-01,hash,gpt-4.1-mini,faq,openai,,/chat,9000,700,4000,0,0.5,30,28,2,42000,28
2,bob,2026-10-02,hash,claude-haiku-4-5,faq,anthropic,,/chat,200,100,500,100,0.25,10,10,0,0,0
3,bob,2026-10-02,hash,,,,maps/route,/mcp,0,0,0,0,0,4,4,0,0,0
4,bob,2026-10-03,hash,gpt-4.1-mini,faq,openai,,/chat,0,0,0,0,0,3,0,3,0,0
5,bob,2026-10-04,hash,gpt-4.1-mini,faq,openai,,/chat,0,0,0,0,0,0,0,0,0,0
"""
TEAM = """\
Start Date,End Date,Team,Team ID,User,User ID,User Email,Spend (USD),Requests,Successful,Failed,\
Prompt Tokens,Completion Tokens,Total Tokens
2026-10-01,2026-10-31,Travel,t-1,Ann,u-1,ann@example.org,"$1,204.50","12,400","12,000",400,\
"8,000,000","900,000","8,900,000"
2026-10-01,2026-10-31,Hotels,t-2,Bob,u-2,bob@example.org,12.25,50,50,0,6000,800,6800
"""


def test_a_day_sums_up_the_calls_that_went_well(read: Import) -> None:
    log, rows = read(DAILY)
    assert (log.source, log.grain) == ("litellm_daily", "aggregate")
    assert (log.rows_kept, log.failed) == (2, {"error": 1})
    assert log.passed_over == {"tool calls, not model calls": 1, "an empty bucket": 1}
    assert (log.requests, log.logged_cost_usd) == (28 + 10, 0.75)
    assert log.models == {"gpt-4.1-mini": 28, "claude-haiku-4-5": 10}
    assert log.input_tokens == 9000 + (200 + 500 + 100)  # the second row counts cached beside
    assert (log.cache_read_tokens, log.cache_write_tokens) == (4500, 100)
    assert rows[0]["latency_ms"] == 1500.0 and rows[1]["latency_ms"] is None
    assert rows[0]["time"].isoformat() == "2026-10-01T00:00:00+00:00"


def test_a_day_keeps_no_names(read: Import) -> None:
    _, rows = read(DAILY)
    assert "example" not in json.dumps(rows, default=str) and len(rows[0]["user"]) == 16


def test_the_team_table_goes_by_team_and_the_tag_table_by_tag(read: Import) -> None:
    by_team = DAILY.replace("user_id", "team_id").replace("ann@example.org", "Travel")
    log, rows = read(by_team)
    assert (log.source, rows[0]["segment"]) == ("litellm_daily", "Travel")
    by_tag = DAILY.replace("user_id", "tag").replace("ann@example.org", "ferries")
    log, rows = read(by_tag)
    assert (log.source, rows[0]["segment"]) == ("litellm_daily_tags", "ferries")
    assert any("several tags" in warning for warning in log.warnings)


def test_older_tables_without_failures_count_every_request(read: Import) -> None:
    row = {"date": "2026-10-01", "model": "m", "spend": 1, "prompt_tokens": 5, "api_requests": 3}
    log, _ = read(json.dumps([{**row, "successful_requests": None}]))
    assert log.requests == 3


def test_the_screens_csv_by_team(read: Import) -> None:
    log, rows = read(TEAM)
    assert (log.source, log.grain, log.rows) == ("litellm_team", "aggregate", 2)
    assert log.requests == 12_050
    assert log.logged_cost_usd == pytest.approx(1216.75)
    assert (log.input_tokens, log.output_tokens) == (8_006_000, 900_800)
    assert [row["segment"] for row in rows] == ["Travel", "Hotels"]
    assert "example.org" not in json.dumps(rows, default=str)
    assert any("no models" in warning for warning in log.warnings)
