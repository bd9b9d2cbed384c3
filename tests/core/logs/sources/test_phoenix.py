"""Phoenix's DataFrame and span download, with values worked out by hand."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.logs.ingest import ingest
from core.logs.log import QUERIES, Log
from core.logs.preview import preview

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

ASKED = [
    {"message.role": "system", "message.content": "You're the library's guide."},
    {"message.role": "user", "message.content": "Which shelf\nhas the atlases?"},
]
ANSWERED = [{"message.role": "assistant", "message.content": "Shelf 14."}]
ATTRIBUTES: dict[str, Any] = {
    "openinference.span.kind": "LLM",
    "llm.model_name": "claude-haiku-4-5-20251001",
    "llm.provider": "anthropic",
    "llm.token_count.prompt": 640,
    "llm.token_count.completion": 25,
    "llm.token_count.total": 665,
    "llm.token_count.prompt_details.cache_read": 512,
    "llm.token_count.prompt_details.cache_write": 64,
    "llm.token_count.completion_details.reasoning": 5,
    "llm.cost.prompt": 0.00021,
    "llm.cost.completion": 0.0001,
    "llm.cost.total": 0.00031,
    "llm.input_messages": ASKED,
    "llm.output_messages": ANSWERED,
    "input.value": '{"messages": []}',
    "session.id": "s-1",
    "user.id": "reader-9",
    "metadata": {"feature": "shelves"},
    "tag.tags": ["branch"],
}
SPAN: dict[str, Any] = {
    "name": "ChatAnthropic",
    "span_kind": "LLM",
    "parent_id": "c1",
    "start_time": "2026-09-30T07:15:00.250000+00:00",
    "end_time": "2026-09-30T07:15:01.500000+00:00",
    "status_code": "OK",
    "status_message": "",
    "events": [],
    "context": {"trace_id": "t1", "span_id": "c2"},
    "attributes": ATTRIBUTES,
}
CHAIN: dict[str, Any] = {
    **SPAN,
    "name": "RunnableSequence",
    "span_kind": "CHAIN",
    "parent_id": None,
    "context": {"trace_id": "t1", "span_id": "c1"},
    "attributes": {**ATTRIBUTES, "openinference.span.kind": "CHAIN"},
}
ROW = {
    "request_id": "c2",
    "time": datetime(2026, 9, 30, 7, 15, 0, 250_000, tzinfo=UTC),
    "model": "claude-haiku-4-5-20251001",
    "text": "Which shelf\nhas the atlases?",
    "system_text": "You're the library's guide.",
    "turns": 2,
    "segment": "shelves",
    "tags": "branch",
    "input_tokens": 640,
    "cache_read_tokens": 512,
    "cache_write_tokens": 64,
    "output_tokens": 25,
    "reasoning_tokens": 5,
    "cost_usd": 0.00031,
    "latency_ms": 1250.0,
    "status": "ok",
}


def same(row: dict[str, Any], **changes: Any) -> bool:
    want = {**ROW, **changes}
    assert {key: row[key] for key in want} == want
    return True


def columns(span: dict[str, Any]) -> dict[str, Any]:
    """A span as a row of the DataFrame."""
    flat = {key: value for key, value in span.items() if key not in ("context", "attributes")}
    flat |= {f"context.{key}": value for key, value in span["context"].items()}
    return flat | {f"attributes.{key}": value for key, value in span["attributes"].items()}


def as_csv(*rows: dict[str, Any], delimiter: str = ",") -> str:
    """The rows as pandas writes them: Python's notation for lists and objects."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def changed(**changes: Any) -> dict[str, Any]:
    """A span with some attributes replaced, or left out where they are None."""
    named = {key.replace("__", "."): value for key, value in changes.items()}
    found = {k: v for k, v in {**ATTRIBUTES, **named}.items() if v is not None}
    return {**SPAN, "attributes": found}


FRAME = [columns(CHAIN), columns(SPAN)]
WITHOUT_KINDS = [
    {k: v for k, v in row.items() if k not in ("span_kind", "attributes.openinference.span.kind")}
    for row in FRAME[1:]
]


@pytest.mark.parametrize(
    ("content", "passed_over"),
    [
        (as_csv(*FRAME), 1),
        (as_csv(*FRAME, delimiter=";"), 1),
        (as_csv(*[dict(reversed(row.items())) for row in FRAME]), 1),
        (as_csv(*[{"Unnamed: 0": place, **row} for place, row in enumerate(FRAME)]), 1),
        ("\ufeff" + as_csv(*FRAME), 1),
        (json.dumps(FRAME), 1),
        (json.dumps(FRAME, indent=2), 1),
        ("\n".join(map(json.dumps, FRAME)), 1),
        (as_csv(*WITHOUT_KINDS), 0),
    ],
)
def test_a_dataframe_is_read_from_csv_and_json(
    read: Import, content: str, passed_over: int
) -> None:
    log, rows = read(content)
    assert (log.source, log.grain, log.rows) == ("phoenix_dataframe", "request_text", 1)
    assert sum(log.passed_over.values()) == passed_over
    assert same(rows[0])
    assert rows[0]["user"] and rows[0]["session"]


