"""OpenTelemetry's spans in every writing of them, with values worked out by hand."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.logs.containers.chunk import Chunk
from core.logs.ingest import ingest
from core.logs.log import QUERIES, Log
from core.logs.parts import look_at
from core.logs.preview import preview
from core.logs.sources.otel_span import OTEL_SPAN
from core.logs.sources.otlp import OTLP
from core.logs.sources.phoenix import PHOENIX_DATAFRAME, PHOENIX_SPAN

Import = Callable[..., tuple[Log, list[dict[str, Any]]]]

START = 1790935200_000000000  # 2026-10-02 10:00:00 UTC
TRACE, SPAN, ROOT = "7d1f0a" + "0" * 25 + "1", "a1b2c3d4e5f60718", "00f067aa0ba902b7"
ASKED = [
    {"role": "user", "parts": [{"type": "text", "content": "Draft a reply to Ms Okoro"}]},
]
CHAT: dict[str, Any] = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.response.model": "claude-sonnet-4-5-20250929",
    "gen_ai.usage.input_tokens": 1500,
    "gen_ai.usage.cache_read.input_tokens": 1000,
    "gen_ai.usage.cache_creation.input_tokens": 200,
    "gen_ai.usage.output_tokens": 320,
    "gen_ai.usage.reasoning.output_tokens": 120,
    "gen_ai.system_instructions": json.dumps([{"type": "text", "content": "Sign as Team Desk."}]),
    "gen_ai.input.messages": json.dumps(ASKED),
    "gen_ai.conversation.id": "conv-3",
    "gen_ai.tool.definitions": json.dumps([{"type": "function", "name": "find_contact"}]),
}
ROW = {
    "request_id": SPAN,
    "time": datetime(2026, 10, 2, 10, tzinfo=UTC),
    "model": "claude-sonnet-4-5-20250929",
    "text": "Draft a reply to Ms Okoro",
    "system_text": "Sign as Team Desk.",
    "turns": 2,
    "tools": "find_contact",
    "segment": "desk",
    "input_tokens": 1500,
    "cache_read_tokens": 1000,
    "cache_write_tokens": 200,
    "output_tokens": 320,
    "reasoning_tokens": 120,
    "latency_ms": 2750.0,
    "status": "ok",
    "cost_usd": None,
}


def any_value(value: object) -> dict[str, Any]:
    match value:
        case bool():
            return {"boolValue": value}
        case int():
            return {"intValue": str(value)}
        case float():
            return {"doubleValue": value}
        case list():
            return {"arrayValue": {"values": [any_value(one) for one in value]}}
        case dict():
            return {"kvlistValue": {"values": pairs(value)}}
    return {"stringValue": str(value)}


def pairs(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": any_value(value)} for key, value in found.items()]


def span(found: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "traceId": TRACE,
        "spanId": SPAN,
        "parentSpanId": ROOT,
        "name": "chat claude-sonnet-4-5",
        "kind": 3,
        "startTimeUnixNano": str(START),
        "endTimeUnixNano": str(START + 2_750_000_000),
        "attributes": pairs(CHAT if found is None else found),
        "status": {},
    }
    return {**row, **changes}


def document(*spans: dict[str, Any]) -> dict[str, Any]:
    resource = {"attributes": pairs({"service.name": "desk", "host.name": "h"})}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}


def snake(value: Any) -> Any:
    """The document with snake_case keys, as protobuf's printer can write it."""
    if isinstance(value, list):
        return [snake(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {
        "".join(f"_{c.lower()}" if c.isupper() else c for c in key): v for key, v in value.items()
    }
    return {key: snake(v) for key, v in found.items()}


def older(value: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(value).replace("scopeSpans", "instrumentationLibrarySpans"))


def base64_ids(value: dict[str, Any]) -> dict[str, Any]:
    text = json.dumps(value)
    for id_ in (TRACE, SPAN, ROOT):
        text = text.replace(id_, base64.b64encode(bytes.fromhex(id_)).decode())
    return json.loads(text)


def same(row: dict[str, Any], **changes: Any) -> bool:
    want = {**ROW, **changes}
    assert {key: row[key] for key in want} == want
    return True


DOCUMENT = document(span())


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(DOCUMENT),
        json.dumps(DOCUMENT, indent=2),
        json.dumps(DOCUMENT, indent=2).replace("\n", "\r\n"),
        "\ufeff" + json.dumps(DOCUMENT),
        json.dumps([DOCUMENT]),
        json.dumps(DOCUMENT["resourceSpans"][0]) + "\n",
        json.dumps(snake(DOCUMENT)),
        json.dumps(snake(DOCUMENT), indent=1),
        json.dumps(older(DOCUMENT)),
        json.dumps(base64_ids(DOCUMENT)),
        json.dumps({"batches": DOCUMENT["resourceSpans"]}),
        json.dumps(DOCUMENT) + "\n" + json.dumps({"resourceMetrics": [{"scopeMetrics": []}]}),
    ],
)
def test_an_otlp_document_is_read_however_it_is_written(read: Import, content: str) -> None:
    log, rows = read(content)
    assert (log.source, log.grain, log.rows, log.dropped) == ("otlp", "request_text", 1, {})
    assert same(rows[0])
    assert rows[0]["session"] is not None


