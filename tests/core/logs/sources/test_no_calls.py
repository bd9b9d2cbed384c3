"""Exports without calls are answered with what to export instead."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.errors import BadInput
from core.logs.preview import preview

SCORE = {
    "id": "sc-1", "timestamp": "2026-10-08T10:00:00.000Z", "environment": "default",
    "name": "helpful", "value": 1, "dataType": "BOOLEAN", "source": "API", "comment": None,
    "traceId": "tr-1", "observationId": "ob-1", "sessionId": None, "authorUserId": None,
}  # fmt: skip
EXPORTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "scores": (SCORE, "Langfuse's export of scores", "observations"),
    "scores in blob storage": (
        {"id": "sc-1", "timestamp": "2026-10-08 10:00:00.000", "project_id": "p", "trace_id": "t",
         "observation_id": "", "name": "helpful", "value": 0.5, "data_type": "NUMERIC",
         "source": "EVAL", "string_value": None},
        "Langfuse's export of scores", "observations",
    ),
    "sessions": (
        {"id": "s-1", "createdAt": "2026-10-08T10:00:00.000Z", "userIds": ["u"], "countTraces": 3,
         "sessionDuration": 41.5, "totalCost": 0.03, "totalTokens": 900},
        "Langfuse's export of sessions", "observations",
    ),
    "prompts": (
        {"name": "greeting", "versions": [1, 2], "labels": ["production"], "tags": [],
         "lastUpdatedAt": "2026-10-08T10:00:00.000Z", "lastConfig": {}},
        "Langfuse's list of prompts", "observations",
    ),
    "dataset": (
        {"id": "di-1", "datasetId": "d", "status": "ACTIVE", "input": {"q": "When?"},
         "expectedOutput": "At nine.", "sourceTraceId": None},
        "Langfuse's export of a dataset", "observations",
    ),
    "dataset runs": (
        {"id": "ri-1", "datasetRunId": "r", "datasetRunName": "first", "datasetItemId": "di-1",
         "traceId": "tr-1"},
        "Langfuse's export of a dataset's runs", "observations",
    ),
    "Helicone sessions": (
        {"created_at": "2026-10-08", "latest_request_created_at": "2026-10-09", "session_id": "s",
         "session_name": "tour", "total_cost": 0.2, "total_requests": 5, "prompt_tokens": 80},
        "Helicone's list of sessions", "requests",
    ),
    "Helicone users": (
        {"user_id": "u", "active_for": 3, "first_active": "2026-10-01", "last_active":
         "2026-10-04", "total_requests": 9, "cost": 0.4},
        "Helicone's list of users", "requests",
    ),
    "LangSmith feedback": (
        {"id": "f", "run_id": "r", "key": "correct", "score": 1.0, "value": None, "comment": "",
         "feedback_source": {"type": "app"}},
        "LangSmith's export of feedback", "runs",
    ),
    "LangSmith projects": (
        {"id": "p", "name": "default", "tenant_id": "t", "run_count": 12, "latency_p50": 1.5,
         "total_tokens": 900},
        "LangSmith's list of projects", "runs",
    ),
    "Phoenix annotations": (
        {"span_id": "b2", "annotation_name": "correct", "annotator_kind": "HUMAN",
         "result.score": 1.0},
        "Phoenix's export of annotations", "spans",
    ),
    "Weave feedback": (
        {"id": "f", "feedback_type": "wandb.reaction.1", "weave_ref": "weave:///e/p/call/1",
         "payload": {"emoji": "+1"}},
        "Weave's export of feedback", "calls",
    ),
    "LiteLLM keys": (
        {"token": "hash", "key_name": "sk-...x", "key_alias": "faq", "spend": 3.5,
         "max_budget": 10, "models": []},
        "LiteLLM's list of keys", "spend logs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", EXPORTS)
@pytest.mark.parametrize("shape", ["json", "lines", "csv"])
def test_an_export_without_calls_is_named(
    what: str, shape: str, file: Callable[..., Path], read: Any
) -> None:
    row, label, instead = EXPORTS[what]
    if shape == "csv":
        out = io.StringIO()
        sheet = csv.DictWriter(out, list(row))
        sheet.writeheader()
        sheet.writerow({k: v if isinstance(v, str) else json.dumps(v) for k, v in row.items()})
        content = out.getvalue()
    else:
        content = json.dumps([row] if shape == "json" else row)
    with pytest.raises(BadInput) as refused:
        preview(file(content), "export")
    assert refused.value.found == f"This is {label}, which holds no model calls"
    assert instead in refused.value.remedy


def test_scores_beside_observations_are_left_out_and_named(tmp_path: Path) -> None:
    call = {
        "id": "ob-1", "traceId": "tr-1", "type": "GENERATION", "startTime": "2026-10-08T10:00:00Z",
        "model": "gpt-4.1-mini", "input": "When?", "output": "At nine.",
        "usageDetails": {"input": 9, "output": 4}, "inputUsage": 9,
    }  # fmt: skip
    (tmp_path / "observations.jsonl").write_text(json.dumps(call))
    (tmp_path / "scores.jsonl").write_text(json.dumps(SCORE))
    found = preview(tmp_path, "export")
    assert found.source == "langfuse_observations"
    assert found.warnings[0] == (
        "Left out, for they are no logs: scores.jsonl (This is Langfuse's export of scores, which "
        "holds no model calls)."
    )


@pytest.mark.parametrize(
    "row",
    [
        {"name": "x", "value": 1, "source": "web", "prompt": "Where is my parcel?"},
        {"session_id": "s", "session_name": "n", "total_requests": 1, "prompt": "Hello there?"},
        {"prompt": "Where is my parcel?", "labels": "a", "config": "b", "run_id": "r"},
    ],
)
def test_a_table_of_queries_with_like_columns_is_still_read(row: dict[str, Any], read: Any) -> None:
    log, rows = read(json.dumps([row]))
    assert (log.source, rows[0]["text"]) == ("generic", row["prompt"])