def test_a_dataframe_is_read_from_parquet(tmp_path: Path, noon: datetime) -> None:
    frame = [
        {**row, "start_time": datetime.fromisoformat(row["start_time"]),
         "end_time": datetime.fromisoformat(row["end_time"])}
        for row in FRAME
    ]  # fmt: skip
    path = tmp_path / "spans.parquet"
    pq.write_table(pa.Table.from_pylist(frame), path)
    log = ingest(path, preview(path, path.name).mapping, tmp_path / "l", name="spans", now=noon)
    assert (log.source, log.rows) == ("phoenix_dataframe", 1)
    assert same(pq.read_table(tmp_path / "l" / log.digest / QUERIES).to_pylist()[0])


def numbered() -> dict[str, Any]:
    flat = {k: v for k, v in ATTRIBUTES.items() if not k.endswith("_messages")}
    for place, message in enumerate(ASKED):
        flat |= {f"llm.input_messages.{place}.{key}": value for key, value in message.items()}
    return {**SPAN, "attributes": flat}


def nested() -> dict[str, Any]:
    root: dict[str, Any] = {}
    for key, value in ATTRIBUTES.items():
        *path, last = key.split(".")
        node = root
        for name in path:
            node = node.setdefault(name, {})
        node[last] = value
    root["llm"]["input_messages"] = [
        {"message": {key.removeprefix("message."): text for key, text in message.items()}}
        for message in ASKED
    ]
    return {**SPAN, "attributes": root}


ERROR_EVENT = {"name": "exception", "timestamp": "2026-09-30T07:15:01Z", "attributes": {}}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(SPAN),
        json.dumps(numbered()),
        json.dumps(nested()),
        json.dumps({**numbered(), "attributes": json.dumps(numbered()["attributes"])}),
        json.dumps([numbered(), CHAIN]),
        json.dumps({"data": [CHAIN, numbered()], "next_cursor": None}),
        json.dumps(numbered(), indent=2),
        json.dumps({**numbered(), "events": [ERROR_EVENT]}),
        json.dumps({**numbered(), "events": [ERROR_EVENT]}, indent=2),
        json.dumps({**numbered(), "id": "U3BhbjoxMg=="}) + "\r\n" + json.dumps(CHAIN) + "\r\n",
    ],
)
def test_the_span_download_is_read_with_flat_and_nested_attributes(
    read: Import, content: str
) -> None:
    log, rows = read(content)
    assert (log.source, log.grain, log.rows) == ("phoenix_span", "request_text", 1)
    assert same(rows[0])


def test_the_otlp_download_is_read_as_otlp(read: Import) -> None:
    flat = numbered()["attributes"]
    kinds = {str: "string_value", int: "int_value", float: "double_value"}
    found = [
        {"key": key, "value": {kinds[type(value)]: value}}
        for key, value in flat.items()
        if type(value) in kinds
    ]
    span = {
        "trace_id": "7d1f0a",
        "span_id": "c2",
        "start_time_unix_nano": "1790752500250000000",
        "end_time_unix_nano": "1790752501500000000",
        "status": {"code": "STATUS_CODE_OK"},
        "attributes": found,
    }
    document = {"resource_spans": [{"scope_spans": [{"spans": [span]}]}]}
    log, rows = read(json.dumps(document))
    assert (log.source, log.rows) == ("otlp", 1)
    assert same(rows[0], segment=None, tags=None)


@pytest.mark.parametrize(
    "cell",
    [
        repr(ASKED),
        json.dumps(ASKED),
        "[" + repr(ASKED[0]) + "\n " + repr(ASKED[1]) + "]",
        "[" + repr(ASKED[0]) + ",\n       " + repr(ASKED[1]) + "]",
        repr([{"message.role": "system", "message.content": "You're the library's guide."}])[:-1]
        + ", {'message.role': 'user', 'message.contents': array([{'message_content.text': "
        + "'Which shelf\\nhas the atlases?'}], dtype=object)}]",
    ],
)
def test_messages_are_read_as_pandas_and_numpy_print_them(read: Import, cell: str) -> None:
    row = columns(SPAN) | {"attributes.llm.input_messages": cell}
    assert same(read(as_csv(row))[1][0])


