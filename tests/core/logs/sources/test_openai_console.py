"""OpenAI's usage and cost pages as CSV: sums per bucket, not calls."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.errors import BadInput
from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

TIMES = "start_time,end_time,start_time_iso,end_time_iso"
DAY = "1791331200,1791417600,2026-10-07T00:00:00+00:00,2026-10-08T00:00:00+00:00"
USAGE = (
    f"{TIMES},project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,"
    "input_tokens,output_tokens,input_cached_tokens,input_cache_write_tokens,input_uncached_tokens"
)
COST = f"{TIMES},amount_value,amount_currency,quantity,quantity_unit,line_item,project_name"


def usage(*rows: str) -> str:
    return "\n".join([USAGE, *(f"{DAY},{row}" for row in rows)])


def cost(*rows: str) -> str:
    return "\n".join([COST, *(f"{DAY},{row}" for row in rows)])


def test_a_bucket_sums_up_many_requests(read: Import) -> None:
    row = "proj_7,25.0,user-1,key-1,gpt-5-mini,False,default,90000.0,5000.0,64000.0,1000.0,26000.0"
    log, [found] = read(usage(row, ",,,,,,,,,,,"))
    assert (log.source, log.grain) == ("openai_usage", "aggregate")
    assert (log.rows, log.requests, log.models) == (1, 25, {"gpt-5-mini": 25})
    assert log.passed_over == {"an empty bucket of time": 1}
    assert (log.input_tokens, log.output_tokens) == (90_000, 5_000)
    assert (log.cache_read_tokens, log.cache_write_tokens) == (64_000, 1_000)
    assert found["time"] == datetime(2026, 10, 7, tzinfo=UTC)
    assert (found["segment"], found["tags"], found["user"]) == ("proj_7", None, None)
    assert log.logged_cost_usd is None


def test_batch_and_tier_are_tags(read: Import) -> None:
    _, rows = read(
        usage(
            "p,1.0,,,gpt-5-mini,True,default,10.0,1.0,0.0,0.0,10.0",
            "p,1.0,,,gpt-5-mini,False,flex,10.0,1.0,0.0,0.0,10.0",
        )
    )
    assert [row["tags"] for row in rows] == ["batch", "flex"]


def test_older_files_lack_columns_and_nothing_is_made_up(read: Import) -> None:
    header = f"{TIMES},num_model_requests,model,input_uncached_tokens,input_cached_tokens"
    log, [row] = read(f"{header},output_tokens\n{DAY},3.0,gpt-4o,700.0,200.0,\n")
    assert (log.source, log.requests, row["input_tokens"]) == ("openai_usage", 3, 900)
    assert (row["output_tokens"], log.output_tokens) == (None, None)


def test_buckets_may_be_json_and_without_a_request_count(read: Import) -> None:
    bucket = {
        "start_time": 1_791_331_200,
        "num_model_requests": None,
        "model": "gpt-5-mini",
        "input_tokens": 150_000_000,
        "output_tokens": 7,
        "batch": True,
    }
    log, [row] = read(json.dumps([bucket]))
    assert (log.source, row["requests"], row["tags"]) == ("openai_usage", 0, "batch")
    assert row["time"] == datetime(2026, 10, 7, tzinfo=UTC)
    assert log.input_tokens == 150_000_000  # of how many requests, nobody knows


def test_a_period_without_traffic_is_refused_in_one_clear_line(read: Import) -> None:
    with pytest.raises(
        BadInput, match=r"log.csv: No row is a call .* 2 an empty bucket"
    ) as refused:
        read(f"{TIMES}\n{DAY}\n{DAY}\n")
    assert "\n" not in str(refused.value)


def test_cost_lines_add_up_by_kind_of_token(read: Import) -> None:
    log, rows = read(
        cost(
            '0.0065,usd,26000,tokens,"gpt-5-mini-2025-08-07, input",Travel',
            '0.0016,usd,64000,tokens,"gpt-5-mini-2025-08-07, cached input",Travel',
            '0.01,usd,5000,tokens,"gpt-5-mini-2025-08-07, output",Travel',
            '0.03,usd,3,requests,"web search, tool calls",Travel',
            ",,,,,",
        )
    )
    assert (log.source, log.grain, log.rows, log.requests) == ("openai_cost", "aggregate", 4, 0)
    assert log.logged_cost_usd == pytest.approx(0.0481)
    assert (log.input_tokens, log.cache_read_tokens) == (90_000, 64_000)
    assert log.output_tokens == 5_000
    assert [row["model"] for row in rows] == ["gpt-5-mini-2025-08-07"] * 3 + ["web search"]
    assert [row["tags"] for row in rows[:2]] == ["input", "cached input"]
    assert rows[0]["segment"] == "Travel"
    assert log.passed_over == {"an empty bucket of time": 1}


def test_the_service_of_a_cost_line_is_a_tag_of_its_own(read: Import) -> None:
    _, [row] = read(cost('0.1,usd,10,tokens,"gpt-5-mini, batch input",'))
    assert row["tags"] == "batch input, batch"


@pytest.mark.parametrize(
    ("kind", "counts"),
    [
        ("cache write input", (70, 0, 70, None)),
        ("audio output", (None, 0, 0, 70)),
        ("training", (None, 0, 0, None)),
        ("storage", (None, 0, 0, None)),
    ],
)
def test_only_tokens_of_calls_are_counted(read: Import, kind: str, counts: Any) -> None:
    _, [row] = read(cost(f'0.1,usd,70,tokens,"gpt-5-mini, {kind}",'))
    parts = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")
    assert tuple(row[part] for part in parts) == counts


def test_a_cost_in_another_currency_is_unknown_and_said(read: Import) -> None:
    log, rows = read(
        cost('9.99,eur,10,tokens,"gpt-5-mini, input",', '0.5,USD,10,tokens,"gpt-5-mini, input",')
    )
    assert [row["cost_usd"] for row in rows] == [None, 0.5]
    assert log.logged_cost_usd == 0.5 and log.rows == 2
    assert any("EUR, not in USD" in warning for warning in log.warnings)


@pytest.mark.parametrize("content", [usage(",,,,,,,,,,,"), cost(",,,,,"), USAGE])
def test_a_file_of_empty_buckets_is_refused_in_one_clear_line(content: str, read: Import) -> None:
    with pytest.raises(BadInput) as refused:
        read(content + "\n")
    assert "\n" not in str(refused.value)
    assert ("empty bucket" in str(refused.value)) == (content != USAGE)
