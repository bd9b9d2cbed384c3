"""BurstGPT's traces in both widths."""

from collections.abc import Callable
from typing import Any

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]


def test_six_columns_give_tokens_and_failures_but_no_times(read: Import) -> None:
    log, rows = read(
        "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n"
        "5,ChatGPT,310,22,332,Conversation log\n"
        "45.5,GPT-4,77,190,267,API log\n"
        "46,GPT-4,520,0,520,API log\n"
        "47,GPT-4,11,0.0,11,API log\n"
    )
    assert (log.source, log.grain, log.rows, log.rows_kept) == (
        "burstgpt", "request_notext", 4, 2,
    )  # fmt: skip
    assert (log.failed, log.models) == ({"error": 2}, {"ChatGPT": 1, "GPT-4": 1})
    assert (log.input_tokens, log.output_tokens) == (387, 212)
    assert (log.first_time, log.rows_with_time) == (None, 0)
    assert any("no dates" in warning for warning in log.warnings)
    assert [row["segment"] for row in rows[:2]] == ["Conversation log", "API log"]
    assert rows[0]["latency_ms"] is None


def test_eight_columns_add_sessions_and_seconds(read: Import) -> None:
    log, rows = read(
        "Log Type,Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,"
        "Total tokens\n"
        "API log,86405.0,5f1c,12,ChatGPT,200,40,240\n"
        "API log,86406.0,5f1c,0.25,ChatGPT,210,41,251\n"
    )
    assert [row["latency_ms"] for row in rows] == [12_000, 250]
    assert log.sessions == 1
    assert rows[0]["session"] == rows[1]["session"] != "5f1c"


def test_an_unknown_answer_length_is_no_failure(read: Import) -> None:
    log, rows = read("Model,Request tokens,Response tokens\nGPT-4,200,\nGPT-4,100,40\n")
    assert not log.failed and log.rows_kept == 2
    assert (rows[0]["output_estimated"], log.output_tokens) == (True, 40)
