"""DeepSeek's monthly export: amounts in lines per kind, and costs that may not be in USD."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

AMOUNTS = "user_id,start_time_iso,end_time_iso,model,api_key_name,api_key,type,price,amount\r\n"
HOUR = "u-1,2026-10-07T06:00:00Z,2026-10-07T07:00:00Z,deepseek-v4-flash"
COSTS = "user_id,start_time_iso,end_time_iso,model,wallet_type,cost,currency\n"


def test_lines_of_one_hour_add_up_to_its_tokens_and_requests(read: Import) -> None:
    kinds = {
        "input_cache_hit_tokens": 640_000,
        "input_cache_miss_tokens": 260_000,
        "output_tokens": 50_000,
        "request_count": 1_000,
    }
    rows = [f"{HOUR},jane-key,sk-***,{kind},0.0000006,{n}\r\n" for kind, n in kinds.items()]
    log, found = read("\ufeff" + AMOUNTS + "".join(rows))
    assert (log.source, log.grain, log.rows) == ("deepseek_usage", "aggregate", 4)
    assert (log.requests, log.models) == (1_000, {"deepseek-v4-flash": 1_000})
    assert (log.input_tokens, log.cache_read_tokens) == (900_000, 640_000)
    assert (log.output_tokens, log.logged_cost_usd) == (50_000, None)
    assert found[0]["time"] == datetime(2026, 10, 7, 6, tzinfo=UTC)
    assert "jane" not in str(found)
    assert not log.output_tokens_estimated


def test_a_line_of_output_alone_leaves_the_input_unknown(read: Import) -> None:
    log, [row] = read(f"{AMOUNTS}{HOUR},k,sk,output_tokens,0.0000006,12000\r\n")
    assert (row["input_tokens"], row["output_tokens"], row["requests"]) == (None, 12_000, 0)
    assert (log.input_tokens, log.output_tokens) == (None, 12_000)


def test_older_files_have_a_date_and_lines_of_other_kinds_are_passed_over(read: Import) -> None:
    header = "utc_date,model,api_key_name,api_key,type,price,amount\n"
    line = "2026-10-07,deepseek-chat,k,sk,{},0.1,7\n"
    log, [row] = read(header + line.format("output_tokens") + line.format("storage"))
    assert row["time"] == datetime(2026, 10, 7, tzinfo=UTC)
    assert sum(log.passed_over.values()) == 1 and log.rows == 1


def test_a_plain_table_with_the_same_names_is_no_deepseek_export(read: Import) -> None:
    log, _ = read("prompt,type,amount,price\nWhich ferry?,travel,0.1,2\nWhich train?,rail,0.2,3\n")
    assert log.source == "generic"


@pytest.mark.parametrize("currency", ["CNY", "cny", ""])
def test_a_cost_that_is_not_in_usd_is_never_taken_as_usd(read: Import, currency: str) -> None:
    log, rows = read(f"{COSTS}{HOUR},paid,7.2,{currency}\n{HOUR},paid,0.5,USD\n")
    assert (log.source, log.grain, log.rows) == ("deepseek_cost", "aggregate", 2)
    assert [row["cost_usd"] for row in rows] == [None, 0.5]
    assert log.logged_cost_usd == 0.5
    assert any("not in USD" in warning for warning in log.warnings)


def test_costs_in_cny_alone_are_rows_of_unknown_cost(read: Import) -> None:
    log, _ = read(f"{COSTS}{HOUR},paid,7.2,CNY\n{HOUR},granted,1.1,CNY\n")
    assert (log.rows, log.rows_kept, log.logged_cost_usd) == (2, 2, None)
    assert any("2 value(s)" in w and "CNY, not in USD" in w for w in log.warnings)


def test_the_wallet_column_may_be_missing(read: Import) -> None:
    log, _ = read("utc_date,model,cost,currency\n2026-10-07,deepseek-chat,0.25,USD\n")
    assert (log.source, log.logged_cost_usd) == ("deepseek_cost", 0.25)


def test_costs_with_a_decimal_comma_are_read_and_unreadable_ones_are_counted(read: Import) -> None:
    header = "utc_date;model;cost;currency\n"
    rows = "2026-10-07;deepseek-chat;0,25;USD\n2026-10-08;deepseek-chat;a lot;USD\n"
    log, _ = read(header + rows)
    assert (log.source, log.rows, log.logged_cost_usd) == ("deepseek_cost", 2, 0.25)
    assert any("1 value(s)" in w and "cost: not a number" in w for w in log.warnings)
