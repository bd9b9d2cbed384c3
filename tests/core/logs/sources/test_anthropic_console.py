"""Anthropic's console: tokens by day, with cached ones beside, and costs by kind of token."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

USAGE = (
    "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,"
    "usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,"
    "usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,"
    "web_search_count,inference_geo,speed\n"
)
COST = (
    "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,"
    "list_price_usd,cost_type,inference_geo,speed,api_key_id,api_key_status\n"
)


def test_the_total_input_is_the_sum_of_four_kinds(read: Import) -> None:
    row = "2026-10-07,claude-opus-4-6,jane-key,Travel,batch,> 200k,500,20,30,450,80,2,us,fast\n"
    log, [found] = read(USAGE + row)
    assert (log.source, log.grain) == ("anthropic_usage", "aggregate")
    assert log.input_tokens == 1_000  # 500 + 20 + 30 + 450
    assert (log.cache_read_tokens, log.cache_write_tokens, log.output_tokens) == (450, 50, 80)
    assert (found["requests"], found["model"]) == (0, "claude-opus-4-6")
    assert (found["segment"], found["tags"]) == ("Travel", "batch, > 200k, us, fast")
    assert found["time"] == datetime(2026, 10, 7, tzinfo=UTC)
    assert "jane" not in str(found)


def test_older_files_lack_columns_and_hourly_files_have_hours(read: Import) -> None:
    header = "usage_date_utc,model_version,usage_input_tokens_no_cache,usage_output_tokens"
    log, rows = read(f"{header}\n2026-10-07 02:00,claude-haiku-4-5,622,423\n,,,\n")
    assert (log.source, log.input_tokens, log.output_tokens) == ("anthropic_usage", 622, 423)
    assert rows[0]["time"] == datetime(2026, 10, 7, 2, tzinfo=UTC)
    assert log.passed_over == {"an empty row": 1}


def test_a_day_beyond_one_requests_limit_is_kept(read: Import) -> None:
    row = "2026-10-07,claude-opus-4-6,k,Travel,standard,≤ 200k,150000000,0,0,0,9,0,,\n"
    log, _ = read(USAGE + row)
    assert log.input_tokens == 150_000_000 and not log.dropped


def test_costs_add_up_over_all_kinds_and_models_keep_their_names(read: Import) -> None:
    line = "2026-10-07,Claude Opus 4.6,Travel,jane-key,message,≤ 200k,{},{},1,token,,,apikey_7,on\n"
    kinds = {
        "input_no_cache": "0.0025",
        "input_cache_read": "0.000225",
        "input_cache_write_5m": "0.0003",
        "output": "0.002",
        "web_search": "0.02",
    }
    log, rows = read(COST + "".join(line.format(*kind) for kind in kinds.items()))
    assert (log.source, log.grain, log.rows, log.requests) == ("anthropic_cost", "aggregate", 5, 0)
    assert log.logged_cost_usd == pytest.approx(0.025025)
    assert set(log.models) == {"Claude Opus 4.6"}
    assert (log.input_tokens, log.output_tokens) == (None, None)
    assert [row["tags"] for row in rows] == [f"{kind}, ≤ 200k" for kind in kinds]
