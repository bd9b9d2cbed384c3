"""Anything at all as a log: either one clear line, or rows whose counts add up."""

# ruff: noqa: E501 - one record per line

import gzip
import io
import json
import sqlite3
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core.errors import BadInput
from core.logs.ingest import ingest
from core.logs.log import QUERIES, Log, log_folder
from core.logs.preview import preview

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CSV = 'query,model,input_tokens,cached_tokens,output_tokens,cost,timestamp\n"Where, is it?",a,20,5,7,0.1,2026-10-05T16:20:00Z\n' + "How so,b,30,0,9,0.2,1791217200\n" * 30  # fmt: skip
LINES = "".join(
    json.dumps({"query": f"What is {i}?", "input_tokens": i, "usage": {"cost": 0.1 * i}}) + "\n"
    for i in range(30)
)
CHAT = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where is it?"}]
BODY = {"model": "gpt-4o", "usage": {"prompt_tokens": 20, "completion_tokens": 7}}
# a few tools, one record each, with what their sources look at
RECORDS: list[dict[str, Any]] = [
    {"id": "a", "_xact_id": "1", "span_id": "s", "root_span_id": "t", "input": CHAT, "metrics": {"start": 1791217200, "end": 1791217201, "prompt_tokens": 20, "completion_tokens": 7}, "metadata": {"model": "gpt-4o"}, "span_attributes": {"type": "llm"}, "scores": {"good": 1}},
    {"id": "a", "traceId": "t", "type": "GENERATION", "startTime": "2026-10-05T16:20:00Z", "model": "gpt-4o", "input": CHAT, "usageDetails": {"input": 20, "output": 7}, "inputUsage": 20, "costDetails": {"total": 0.1}},
    {"request_id": "a", "call_type": "completion", "spend": 0.1, "startTime": "2026-10-05T16:20:00Z", "endTime": "2026-10-05T16:20:01Z", "model": "gpt-4o", "prompt_tokens": 20, "completion_tokens": 7, "messages": CHAT, "metadata": {}},
    {"request_id": "a", "delay_ms": 900, "request_created_at": "2026-10-05T16:20:00Z", "request_body": {"messages": CHAT}, "response_body": BODY, "prompt_tokens": 20},
    {"id": "a", "run_type": "llm", "dotted_order": "x", "trace_id": "t", "start_time": "2026-10-05T16:20:00Z", "inputs": {"messages": CHAT}, "outputs": {}, "prompt_tokens": 20},
    {"id": "a", "created_at": "2026-10-05T16:20:00Z", "request": {"messages": CHAT}, "response": BODY, "ai_org": "openai", "ai_model": "gpt-4o", "req_units": 20, "res_units": 7, "cost": 1.5},
    {"id": "a", "op_name": "weave:///e/p/op/openai.chat:x", "trace_id": "t", "started_at": "2026-10-05T16:20:00Z", "inputs": {"messages": CHAT}, "summary": {"usage": {"gpt-4o": BODY["usage"]}}},
    {"id": "a", "custom_id": "q", "response": {"status_code": 200, "body": BODY}, "error": None},
    {"custom_id": "q", "result": {"type": "succeeded", "message": {"model": "m", "usage": {"input_tokens": 20, "output_tokens": 7}}}},
    {"id": "a", "model": "m", "prompt": "Where is it?", "conversation_id": "c", "duration_ms": 900, "datetime_utc": "2026-10-05T16:20:00", "input_tokens": 20, "output_tokens": 7, "token_details": {}},
    {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "t", "spanId": "s", "startTimeUnixNano": "1791217200000000000", "attributes": [{"key": "gen_ai.request.model", "value": {"stringValue": "m"}}, {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "20"}}]}]}]}]},
    {"messages": CHAT},
]  # fmt: skip
KEYS = sorted({key for record in RECORDS for key in record} | {"query", "text", "cost", "score"})


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", content)
    return out.getvalue()


