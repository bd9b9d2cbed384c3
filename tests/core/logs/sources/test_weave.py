"""W&B Weave's calls, with values worked out by hand."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

MODEL = "gpt-4.1-mini-2025-04-14"
COUNTS = {
    "prompt_tokens": 400,
    "completion_tokens": 30,
    "total_tokens": 430,
    "prompt_tokens_details": {"cached_tokens": 256},
    "completion_tokens_details": {"reasoning_tokens": 12},
}


def call(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "c-1",
        "project_id": "acme/desk",
        "op_name": "weave:///acme/desk/op/openai.chat.completions.create:v1",
        "display_name": None,
        "trace_id": "t-1",
        "parent_id": "c-0",
        "thread_id": "th-1",
        "started_at": "2026-10-14T16:00:00.000000Z",
        "ended_at": "2026-10-14T16:00:01.600000Z",
        "attributes": {"feature": "letters", "weave": {"client_version": "0.5"}},
        "inputs": {
            "self": "weave:///acme/desk/object/Client:1",
            "model": "gpt-4.1-mini",
            "messages": [
                {"role": "system", "content": "You write letters."},
                {"role": "user", "content": "Thank my aunt."},
            ],
        },
        "exception": None,
        "output": {
            "model": MODEL,
            "choices": [{"message": {"role": "assistant", "content": "Dear aunt,"}}],
            "usage": COUNTS,
        },
        "summary": {
            "usage": {MODEL: {"requests": 1, **COUNTS}},
            "status_counts": {"success": 1},
            "weave": {
                "status": "success",
                "latency_ms": 1580,
                "costs": {
                    MODEL: {
                        "prompt_tokens_total_cost": 0.00016,
                        "completion_tokens_total_cost": 0.000048,
                        "prompt_token_cost": 4e-07,
                    }
                },
            },
        },
        "wb_user_id": "user-1",
    }
    return {**row, **changes}


def parent(**changes: Any) -> dict[str, Any]:
    """An op of one's own that repeats the usage of the call below it."""
    return call(
        id="c-0",
        parent_id=None,
        op_name="weave:///acme/desk/op/write_letter:v3",
        inputs={"question": "Thank my aunt."},
        output="Dear aunt,",
        **changes,
    )


def own_op(**changes: Any) -> dict[str, Any]:
    """A leaf of one's own that states its usage by hand."""
    return {**parent(), "id": "c-9", "trace_id": "t-9", **changes}


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_a_call_of_a_providers_sdk_has_its_parts(read: Import) -> None:
    log, [row] = read(lines(call()))
    assert (log.source, log.grain) == ("weave", "request_text")
    assert (row["text"], row["system_text"]) == ("Thank my aunt.", "You write letters.")
    assert (row["request_id"], row["model"]) == ("c-1", MODEL)
    assert row["time"].isoformat() == "2026-10-14T16:00:00+00:00"
    assert (row["input_tokens"], row["cache_read_tokens"]) == (400, 256)
    assert (row["output_tokens"], row["reasoning_tokens"]) == (30, 12)
    assert row["cost_usd"] == pytest.approx(0.000208)
    assert (row["latency_ms"], row["status"], row["segment"]) == (1580.0, "ok", "letters")
    assert len(row["user"]) == 16 and len(row["session"]) == 16


def test_usage_that_parents_repeat_is_counted_once(read: Import) -> None:
    tool = call(id="c-2", op_name="weave:///acme/desk/op/look_up:v1", summary={}, output="x")
    log, rows = read(lines(parent(), tool, call()))
    assert [row["request_id"] for row in rows] == ["c-1"]
    assert log.input_tokens == 400 and log.logged_cost_usd == pytest.approx(0.000208)
    assert log.passed_over == {
        "an op that repeats the usage of the calls below it": 1,
        "an op, not a model call": 1,
    }


def test_a_wrapper_that_looks_like_a_call_gives_way_to_the_call_below(read: Import) -> None:
    wrapper = call(id="c-0", parent_id=None, op_name="weave:///acme/desk/op/litellm.completion:a")
    _, rows = read(lines(wrapper, call()))
    assert [row["request_id"] for row in rows] == ["c-1"]


def test_without_parents_a_trace_with_a_sure_call_is_complete(read: Import) -> None:
    rows = [parent(), call()]
    for row in rows:
        del row["parent_id"]
    _, found = read(lines(*rows))
    assert [row["request_id"] for row in found] == ["c-1"]


def test_an_own_op_counts_when_nothing_lies_below_it(read: Import) -> None:
    summed = {"usage": {"gpt-4.1": {"requests": 3, "prompt_tokens": 900}}}
    several = own_op(id="c-8", trace_id="t-8", summary=summed)
    log, rows = read(lines(own_op(), several))
    assert [row["request_id"] for row in rows] == ["c-9"]
    assert rows[0]["text"] == "Thank my aunt." and rows[0]["model"] == MODEL
    assert log.passed_over == {
        "an op that sums up several calls (export all calls, not only the top ones)": 1
    }


