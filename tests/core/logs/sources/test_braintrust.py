"""Braintrust's logs, with values worked out by hand."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]


def span(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "b-1",
        "_xact_id": "10007",
        "created": "2026-10-12T12:00:00.000Z",
        "project_id": "p-1",
        "log_id": "g",
        "input": [
            {"role": "system", "content": "You mend bicycles."},
            {"role": "user", "content": "My chain keeps jumping."},
        ],
        "output": [{"index": 0, "message": {"role": "assistant", "content": "Check its wear."}}],
        "expected": None,
        "error": None,
        "scores": {"Helpful": 0.5, "Brief": 1, "Stars": 4, "Later": None},
        "metadata": {
            "model": "claude-sonnet-4-5",
            "user_id": "u-1",
            "session_id": "s-1",
            "tools": [{"type": "function", "function": {"name": "find_part"}}],
        },
        "tags": ["prod", "eu"],
        "metrics": {
            "start": 1791806400.5,
            "end": 1791806402.0,
            "prompt_tokens": 700,
            "completion_tokens": 60,
            "tokens": 760,
            "prompt_cached_tokens": 400,
            "prompt_cache_creation_tokens": 100,
            "completion_reasoning_tokens": 24,
            "time_to_first_token": 0.3,
            "estimated_cost": 0.0021,
        },
        "span_id": "s1",
        "span_parents": ["s0"],
        "root_span_id": "s0",
        "is_root": False,
        "span_attributes": {"name": "Chat Completion", "type": "llm"},
    }
    return {**row, **changes}


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_an_llm_span_is_a_call_with_its_parts(read: Import) -> None:
    log, [row] = read(lines(span()))
    assert (log.source, log.grain) == ("braintrust", "request_text")
    assert (row["text"], row["system_text"]) == ("My chain keeps jumping.", "You mend bicycles.")
    assert (row["model"], row["tools"]) == ("claude-sonnet-4-5", "find_part")
    assert row["time"].isoformat() == "2026-10-12T12:00:00.500000+00:00"
    assert (row["input_tokens"], row["cache_read_tokens"]) == (700, 400)
    assert (row["cache_write_tokens"], row["output_tokens"]) == (100, 60)
    assert (row["reasoning_tokens"], row["cost_usd"]) == (24, 0.0021)
    assert (row["latency_ms"], row["status"]) == (1500.0, "ok")
    assert row["feedback"] == 0.75  # of 0.5 and 1; four stars are on no known scale
    assert (row["segment"], row["tags"]) == ("prod", "prod, eu")
    assert len(row["user"]) == 16 and len(row["session"]) == 16


def test_other_spans_are_passed_over(read: Import) -> None:
    kinds = ["task", "tool", "score", "eval", "function"]
    others = [span(span_attributes={"name": "x", "type": kind}) for kind in kinds]
    log, rows = read(lines(*others, span()))
    assert len(rows) == 1 and sum(log.passed_over.values()) == 5
    assert log.passed_over["task span, not a model call"] == 1


def test_rows_without_a_type_go_by_model_and_tokens(read: Import) -> None:
    by_hand, root = span(span_attributes=None), span(span_attributes={"name": "root"}, metadata={})
    missing = span()
    del missing["span_attributes"]
    untold = span(span_attributes=None, metrics=None, output=None)
    log, rows = read(lines(by_hand, root, missing, untold))
    assert len(rows) == 2
    assert log.passed_over == {"plain span, not a model call": 2}


def test_without_metrics_the_time_is_that_of_the_row(read: Import) -> None:
    log, [row] = read(lines(span(metrics=None)))
    assert row["time"].isoformat() == "2026-10-12T12:00:00+00:00"
    assert row["latency_ms"] is None and row["cost_usd"] is None
    assert log.input_tokens is None and row["input_estimated"]


@pytest.mark.parametrize(
    "body",
    [
        "My chain keeps jumping.",
        {"messages": [{"role": "user", "content": "My chain keeps jumping."}]},
        [{"role": "user", "content": [{"type": "text", "text": "My chain keeps jumping."}]}],
        {"question": "My chain keeps jumping."},
        [{"role": "user", "content": [{"type": "input_text", "text": "My chain keeps jumping."}]}],
    ],
    ids=["text", "an object", "parts", "a function's input", "the Responses API"],
)  # fmt: skip
def test_the_input_has_many_shapes(body: object, read: Import) -> None:
    assert read(lines(span(input=body)))[1][0]["text"] == "My chain keeps jumping."


@pytest.mark.parametrize(
    "output",
    [
        "Check its wear, all of it.",
        [{"message": {"role": "assistant", "content": "Check its wear, all of it."}}],
        {"choices": [{"message": {"content": "Check its wear, all of it."}}]},
        {"content": [{"type": "text", "text": "Check its wear, all of it."}]},
        [{"content": [{"type": "output_text", "text": "Check its wear, all of it."}]}],
    ],
    ids=["text", "choices", "an object", "Anthropic", "the Responses API"],
)  # fmt: skip
def test_answers_of_every_shape_give_the_same_estimate(output: object, read: Import) -> None:
    metrics = {"prompt_tokens": 700}
    plain = read(lines(span(output="Check its wear, all of it.", metrics=metrics)))[1][0]
    _, [row] = read(lines(span(output=output, metrics=metrics)))
    assert row["output_estimated"] and row["output_tokens"] == plain["output_tokens"] < 15


def test_cached_tokens_beside_the_input_are_added(read: Import) -> None:
    metrics = {"prompt_tokens": 50, "completion_tokens": 10, "prompt_cached_tokens": 400}
    _, [row] = read(lines(span(metrics=metrics)))
    assert (row["input_tokens"], row["cache_read_tokens"]) == (450, 400)


def test_errors_are_counted_apart(read: Import) -> None:
    failed = [span(error="RateLimitError"), span(error={"message": "timeout"})]
    log, _ = read(lines(span(), *failed, span(error="")))
    assert (log.rows_kept, log.failed) == (2, {"error": 2})


def test_scorers_and_cached_answers_are_marked(read: Import) -> None:
    scorer = span(span_attributes={"type": "llm", "purpose": "scorer"})
    cached = span(metrics={**span()["metrics"], "cached": 1})
    _, rows = read(lines(scorer, cached))
    assert rows[0]["tags"] == "prod, eu, scorer"
    assert rows[1]["tags"] == "cache hit, prod, eu" and rows[1]["cost_usd"] == 0.0


def test_tables_read_like_json(read: Import) -> None:
    _, [expected] = read(lines(span()))
    cells = {k: v if isinstance(v, str) else json.dumps(v) for k, v in span(error="").items()}
    flat = {k: v for k, v in cells.items() if k not in ("metrics", "span_attributes")}
    for part in ("metrics", "span_attributes"):
        flat |= {f"{part}.{key}": str(value) for key, value in span()[part].items()}
    for row in (cells, flat):
        out = io.StringIO()
        sheet = csv.DictWriter(out, list(row))
        sheet.writeheader()
        sheet.writerow(row)
        log, [found] = read(out.getvalue())
        assert log.source == "braintrust" and found == expected