@pytest.mark.parametrize("cell", ["", "[{'message.role': 'user', ...\n {'message.role'", "nan"])
def test_messages_that_were_cut_give_way_to_the_input(read: Import, cell: str) -> None:
    row = columns(SPAN) | {
        "attributes.llm.input_messages": cell,
        "attributes.input.value": '{"messages": [{"role": "user", "content": "Which shelf?"}]}',
    }
    assert read(as_csv(row))[1][0]["text"] == "Which shelf?"


@pytest.mark.parametrize(
    ("span", "values"),
    [
        (changed(llm__model_name=None, llm__response__model_name="m-2"), {"model": "m-2"}),
        (changed(llm__model_name=None, llm__request__model_name="m-1"), {"model": "m-1"}),
        (changed(llm__cost__total=None), {"cost_usd": pytest.approx(0.00031)}),
        (changed(llm__cost__total=None, llm__cost__prompt=None), {"cost_usd": None}),
        (changed(llm__token_count__prompt=None), {"input_tokens": 640}),  # 665 - 25
        (
            changed(llm__input_messages=None, input__value="Which shelf?"),
            {"text": "Which shelf?", "system_text": None, "turns": 1},
        ),
        (
            changed(llm__input_messages=None, input__value=None, llm__prompts=["Once upon"]),
            {"text": "Once upon", "turns": 1, "system_text": None},
        ),
        (
            changed(llm__tools=[{"tool.json_schema": '{"function": {"name": "find"}}'}]),
            {"tools": "find"},
        ),
        (changed(llm__invocation_parameters='{"tools": [{"name": "find"}]}'), {"tools": "find"}),
    ],
)
def test_optional_keys_stand_in_for_one_another(
    read: Import, span: dict[str, Any], values: dict[str, Any]
) -> None:
    for content in (json.dumps(span), as_csv(columns(span))):
        row = read(content)[1][0]
        assert {key: row[key] for key in values} == values


@pytest.mark.parametrize(
    "kind",
    ["CHAIN", "AGENT", "TOOL", "RETRIEVER", "RERANKER", "GUARDRAIL", "EVALUATOR", "PROMPT"],
)
def test_spans_of_other_kinds_are_passed_over(read: Import, kind: str) -> None:
    other = {**CHAIN, "span_kind": kind, "attributes": {"openinference.span.kind": kind}}
    log, _ = read(as_csv(columns(other), columns(SPAN)))
    assert (log.rows, log.input_tokens) == (1, 640)
    article = "an" if kind[0] in "AE" else "a"
    assert log.passed_over == {f"{article} {kind.lower()} span, not a model call": 1}


def test_an_embedding_is_a_call(read: Import) -> None:
    span = {
        **SPAN,
        "span_kind": "EMBEDDING",
        "attributes": {
            "openinference.span.kind": "EMBEDDING",
            "embedding.model_name": "text-embedding-3-small",
            "embedding.embeddings": [{"embedding.text": "atlases", "embedding.vector": [0.1, 0.2]}],
            "llm.token_count.prompt": 3,
        },
    }
    _, rows = read(json.dumps([span, CHAIN]))
    assert (rows[0]["model"], rows[0]["text"]) == ("text-embedding-3-small", "atlases")
    assert rows[0]["input_tokens"] == 3


def test_two_instrumentations_of_one_call_count_once(read: Import) -> None:
    inner = {**SPAN, "parent_id": "c2", "context": {"trace_id": "t1", "span_id": "c3"}}
    log, rows = read(as_csv(columns(CHAIN), columns(SPAN), columns(inner)))
    assert [row["request_id"] for row in rows] == ["c3"]
    assert (log.input_tokens, log.logged_cost_usd) == (640, 0.00031)


def test_a_failed_span_is_kept_apart(read: Import) -> None:
    failed = {**SPAN, "status_code": "ERROR", "context": {"trace_id": "t2", "span_id": "c9"}}
    log, rows = read(as_csv(columns(failed), columns(SPAN)))
    assert [row["status"] for row in rows] == ["error", "ok"]
    assert (log.failed, log.input_tokens) == ({"error": 1}, 640)


def test_times_in_milliseconds_give_the_same_latency(read: Import) -> None:
    row = columns(SPAN) | {"start_time": 1790752500250, "end_time": 1790752501500}
    assert same(read(json.dumps([row]))[1][0])


@pytest.mark.parametrize("chains", [0, 400])
def test_a_thousand_spans_of_any_kind_are_said_to_be_cut(read: Import, chains: int) -> None:
    spans = [
        {**(CHAIN if n < chains else SPAN), "context": {"trace_id": f"{n}", "span_id": f"{n}a"}}
        for n in range(1_000)
    ]
    log, _ = read("\n".join(map(json.dumps, spans)))
    assert log.rows == 1_000 - chains
    assert any("exactly 1,000 rows" in caution for caution in log.warnings)
    log, _ = read("\n".join(map(json.dumps, spans[1:])))
    assert not any("exactly" in caution for caution in log.warnings)