def test_anthropics_usage_is_whole_with_its_cached_tokens(read: Import) -> None:
    usage = {
        "input_tokens": 20,
        "cache_read_input_tokens": 300,
        "cache_creation_input_tokens": 80,
        "output_tokens": 15,
    }
    row = call(
        op_name="weave:///acme/desk/op/anthropic.Messages.create:v1",
        inputs={
            "model": "claude-haiku-4-5",
            "system": "You write letters.",
            "messages": [{"role": "user", "content": "Thank my aunt."}],
        },
        output={
            "model": "claude-haiku-4-5",
            "content": [{"type": "text", "text": "Dear aunt,"}],
            "usage": usage,
        },
        summary={"usage": {"claude-haiku-4-5": {"requests": 1, **usage}}},
    )
    _, [found] = read(lines(row))
    assert (found["input_tokens"], found["output_tokens"]) == (400, 15)
    assert (found["cache_read_tokens"], found["cache_write_tokens"]) == (300, 80)
    assert found["system_text"] == "You write letters."
    assert (found["cost_usd"], found["latency_ms"]) == (None, 1600.0)


def test_details_that_only_the_output_has_are_kept(read: Import) -> None:
    bare = {"requests": 1, "prompt_tokens": 400, "completion_tokens": 30}
    _, [row] = read(lines(call(summary={"usage": {MODEL: bare}})))
    assert (row["input_tokens"], row["cache_read_tokens"], row["reasoning_tokens"]) == (
        400,
        256,
        12,
    )


def test_failed_calls_are_counted_apart_and_running_ones_passed_over(read: Import) -> None:
    failed = call(exception="RateLimitError: wait", output=None, summary={})
    running = call(summary={"weave": {"status": "running"}}, output=None)
    below = call(summary={**call()["summary"], "weave": {"status": "descendant_error"}})
    log, rows = read(lines(failed, running, below))
    assert [row["status"] for row in rows] == ["error", "ok"]
    assert rows[0]["model"] == "gpt-4.1-mini" and log.failed == {"error": 1}
    assert log.passed_over == {"a call that had not ended": 1}


def flattened(row: dict[str, Any], lead: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            flat |= flattened(value, f"{lead}{key}.")
        else:
            text = value if isinstance(value, str) else "" if value is None else json.dumps(value)
            flat[f"{lead}{key}"] = text
    return flat


def as_csv(*rows: dict[str, Any]) -> str:
    cells = [flattened(row) for row in rows]
    out = io.StringIO()
    columns = list(dict.fromkeys(name for row in cells for name in row))
    sheet = csv.DictWriter(out, columns, restval="")
    sheet.writeheader()
    sheet.writerows(cells)
    return out.getvalue()


def test_model_names_with_dots_are_whole_in_the_flattened_table(read: Import) -> None:
    text = as_csv(call())
    assert f"summary.usage.{MODEL}.prompt_tokens_details.cached_tokens" in text
    _, [expected] = read(lines(call()))
    log, [row] = read(text)
    assert log.source == "weave" and row == expected


def test_a_flattened_table_of_several_models_keeps_them_apart(read: Import) -> None:
    other = call(
        id="c-2",
        output={"model": "o3.5-large", "usage": {}},
        summary={"usage": {"o3.5-large": {"requests": 1, "input_tokens": 7, "output_tokens": 5}}},
    )
    text = as_csv(call(), other, parent())
    log, rows = read(text)
    assert [(row["model"], row["input_tokens"]) for row in rows] == [
        (MODEL, 400),
        ("o3.5-large", 7),
    ]
    assert log.passed_over == {"an op that repeats the usage of the calls below it": 1}


def test_zeros_of_other_models_in_a_table_are_not_theirs(read: Import) -> None:
    text = (
        "id,op_name,started_at,inputs.messages,summary.usage.m-1.prompt_tokens,"
        "summary.usage.m-1.completion_tokens,summary.usage.m-2.prompt_tokens,"
        "summary.usage.m-2.completion_tokens\n"
        'c-1,openai.chat.completions.create,2026-10-14 16:00:00,"[{""role"": ""user"", ""content"":'
        ' ""Thank my aunt.""}]",0,0,40,4\n'
    )
    log, [row] = read(text)
    assert log.source == "weave" and row["text"] == "Thank my aunt."
    assert (row["model"], row["input_tokens"], row["output_tokens"]) == ("m-2", 40, 4)


def test_addresses_of_stored_values_are_no_texts(read: Import) -> None:
    inputs = {"model": "gpt-4.1-mini", "messages": "weave:///acme/desk/object/Messages:1"}
    log, [row] = read(lines(call(inputs=inputs)))
    assert (log.grain, row["text"]) == ("request_notext", None)
