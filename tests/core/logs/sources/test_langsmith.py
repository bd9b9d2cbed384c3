"""LangSmith's runs, with values worked out by hand."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.logs.log import Log

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]


def run(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "r-1",
        "name": "ChatAnthropic",
        "run_type": "llm",
        "start_time": "2026-10-11T05:10:00.500000",
        "end_time": "2026-10-11T05:10:02.750000",
        "extra": {
            "metadata": {
                "ls_provider": "anthropic",
                "ls_model_name": "claude-sonnet-4-5",
                "thread_id": "th-1",
                "user_id": "u-2",
                "langgraph_node": "planner",
            },
            "invocation_params": {"model": "claude-alias", "tools": [{"name": "find_hotel"}]},
        },
        "error": None,
        "inputs": {
            "messages": [
                {"role": "system", "content": "You book hotels."},
                {"role": "user", "content": "A room in Pisa, please."},
            ]
        },
        "outputs": {"choices": [{"message": {"role": "assistant", "content": "Booked."}}]},
        "tags": ["seq:step:1", "prod"],
        "trace_id": "t-1",
        "dotted_order": "20261011T051000500000Zr-1",
        "status": "success",
        "session_id": "project-1",
        "parent_run_id": "r-0",
        "feedback_stats": {
            "helpful": {"n": 2, "avg": 0.5},
            "clear": {"n": 1, "avg": 1.0},
            "stars": {"n": 1, "avg": 4.0},
            "note": {"n": 1, "avg": None},
        },
        "total_tokens": 1300,
        "prompt_tokens": 1200,
        "completion_tokens": 100,
        "total_cost": "0.00294",
        "prompt_cost": "0.00144",
        "completion_cost": "0.0015",
        "prompt_token_details": {"cache_read": 800, "cache_creation": 0},
        "completion_token_details": {"reasoning": 40},
    }
    return {**row, **changes}


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def lc(kind: str, content: object, **more: object) -> dict[str, Any]:
    path = ["langchain", "schema", "messages", kind]
    return {"lc": 1, "type": "constructor", "id": path, "kwargs": {"content": content, **more}}


def test_a_run_is_a_call_with_its_parts(read: Import) -> None:
    log, [row] = read(lines(run()))
    assert (log.source, log.grain) == ("langsmith", "request_text")
    assert row["text"] == "A room in Pisa, please."
    assert (row["system_text"], row["turns"]) == ("You book hotels.", 2)
    assert (row["model"], row["tools"]) == ("claude-sonnet-4-5", "find_hotel")
    assert row["time"].isoformat() == "2026-10-11T05:10:00.500000+00:00"
    assert (row["input_tokens"], row["cache_read_tokens"]) == (1200, 800)
    assert (row["output_tokens"], row["reasoning_tokens"]) == (100, 40)
    assert (row["cost_usd"], row["latency_ms"], row["status"]) == (0.00294, 2250.0, "ok")
    assert row["feedback"] == 0.75  # the mean of 0.5 and 1.0
    assert (row["segment"], row["tags"]) == ("planner", "prod")


def test_the_project_is_no_conversation(read: Import) -> None:
    other = run(id="r-2", session_id="project-2")
    alone = run(id="r-3", extra={"metadata": {"ls_model_name": "m"}})
    _, rows = read(lines(run(), other, alone))
    assert rows[0]["session"] == rows[1]["session"] != rows[2]["session"]
    assert rows[2]["session"] is None


def test_only_llm_runs_count(read: Import) -> None:
    others = [run(run_type=kind) for kind in ("chain", "tool", "chain", "retriever")]
    log, rows = read(lines(*others, run(), run(status="pending", outputs=None)))
    assert len(rows) == 1 and log.input_tokens == 1200
    assert log.passed_over == {
        "chain run, not a model call": 2,
        "tool run, not a model call": 1,
        "retriever run, not a model call": 1,
        "a run that had not ended": 1,
    }


@pytest.mark.parametrize(
    ("changes", "model"),
    [
        ({"extra": {"invocation_params": {"model": "gpt-4.1"}}}, "gpt-4.1"),
        ({"extra": {"invocation_params": {"model_name": "gpt-4o"}}}, "gpt-4o"),
        ({"extra": {}, "outputs": {"llm_output": {"model_name": "gpt-4o-mini"}}}, "gpt-4o-mini"),
        ({"extra": None, "inputs": {"model": "o3", "messages": []}}, "o3"),
        ({"extra": None}, None),
    ],
)
def test_the_model_lies_in_one_of_many_places(
    changes: dict[str, Any], model: str | None, read: Import
) -> None:
    assert read(lines(run(**changes)))[1][0]["model"] == model


def test_langchains_messages_are_told_by_their_class(read: Import) -> None:
    batch = [
        [
            lc("SystemMessage", "You book hotels."),
            lc("HumanMessage", "Where can I stay?"),
            lc("AIMessage", "", tool_calls=[{"name": "find_town", "args": {}}]),
            lc("HumanMessage", [{"type": "text", "text": "In Pisa."}]),
        ]
    ]
    answer = {"generations": [[{"text": "Booked.", "message": lc("AIMessage", "Booked.")}]]}
    _, [row] = read(lines(run(inputs={"messages": batch}, outputs=answer)))
    assert (row["text"], row["system_text"], row["turns"]) == ("In Pisa.", "You book hotels.", 4)
    assert "find_town" in row["tools"]


def test_completion_models_have_prompts(read: Import) -> None:
    _, [row] = read(lines(run(inputs={"prompts": ["Human: A room in Pisa, please."]}, extra={})))
    assert row["text"] == "Human: A room in Pisa, please."


@pytest.mark.parametrize(
    "outputs",
    [
        {
            "usage_metadata": {
                "input_tokens": 600,
                "output_tokens": 30,
                "total_tokens": 630,
                "input_token_details": {"cache_read": 400, "cache_creation": 50},
                "output_token_details": {"reasoning": 8},
            }
        },
        {
            "generations": [
                [
                    {
                        "message": lc(
                            "AIMessage",
                            "Booked.",
                            usage_metadata={
                                "input_tokens": 600,
                                "output_tokens": 30,
                                "input_token_details": {"cache_read": 400, "cache_creation": 50},
                                "output_token_details": {"reasoning": 8},
                            },
                        )
                    }
                ]
            ]
        },
        {
            "usage": {  # Anthropic's own shape, with the cached tokens beside the input
                "input_tokens": 150,
                "cache_read_input_tokens": 400,
                "cache_creation_input_tokens": 50,
                "output_tokens": 30,
                "output_tokens_details": {"reasoning_tokens": 8},
            }
        },
    ],
    ids=["usage_metadata", "LangChain's message", "Anthropic's usage"],
)
def test_tokens_come_from_the_outputs_where_the_run_has_none(
    outputs: dict[str, Any], read: Import
) -> None:
    row = run(outputs=outputs, prompt_tokens=0, completion_tokens=0, total_tokens=0)
    del row["prompt_token_details"], row["completion_token_details"]
    _, [found] = read(lines(row))
    assert (found["input_tokens"], found["output_tokens"]) == (600, 30)
    assert (found["cache_read_tokens"], found["cache_write_tokens"]) == (400, 50)
    assert found["reasoning_tokens"] == 8 and not found["input_estimated"]


def test_cache_writes_by_age_and_service_tiers_are_summed(read: Import) -> None:
    details = {
        "cache_creation": 0,
        "ephemeral_5m_input_tokens": 60,
        "ephemeral_1h_input_tokens": 40,
        "priority_cache_read": 300,
    }
    _, [row] = read(lines(run(prompt_token_details=details)))
    assert (row["cache_read_tokens"], row["cache_write_tokens"]) == (300, 100)


def test_uncounted_runs_are_estimated_and_not_zero(read: Import) -> None:
    row = run(prompt_tokens=0, completion_tokens=0, total_tokens=0, prompt_token_details=None)
    del row["completion_token_details"]
    log, [found] = read(lines(row))
    assert log.input_tokens is None and found["input_estimated"] and found["input_tokens"] > 0


def test_the_cost_may_be_in_two_parts_or_missing(read: Import) -> None:
    parts = run(total_cost=None)
    none = run(total_cost=None, prompt_cost=None, completion_cost=None)
    _, rows = read(lines(parts, none))
    assert rows[0]["cost_usd"] == pytest.approx(0.00294) and rows[1]["cost_usd"] is None


def test_errors_are_counted_apart(read: Import) -> None:
    log, _ = read(lines(run(), run(status="error"), run(status=None, error="RateLimitError()")))
    assert (log.rows_kept, log.failed) == (1, {"error": 2})


def test_the_signature_without_a_run_type_leaves_parents_out(read: Import) -> None:
    leaf, parent = run(), run(id="r-0", child_run_ids=["r-1"], extra=None)
    keys = ("trace_id", "session_id", "inputs", "outputs", "id", "prompt_tokens", "extra")
    rows = [{key: row[key] for key in keys} for row in (leaf, parent)]
    log, found = read(json.dumps({"runs": rows}, indent=1))
    assert (log.source, len(found)) == ("langsmith", 1)
    assert log.passed_over == {"a run above the model calls": 1}


def test_a_csv_holds_json_or_pythons_notation(read: Import) -> None:
    _, [expected] = read(lines(run()))
    for write in (json.dumps, repr):
        out = io.StringIO()
        sheet = csv.DictWriter(out, list(run()))
        sheet.writeheader()
        cells = {k: v if isinstance(v, str) else write(v) for k, v in run(error="").items()}
        sheet.writerow(cells)
        log, [row] = read(out.getvalue())
        assert log.source == "langsmith" and row == expected


@pytest.mark.parametrize("nested", [True, False], ids=["structs", "JSON text"])
def test_parquet_of_the_bulk_export(nested: bool, read: Import, tmp_path: Path) -> None:
    _, [expected] = read(lines(run()))
    row = run(error=None) if nested else {}
    for key, value in run().items():
        row[key] = value if nested or not isinstance(value, (dict, list)) else json.dumps(value)
    path = tmp_path / "runs.parquet"
    pq.write_table(pa.Table.from_pylist([row]), path)
    log, [found] = read(path.read_bytes())
    assert log.source == "langsmith" and found == expected