def parquet() -> bytes:
    out = pa.BufferOutputStream()
    rows = [{"query": f"What is {i}?", "input_tokens": i, "usage": {"a": [i]}} for i in range(30)]
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue().to_pybytes()


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in [["query", "input_tokens"], *([f"What is {i}?", i] for i in range(30))]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def database(*statements: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return path.read_bytes()


SEEDS = {
    "csv": CSV.encode(),
    "semicolons": CSV.replace(",", ";").encode("utf-16"),
    "lines": LINES.encode(),
    "array": json.dumps(RECORDS[:1] * 20).encode(),
    "envelope": json.dumps({"data": RECORDS[1:2] * 20, "page": 1}, indent=1).encode(),
    "otlp": json.dumps(RECORDS[10]).encode(),
    "gzip": gzip.compress(CSV.encode(), mtime=0),
    "zip": zipped(CSV.encode()),
    "zip of gzip": zipped(gzip.compress(LINES.encode(), mtime=0)),
    "parquet": parquet(),
    "workbook": workbook(),
    "sqlite": database(
        "CREATE TABLE calls(prompt TEXT, input_tokens INTEGER)",
        *(f"INSERT INTO calls VALUES ('What is {i}?', {i})" for i in range(30)),
    ),
    "llm": database(
        "CREATE TABLE responses(id, model, prompt, system, response, conversation_id, duration_ms, datetime_utc, input_tokens, output_tokens)",
        *(
            f"INSERT INTO responses VALUES ('{i}', 'm', 'What is {i}?', '', 'x', 'c', 9, '2026-10-05', {i}, 7)"
            for i in range(30)
        ),
    ),
}


def read(content: bytes) -> tuple[Log, list[dict[str, Any]]] | None:
    """The log in these bytes, or None when they are refused in one line."""
    with tempfile.TemporaryDirectory() as place:
        path, folder = Path(place) / "log", Path(place) / "logs"
        path.write_bytes(content)
        try:
            look = preview(path, "log")
            log = ingest(path, look.mapping, folder, name="log", now=NOW)
        except BadInput as refusal:
            assert "\n" not in str(refusal) and len(str(refusal)) < 800
            return None
        assert Log.from_json(log.to_json()) == log
        return log, pq.read_table(log_folder(folder, log.digest) / QUERIES).to_pylist()


def check(content: bytes) -> None:
    """Either refused, or every total is what the rows come to."""
    found = read(content)
    if found is None:
        return
    log, rows = found
    well = [row for row in rows if row["status"] == "ok"]
    assert log.rows == log.rows_kept + sum(log.dropped.values()) + sum(log.failed.values())
    assert len(well) == log.rows_kept and len(rows) - len(well) == sum(log.failed.values())
    for row in rows:
        inputs, outputs = row["input_tokens"], row["output_tokens"]
        subsets = row["cache_read_tokens"], row["cache_write_tokens"]
        assert min(subsets) >= 0 and (inputs is None or sum(subsets) <= inputs)
        assert (outputs or 0) >= 0 and (
            outputs is None or (row["reasoning_tokens"] or 0) <= outputs
        )
        assert row["cost_usd"] is None or 0 <= row["cost_usd"] < float("inf")
        assert row["feedback"] is None or 0 <= row["feedback"] <= 1
        assert row["attempt"] >= 1 and row["turns"] >= 1 and row["requests"] >= 0
        assert (
            inputs is not None
            or row["text"] is not None
            or log.grain == "aggregate"
            or row not in well
        )
    logged = [row["input_tokens"] for row in well if not row["input_estimated"]]
    total = sum(n for n in logged if n is not None)
    assert (log.input_tokens or 0) == total
    costs = [row["cost_usd"] for row in well if row["cost_usd"] is not None]
    assert (log.logged_cost_usd or 0) == pytest.approx(sum(costs), abs=1e-9, rel=1e-9)
    assert sum(log.models.values()) <= log.requests == sum(row["requests"] for row in well)


relaxed = settings(
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.integers(-5, 5_000),
    st.floats(), st.text(max_size=30), st.sampled_from(
        ["ok", "error", "llm", "1,234", "$0.10", "2026-10-05", "05/10/2026", "NaN", "=1+1", "\ud800",
         "[{\"role\": \"user\", \"content\": 1}]", "{", "1e999", "\u2028", "true", "-1"]
    ),
)  # fmt: skip
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=6)), inner, max_size=5),
    ),
    max_leaves=12,
)


@relaxed
@given(st.binary(max_size=3_000))
def test_random_bytes(content: bytes) -> None:
    check(content)


@relaxed
@given(st.text(st.sampled_from("ab,;\t|\"'\n\r{}[]:0159.-\\ \u00e9\ufeff\0"), max_size=400))
def test_random_text_of_tables_and_json(content: str) -> None:
    check(content.encode())


@pytest.mark.parametrize("seed", SEEDS)
@relaxed
@given(data=st.data())
def test_every_container_with_damage(seed: str, data: st.DataObject) -> None:
    content = bytearray(SEEDS[seed])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["flip", "cut", "insert", "repeat", "drop"])):
            case "flip":
                content[place] = data.draw(st.integers(0, 255))
            case "cut":
                del content[max(place, 1) :]
            case "insert":
                content[place:place] = data.draw(st.binary(min_size=1, max_size=20))
            case "repeat":
                content[place:place] = content[max(place - 200, 0) : place]
            case "drop" if len(content) > 60:
                del content[place : place + 20]
    check(bytes(content))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_container_undamaged(seed: str) -> None:
    found = read(SEEDS[seed])
    assert found is not None and found[0].rows_kept in (1, 20, 30, 31)


@relaxed
@given(rows=st.lists(st.dictionaries(st.sampled_from(KEYS), values, max_size=12), max_size=8))
def test_random_rows_with_the_tools_keys(rows: list[dict[str, Any]]) -> None:
    check(json.dumps(rows).encode())
    check("\n".join(map(json.dumps, rows)).encode())


@pytest.mark.parametrize("place", range(len(RECORDS)))
@relaxed
@given(data=st.data())
def test_a_tools_rows_with_random_values(place: int, data: st.DataObject) -> None:
    record = RECORDS[place]
    rows = [record]
    for _ in range(data.draw(st.integers(1, 4))):
        spoiled = dict(record)
        for key in data.draw(st.lists(st.sampled_from(sorted(record)), min_size=1, max_size=4)):
            spoiled[key] = data.draw(values)
        rows.append(spoiled)
    check(json.dumps(rows).encode())
    cells = [
        {k: v if isinstance(v, str) else json.dumps(v) for k, v in row.items()} for row in rows
    ]
    table = pa.table(
        {key: [cell[key].encode("utf-8", "replace").decode() for cell in cells] for key in record}
    )
    out = pa.BufferOutputStream()
    pq.write_table(table, out)
    check(out.getvalue().to_pybytes())