def test_one_document_per_line_is_read_like_one_document(read: Import) -> None:
    lines = [document(span(spanId=f"{place:016x}")) for place in range(1, 4)]
    log, rows = read("\n".join(map(json.dumps, lines)))
    assert (log.source, log.rows) == ("otlp", 3)
    assert [row["request_id"] for row in rows] == [f"{place:016x}" for place in range(1, 4)]
    assert log.input_tokens == 4500


CONSOLE = {
    "name": "chat claude-sonnet-4-5",
    "context": {"trace_id": f"0x{TRACE}", "span_id": f"0x{SPAN}", "trace_state": "[]"},
    "kind": "SpanKind.CLIENT",
    "parent_id": None,
    "start_time": "2026-10-02T10:00:00.000000Z",
    "end_time": "2026-10-02T10:00:02.750000Z",
    "status": {"status_code": "UNSET"},
    "attributes": CHAT,
    "events": [{"name": "first token", "timestamp": "2026-10-02T10:00:01Z", "attributes": {}}],
    "links": [],
    "resource": {"attributes": {"service.name": "desk"}, "schema_url": ""},
}
OTHER = {**CONSOLE, "name": "GET", "attributes": {"http.request.method": "GET"}}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps(CONSOLE) + "\n",
        json.dumps(CONSOLE, indent=4) + "\n",
        json.dumps(OTHER, indent=4) + "\n" + json.dumps(CONSOLE, indent=4) + "\n",
        json.dumps([OTHER, CONSOLE]),
        json.dumps({"spans": [CONSOLE, OTHER]}),
    ],
)
def test_the_python_console_exporter_is_read_as_it_prints(read: Import, content: str) -> None:
    log, rows = read(content)
    assert (log.source, log.rows) == ("otel_span", 1)
    assert same(rows[0])


GO = {
    "Name": "chat",
    "SpanContext": {"TraceID": TRACE, "SpanID": SPAN, "TraceFlags": "01"},
    "Parent": {"TraceID": TRACE, "SpanID": "0" * 16},
    "SpanKind": 3,
    "StartTime": "2026-10-02T10:00:00Z",
    "EndTime": "2026-10-02T10:00:02.75Z",
    "Attributes": [{"Key": k, "Value": {"Type": "STRING", "Value": v}} for k, v in CHAT.items()],
    "Events": None,
    "Status": {"Code": "Unset", "Description": ""},
    "Resource": [{"Key": "service.name", "Value": {"Type": "STRING", "Value": "desk"}}],
}
CLICKHOUSE = {
    "Timestamp": "2026-10-02 10:00:00.000000000",
    "TraceId": TRACE,
    "SpanId": SPAN,
    "ParentSpanId": "",
    "SpanName": "chat",
    "SpanKind": "Client",
    "ServiceName": "desk",
    "ResourceAttributes": {"host.name": "h"},
    "SpanAttributes": {key: str(value) for key, value in CHAT.items()},
    "Duration": 2_750_000_000,
    "StatusCode": "Unset",
}
LOGFIRE = {
    "start_timestamp": "2026-10-02T10:00:00Z",
    "end_timestamp": "2026-10-02T10:00:02.750Z",
    "trace_id": TRACE,
    "span_id": SPAN,
    "parent_span_id": None,
    "span_name": "chat",
    "service_name": "desk",
    "otel_status_code": None,
    "attributes": json.dumps(CHAT),
}
NESTED = {
    **LOGFIRE,
    "attributes": {"gen_ai": {key.removeprefix("gen_ai."): value for key, value in CHAT.items()}},
}
FLAT = {
    **{key: value for key, value in LOGFIRE.items() if key != "attributes"},
    **{f"attributes.{key}": value for key, value in CHAT.items()},
}
JAVASCRIPT = {
    **{key: value for key, value in LOGFIRE.items() if not key.endswith("timestamp")},
    "startTime": [START // 10**9, 0],
    "endTime": [START // 10**9 + 2, 750_000_000],
    "attributes": CHAT,
}


@pytest.mark.parametrize("row", [span(), GO, CLICKHOUSE, LOGFIRE, NESTED, FLAT, JAVASCRIPT])
def test_one_span_per_line_is_read_from_many_exporters(read: Import, row: dict[str, Any]) -> None:
    log, rows = read(json.dumps(row))
    assert (log.source, log.rows) == ("otel_span", 1)
    assert same(rows[0], segment=None if "startTimeUnixNano" in row else "desk")


@pytest.mark.parametrize("row", [CONSOLE, CLICKHOUSE, LOGFIRE])
def test_a_parquet_file_of_spans_is_read_like_json(
    tmp_path: Path, noon: datetime, row: dict[str, Any]
) -> None:
    plain = {key: value for key, value in row.items() if key not in ("events", "links")}
    path = tmp_path / "spans.parquet"
    pq.write_table(pa.Table.from_pylist([plain]), path)
    log = ingest(path, preview(path, path.name).mapping, tmp_path / "l", name="spans", now=noon)
    assert log.source == "otel_span"
    assert same(pq.read_table(tmp_path / "l" / log.digest / QUERIES).to_pylist()[0])


def call(found: dict[str, Any], **changes: Any) -> str:
    return json.dumps(document(span(found, **changes)))


@pytest.mark.parametrize(
    "found",
    [
        {"gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 5},
        {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"},
        {"traceloop.span.kind": "workflow", "gen_ai.request.model": "m"},
        {"traceloop.span.kind": "task", "llm.usage.total_tokens": 9},
        {"openinference.span.kind": "CHAIN", "llm.token_count.prompt": 5},
        {"openinference.span.kind": "AGENT", "gen_ai.operation.name": "chat"},
        {"ai.operationId": "ai.generateText", "ai.model.id": "m", "ai.usage.promptTokens": 5},
        {"gen_ai.tool.name": "search", "gen_ai.request.model": "m"},
        {"http.request.method": "POST"},
        {},
    ],
)
def test_only_model_calls_count(read: Import, found: dict[str, Any]) -> None:
    log, rows = read(json.dumps(document(span(found, spanId="0" * 15 + "9"), span())))
    assert (log.rows, len(rows), sum(log.passed_over.values())) == (1, 1, 1)
    assert log.input_tokens == 1500


@pytest.mark.parametrize(
    "found",
    [
        {"gen_ai.operation.name": "text_completion", "gen_ai.usage.input_tokens": 5},
        {"gen_ai.operation.name": "generate_content", "gen_ai.usage.input_tokens": 5},
        {"gen_ai.operation.name": "embeddings", "gen_ai.usage.input_tokens": 5},
        {"gen_ai.request.model": "m", "gen_ai.usage.prompt_tokens": 5},
        {"llm.request.type": "chat", "gen_ai.usage.prompt_tokens": 5},
        {"openinference.span.kind": "EMBEDDING", "llm.token_count.prompt": 5},
        {"ai.operationId": "ai.streamText.doStream", "ai.usage.inputTokens": 5},
        {"gen_ai.operation.name": "some_custom_call", "gen_ai.usage.input_tokens": 5},
    ],
)
def test_every_convention_says_model_call_in_its_own_way(
    read: Import, found: dict[str, Any]
) -> None:
    log, _ = read(call(found))
    assert (log.rows, log.input_tokens, log.grain) == (1, 5, "request_notext")


def test_a_log_of_other_spans_has_no_rows(read: Import) -> None:
    with pytest.raises(BadInput):
        read(call({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "search"}))


def tokens(**counts: int) -> dict[str, Any]:
    usage = {f"gen_ai.usage.{key}": value for key, value in counts.items()}
    return {"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", **usage}


def test_a_call_around_the_same_call_is_counted_once(read: Import) -> None:
    outer = span(tokens(input_tokens=30, output_tokens=4), spanId="1" * 16, parentSpanId="")
    between = span({"http.url": "x"}, spanId="2" * 16, parentSpanId="1" * 16)
    inner = span(tokens(input_tokens=20, output_tokens=4), spanId="3" * 16, parentSpanId="2" * 16)
    log, rows = read(json.dumps(document(inner, between, outer)))
    assert [row["request_id"] for row in rows] == ["3" * 16]
    assert log.input_tokens == 20
    assert log.passed_over["a span that repeats the model call within it"] == 1


def test_a_raw_request_without_counts_inside_a_call_is_not_counted(read: Import) -> None:
    outer = span(tokens(input_tokens=30, output_tokens=4), spanId="1" * 16, parentSpanId="")
    inner = span(tokens(), spanId="3" * 16, parentSpanId="1" * 16)
    log, rows = read(json.dumps(document(inner, outer)))
    assert [row["request_id"] for row in rows] == ["1" * 16]
    assert (log.input_tokens, log.rows) == (30, 1)


def test_spans_that_are_their_own_ancestors_do_no_harm(read: Import) -> None:
    one = span(tokens(input_tokens=1), spanId="1" * 16, parentSpanId="2" * 16)
    two = span(tokens(input_tokens=2), spanId="2" * 16, parentSpanId="1" * 16)
    three = span(tokens(input_tokens=4), spanId="3" * 16, parentSpanId="")
    assert read(json.dumps(document(one, two, three)))[0].input_tokens == 4


def test_the_same_span_ids_in_other_traces_are_other_spans(read: Import) -> None:
    spans = [
        span(tokens(input_tokens=1), traceId=f"{place:032x}", spanId=id_, parentSpanId=above)
        for place, id_, above in ((1, "1" * 16, ""), (2, "3" * 16, "1" * 16))
    ]
    assert read(json.dumps(document(*spans)))[0].input_tokens == 2


@pytest.mark.parametrize(
    ("changes", "found", "status"),
    [
        ({"status": {"code": 2, "message": "boom"}}, {}, "error"),
        ({"status": {"code": "STATUS_CODE_ERROR"}}, {}, "error"),
        ({"status": {"code": 1}}, {}, "ok"),
        ({"status": {"code": "STATUS_CODE_UNSET"}}, {}, "ok"),
        ({}, {"error.type": "RateLimitError"}, "error"),
        ({}, {"error.type": "asyncio.CancelledError"}, "cancelled"),
        ({"status": None}, {}, "ok"),
    ],
)
def test_a_failed_span_is_kept_apart(
    read: Import, changes: dict[str, Any], found: dict[str, Any], status: str
) -> None:
    good = span(spanId="0" * 15 + "9")
    log, rows = read(json.dumps(document(span({**CHAT, **found}, **changes), good)))
    assert rows[0]["status"] == status
    assert log.failed == ({} if status == "ok" else {status: 1})
    assert log.input_tokens == (3000 if status == "ok" else 1500)


def test_a_console_span_that_failed_says_so(read: Import) -> None:
    failed = {**CONSOLE, "status": {"status_code": "ERROR", "description": "429"}}
    assert read(json.dumps([failed, CONSOLE]))[0].failed == {"error": 1}


OLD = {
    "gen_ai.system": "openai",
    "gen_ai.request.model": "gpt-4o",
    "gen_ai.response.model": "gpt-4o-2024-08-06",
    "llm.request.type": "chat",
    "gen_ai.prompt.0.role": "system",
    "gen_ai.prompt.0.content": "Be quick.",
    "gen_ai.prompt.1.role": "user",
    "gen_ai.prompt.1.content": '[{"type":"text","text":"First?"},{"type":"image_url"}]',
    "gen_ai.prompt.2.role": "assistant",
    "gen_ai.prompt.2.tool_calls.0.name": "look_up",
    "gen_ai.prompt.2.tool_calls.0.arguments": "{}",
    "gen_ai.prompt.10.role": "user",
    "gen_ai.prompt.10.content": "Last?",
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.content": "Here.",
    "llm.request.functions.0.name": "ask",
    "gen_ai.usage.prompt_tokens": 90,
    "gen_ai.usage.cache_read_input_tokens": 60,
    "gen_ai.usage.completion_tokens": 7,
    "llm.usage.total_tokens": 97,
    "gen_ai.usage.cost": 0.0011,
    "traceloop.workflow.name": "triage",
    "traceloop.association.properties.session_id": "s",
    "traceloop.association.properties.user_id": "u",
}


def test_openllmetrys_numbered_keys_and_former_names_are_read(read: Import) -> None:
    _, rows = read(call(OLD))
    row = rows[0]
    assert (row["text"], row["system_text"], row["turns"]) == ("Last?", "Be quick.", 4)
    assert (row["tools"], row["segment"]) == ("ask, look_up", "triage")
    assert (row["model"], row["cost_usd"]) == ("gpt-4o-2024-08-06", 0.0011)
    assert (row["input_tokens"], row["cache_read_tokens"], row["output_tokens"]) == (90, 60, 7)
    assert row["user"] and row["session"] and row["user"] != row["session"]
    assert not (row["input_estimated"] or row["output_estimated"])


@pytest.mark.parametrize(
    ("found", "text", "system"),
    [
        ({"gen_ai.prompt": "Where is it?"}, "Where is it?", None),
        (
            {"gen_ai.prompt": '[{"role":"system","content":"S"},{"role":"user","content":"Q"}]'},
            "Q",
            "S",
        ),
        ({"gen_ai.prompt": "Q", "gen_ai.system_instructions": "S"}, "Q", "S"),
        ({"gen_ai.input.messages": ASKED}, "Draft a reply to Ms Okoro", None),
        (
            {
                "ai.prompt.messages": '[{"role":"user","content":[{"type":"text","text":"Q"}]}]',
                "ai.prompt": '{"prompt":"not this"}',
            },
            "Q",
            None,
        ),
        (
            {
                "llm.input_messages.0.message.role": "system",
                "llm.input_messages.0.message.content": "S",
                "llm.input_messages.1.message.role": "user",
                "llm.input_messages.1.message.contents.0.message_content.text": "Q",
                "input.value": "not this",
            },
            "Q",
            "S",
        ),
        ({"input.value": '{"messages":[{"role":"user","content":"Q"}]}'}, "Q", None),
        ({"input.value": "Q"}, "Q", None),
        ({"llm.prompts": ["Q"]}, "Q", None),
        ({"llm.prompts.0": "Q"}, "Q", None),
        (
            {
                "embedding.embeddings.0.embedding.text": "A",
                "embedding.embeddings.1.embedding.text": "B",
            },
            "A\nB",
            None,
        ),
        ({"gen_ai.prompt": '{"total": 3}'}, '{"total": 3}', None),
        ({"gen_ai.input.messages": "", "gen_ai.system_instructions": "S"}, None, None),
    ],
)
def test_the_prompt_is_found_where_each_convention_keeps_it(
    read: Import, found: dict[str, Any], text: str | None, system: str | None
) -> None:
    _, rows = read(call({**tokens(input_tokens=5, output_tokens=1), **found}))
    assert (rows[0]["text"], rows[0]["system_text"]) == (text, system)


def event(name: str, found: dict[str, Any]) -> dict[str, Any]:
    return {"timeUnixNano": str(START), "name": name, "attributes": pairs(found)}


@pytest.mark.parametrize(
    "events",
    [
        [
            event("gen_ai.system.message", {"content": "S"}),
            event("gen_ai.user.message", {"content": "Q"}),
            event("gen_ai.choice", {"message": '{"content":"A"}'}),
        ],
        [
            event("gen_ai.system.message", {"gen_ai.event.content": '{"content":"S"}'}),
            event("gen_ai.user.message", {"gen_ai.event.content": '{"role":"user","content":"Q"}'}),
        ],
        [
            event(
                "gen_ai.content.prompt",
                {
                    "gen_ai.prompt": json.dumps(
                        [{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}]
                    )
                },
            ),
            event("gen_ai.content.completion", {"gen_ai.completion": "A"}),
        ],
        [
            event(
                "gen_ai.client.inference.operation.details",
                {
                    "gen_ai.system_instructions": "S",
                    "gen_ai.input.messages": json.dumps([{"role": "user", "content": "Q"}]),
                },
            )
        ],
    ],
)
def test_messages_in_events_are_read(read: Import, events: list[dict[str, Any]]) -> None:
    found = tokens(input_tokens=5, output_tokens=1)
    _, rows = read(call(found, events=events))
    assert (rows[0]["text"], rows[0]["system_text"], rows[0]["turns"]) == ("Q", "S", 2)
    console = {
        **CONSOLE,
        "attributes": found,
        "events": [
            {
                "name": one["name"],
                "attributes": {p["key"]: p["value"]["stringValue"] for p in one["attributes"]},
            }
            for one in events
        ],
    }
    _, rows = read(json.dumps(console, indent=4))
    assert (rows[0]["text"], rows[0]["system_text"]) == ("Q", "S")


def log_record(name: str, body: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    return {
        "timeUnixNano": str(START),
        "eventName": name,
        "traceId": TRACE,
        "spanId": SPAN,
        "body": any_value(body),
        "attributes": pairs(found),
    }


def logs(*records: dict[str, Any]) -> dict[str, Any]:
    resource = {"attributes": pairs({"service.name": "desk"})}
    return {"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": list(records)}]}]}


def test_log_events_give_their_span_its_messages(read: Import) -> None:
    told = logs(
        log_record("gen_ai.user.message", {"content": "Q"}, {"gen_ai.system": "openai"}),
        log_record("gen_ai.choice", {"message": {"content": "A"}}, {"gen_ai.system": "openai"}),
    )
    bare = document(span(tokens(input_tokens=5, output_tokens=1)))
    log, rows = read(json.dumps(bare) + "\n" + json.dumps(told))
    assert (log.source, log.rows, log.passed_over) == ("otlp", 1, {})
    assert (rows[0]["text"], rows[0]["input_tokens"]) == ("Q", 5)


def test_a_log_event_of_a_whole_call_stands_for_it(read: Import) -> None:
    detail = log_record("gen_ai.client.inference.operation.details", {}, CHAT)
    log, rows = read(json.dumps(logs(detail)) + "\n" + json.dumps(logs()))
    assert (log.source, log.rows) == ("otlp", 1)
    assert same(rows[0], request_id="row-1", latency_ms=None)


@pytest.mark.parametrize(
    ("found", "service", "segment"),
    [
        ({"gen_ai.prompt.name": "reply", "gen_ai.workflow.name": "w"}, "desk", "reply"),
        ({"gen_ai.workflow.name": "w"}, "desk", "w"),
        ({}, "desk", "desk"),
        ({}, "unknown_service:python", None),
        ({"metadata": '{"feature": "letters"}'}, "desk", "letters"),
    ],
)
def test_the_segment_is_the_prompts_name_before_the_services(
    read: Import, found: dict[str, Any], service: str, segment: str | None
) -> None:
    text = call({**CHAT, **found}).replace('"desk"', json.dumps(service))
    assert read(text)[1][0]["segment"] == segment


def test_cached_tokens_beside_the_input_are_added_where_the_counts_show_it(read: Import) -> None:
    beside = tokens(**{"input_tokens": 10, "cache_read.input_tokens": 300, "output_tokens": 1})
    inside = tokens(**{"input_tokens": 310, "cache_read.input_tokens": 300, "output_tokens": 1})
    _, rows = read(json.dumps(document(span(beside, spanId="1" * 16), span(inside))))
    assert [row["input_tokens"] for row in rows] == [310, 310]


@pytest.mark.parametrize(
    ("found", "cost"),
    [
        ({"gen_ai.usage.cost": 0.002}, 0.002),
        ({"gen_ai.usage.cost": "0.002"}, 0.002),
        ({"llm.cost.total": 0.002, "llm.cost.prompt": 0.9}, 0.002),
        ({"llm.cost.prompt": 0.0005, "llm.cost.completion": 0.0015}, 0.002),
        ({"llm.cost.prompt": 0.0005}, None),
        ({"gen_ai.usage.cost": "unknown"}, None),
        ({}, None),
    ],
)
def test_a_cost_is_whole_or_unknown(
    read: Import, found: dict[str, Any], cost: float | None
) -> None:
    assert read(call({**CHAT, **found}))[1][0]["cost_usd"] == cost


def test_missing_counts_are_unknown_and_not_zero(read: Import) -> None:
    _, rows = read(call({"gen_ai.operation.name": "chat", "gen_ai.input.messages": ASKED}))
    assert rows[0]["input_estimated"] and rows[0]["output_estimated"]
    assert (rows[0]["model"], rows[0]["reasoning_tokens"]) == (None, None)


def test_an_output_without_a_count_is_estimated_from_the_answer(read: Import) -> None:
    answer = [{"role": "assistant", "parts": [{"type": "text", "content": "word " * 100}]}]
    found = {**tokens(input_tokens=5), "gen_ai.output.messages": json.dumps(answer)}
    _, rows = read(call(found))
    assert rows[0]["output_estimated"]
    assert 80 <= rows[0]["output_tokens"] <= 160


@pytest.mark.parametrize("start", ["0", "", None, "soon"])
def test_a_span_without_a_time_has_none_and_no_latency(read: Import, start: object) -> None:
    _, rows = read(call(CHAT, startTimeUnixNano=start))
    assert (rows[0]["time"], rows[0]["latency_ms"]) == (None, None)


def test_a_span_of_another_shape_is_dropped_and_counted(read: Import) -> None:
    odd = span(spanId={"odd": float("nan")}, attributes=pairs(CHAT))
    broken = span(attributes="no attributes")
    log, rows = read(json.dumps(document(odd, broken, span())))
    assert rows[-1]["request_id"] == SPAN
    assert log.rows + sum(log.passed_over.values()) == 3


# fmt: off
KEYS = [
    "resourceSpans", "scopeSpans", "spans", "resource", "attributes", "key", "value",
    "stringValue", "intValue", "arrayValue", "kvlistValue", "values", "traceId", "spanId",
    "parentSpanId", "context", "span_id", "status", "code", "events", "name", "span_kind",
    "startTimeUnixNano", "endTimeUnixNano", "start_time", "resourceLogs", "scopeLogs",
    "logRecords", "body", "gen_ai.operation.name", "gen_ai.input.messages", "gen_ai.prompt.0",
    "gen_ai.prompt", "gen_ai.usage.input_tokens", "llm.tools", "metadata", "attributes.llm.x",
    "attributes.llm.token_count.prompt", "chat", "low", "high", "Type", "Value", "error.type",
]
# fmt: on
WORDS = st.sampled_from(KEYS)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.dictionaries(WORDS, VALUES, max_size=6), max_size=4))
def test_no_record_of_odd_types_raises(records: list[dict[str, Any]]) -> None:
    chunk = Chunk(records)
    for source in (OTLP, PHOENIX_DATAFRAME, PHOENIX_SPAN, OTEL_SPAN):
        assert source.recognises(look_at(chunk)) in (True, False)
        found = source.standard(chunk, source.mapping())
        if source is not OTLP:
            counted = sum(found.passed_over.values()) + sum(found.dropped.values())
            assert found.rows.num_rows + counted == len(records)
