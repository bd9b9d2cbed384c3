"""Whatever people bring: one clear line, or rows skipped and counted; never a traceback."""

# ruff: noqa: E501 - each kind of bad input is one line of a table

import gzip
import io
import json
import random
import sqlite3
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from core.errors import BadInput
from core.logs.log import Log

Rows = list[dict[str, object]]
Import = Callable[..., tuple[Log, Rows]]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
NOISE = random.Random(1).randbytes(5_000)
GOOD = "query,input_tokens,cost\nWhere is my order?,10,0.1\n"


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def encrypted() -> bytes:
    """A zip whose only member has the flag of a password."""
    packed = bytearray(zipped(**{"a.csv": b"query\nhi there\n"}))
    packed[6] |= 1  # in the member's own header, and in the list of members
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def packed_with(method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("a.csv", GOOD * 50)
    return out.getvalue()


def claims(size: int) -> bytes:
    """A zip whose member says that it is of that size."""
    packed = bytearray(zipped(**{"a.csv": GOOD.encode()}))
    place = packed.index(b"PK\x01\x02") + 24
    packed[place : place + 4] = size.to_bytes(4, "little")
    return bytes(packed)


def with_flipped_byte(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def database(*statements: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        connection = sqlite3.connect(path)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return path.read_bytes()


ROWS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
CALLS = database(
    "CREATE TABLE calls(prompt, input_tokens)",
    f"INSERT INTO calls {ROWS} SELECT 'what is ' || i, i FROM n",
)


def workbook_shell(sheet: bytes) -> bytes:
    return zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": sheet})


def parquet(rows: int = 100) -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(pa.table({"query": pa.array(["hello there"] * rows, pa.string())}), out)
    return out.getvalue().to_pybytes()


def wide_parquet() -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(pa.table({f"c{i}": [1] for i in range(3_000)}), out)
    return out.getvalue().to_pybytes()


def workbook(rows: list[list[object]]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


REFUSED: list[tuple[str, bytes | str, str]] = [
    ("an empty file", "", "is empty"),
    ("only blank space", " \n\n\t", "only blank space"),
    ("a header and no rows", "query,model\n", "header but no rows"),
    ("a header without its newline", "query,model", "header but no rows"),
    ("no text and no tokens", "colour,size\nred,1\nblue,2\n", "No column holds"),
    ("only blank queries", "query,model\n ,a\n,b\n", "None of the 2 rows"),
    ("only NaN tokens", "input_tokens,cost\nNaN,1\nnan,2\n", "no input token count"),
    ("only negative tokens", "input_tokens\n-5\n-7\n", "2 negative tokens"),
    ("no header", "1,2,3\n4,5,6\n", "first row holds numbers"),
    ("random bytes", NOISE, "binary"),
    ("bytes that start with text", b"query\n" + bytes(500), "binary"),
    ("a PNG called .csv", PNG, "PNG image"),
    ("a JPEG", b"\xff\xd8\xff\xe0" + bytes(99), "JPEG image"),
    ("a PDF", b"%PDF-1.7\n%\xe2\xe3", "PDF"),
    ("an old Excel file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), ".xls"),
    ("only SQLite's magic", b"SQLite format 3\0" + bytes(99), "SQLite database cannot be read"),
    ("a cut SQLite database", CALLS[:-9_000], "SQLite database cannot be read"),
    ("a damaged SQLite database", CALLS[:4_096] + NOISE + CALLS[4_096 + len(NOISE):], "SQLite database cannot be read"),
    ("a SQLite database without tables", database("PRAGMA user_version = 1"), "has no tables"),
    ("a SQLite table without rows", database("CREATE TABLE calls(prompt)"), "no rows"),
    ("a SQLite table that is no log", database("CREATE TABLE a(x, y)", "INSERT INTO a VALUES (1, 2)"), "No column holds"),
    ("an empty zip", zipped(), "holds no file"),
    ("a zip with nothing but hidden files", zipped(**{"__MACOSX/._a": b"x", ".DS_Store": b"x"}), "holds no file"),
    ("a zip that climbs out", zipped(**{"../../etc/passwd": b"query\nhi\n"}), "points outside"),
    ("a zip that climbs out backwards", zipped(**{"..\\a.csv": b"query\nhi\n"}), "points outside"),
    ("a zip with an absolute name", zipped(**{"/etc/a.csv": b"query\nhi\n"}), "points outside"),
    ("a zip with a drive letter", zipped(**{"C:\\a.csv": b"query\nhi\n"}), "points outside"),
    ("an encrypted zip", encrypted(), "encrypted"),
    ("a zip in a zip", zipped(**{"in.zip": zipped(**{"a.csv": GOOD.encode()})}), "archive in an archive"),
    ("a cut zip", zipped(**{"a.csv": GOOD.encode() * 99})[:-30], "damaged"),
    ("a zip with a damaged member", with_flipped_byte(zipped(**{"a.csv": GOOD.encode() * 99}), 60), "damaged"),
    ("a zip packed by bzip2", packed_with(zipfile.ZIP_BZIP2), "a method that is not read"),
    ("a zip packed by LZMA", packed_with(zipfile.ZIP_LZMA), "a method that is not read"),
    ("a zip bomb by ratio", zipped(**{"a.csv": b"query\n" + b"a" * (60 << 20)}), "beyond what is opened"),
    ("a zip bomb by size", claims(0xFFFF_FFF0), "beyond what is opened"),
    ("a zip of a gzip bomb", zipped(**{"a.gz": gzip.compress(b"query\n" + (b"a" * 999 + b"\n") * 70_000)}), "beyond what is opened"),
    ("a zip of two kinds", zipped(**{"a.csv": GOOD.encode(), "b.csv": b"ContextTokens,GeneratedTokens\n5,6\n"}), "'log.csv/a.csv' is a table and 'log.csv/b.csv' is of the kind"),
    ("a zip of two shapes", zipped(**{"a.csv": GOOD.encode(), "b.csv": b"question,cost\nwhy so?,1\n"}), "'log.csv/b.csv' has none"),
    ("a zip of pictures", zipped(**{"a": PNG, "b": PNG}), "None of the 2 files"),
    ("a Word document", zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "an Office document"),
    ("an OpenDocument table", zipped(**{"mimetype": b"x", "content.xml": b"<x/>"}), "an OpenDocument file"),
    ("a gzip of a zip", gzip.compress(zipped(**{"a.csv": GOOD.encode()})), "another packed file"),
    ("a million columns", ",".join(f"c{i}" for i in range(1_000_000)) + "\n1\n", "first line is longer"),
    ("thousands of columns", ",".join(f"c{i}" for i in range(9_000)) + "\n1\n", "9,000 columns"),
    ("thousands of Parquet columns", wide_parquet(), "3,000 columns"),
    ("a JSON object of a million keys", json.dumps({f"key{i}": 1 for i in range(1_000_000)}), "more than 20,000 keys"),
    ("empty JSON lines", "{}\n{}\n{}\n", "No column"),
    ("an empty JSON envelope", '{"data": []}', "No column"),
    ("an empty workbook", workbook([]), "no rows"),
    ("a workbook with only a header", workbook([["query", "model"]]), "no rows"),
    ("a Parquet file without rows", parquet(0), "no rows"),
    ("a Markdown page", "# Title\n\nSome words, and more.\n\n- a\n- b\n", "No column"),
    ("an XML page", "<html><body>hi</body></html>\n", "no rows"),
    ("a broken zip", b"PK\x03\x04" + bytes(50), "damaged"),
    ("a broken workbook", workbook_shell(b"<not xml"), "workbook is damaged"),
    ("a workbook without a table", workbook_shell(b"<workbook/>"), "workbook is damaged"),
    ("a cut gzip", gzip.compress(GOOD.encode() * 999)[:-20], "damaged or ends early"),
    ("a gzip of rubbish", b"\x1f\x8b\x08\x00" + NOISE, "damaged or ends early"),
    ("a gzip in a gzip", gzip.compress(gzip.compress(GOOD.encode())), "another packed file"),
    ("a gzip of nothing", gzip.compress(b""), "only blank space"),
    ("a gzip bomb", gzip.compress(b"query\n" + (b"a" * 999 + b"\n") * 70_000), "beyond what is opened"),
    ("a cut Parquet", parquet()[:-30], "Parquet file cannot be read"),
    ("only Parquet's magic", b"PAR1", "Parquet file cannot be read"),
    ("a JSON number", "42", "single JSON value"),
    ("a JSON text", '"hello"', "single JSON value"),
    ("a cut JSON array", '[{"query": "hello"}, {"query": "wor', "near line 1"),
    ("an empty JSON array", "[]", "has no rows"),
    ("JSON nested too deeply", "[" * 200_000, "JSON"),
    ("only broken JSON lines", '{"query": ""}\n' * 6 + "{oops\n" * 4, "None of the 10 rows"),
    ("a quotation mark never closed", 'query,n\n"oops,1\n' + "row,2\n" * 4_000, "4,001 swallowed by an unclosed quotation mark (first at row 2)"),
    ("a cell of 40 MB", "query,n\n" + "x" * (40 << 20) + ",1\n", "longer than 16 MB"),
    ("a JSON line of 40 MB", '{"query":"hi"}\n{"query":"' + "x" * (40 << 20) + '"}', "longer than 16 MB"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_what_cannot_be_read_is_refused_in_one_line(
    content: bytes | str, words: str, read: Import, folder: Path
) -> None:
    began = time.monotonic()
    with pytest.raises(BadInput) as refusal:
        read(content)
    assert time.monotonic() - began < 10
    message = str(refusal.value)
    assert words in message and message.startswith(("log.csv: ", "log.csv/"))
    assert "\n" not in message and len(message) < 400
    assert not folder.exists() or {place.name for place in folder.iterdir()} <= {".identity-key"}


ACCEPTED: list[tuple[str, bytes | str, int, dict[str, int]]] = [
    ("one row", GOOD, 1, {}),
    ("a blank query", GOOD + ",5,0.1\n", 1, {"no query text": 1}),
    ("negative cost", GOOD + "hello,5,-0.1\n", 1, {"negative cost": 1}),
    ("negative tokens", GOOD + "hello,-5,0.1\n", 1, {"negative tokens": 1}),
    ("tokens that are NaN or words", GOOD + "hello,NaN,1\nhi there,many,1\n", 3, {}),
    ("thousands separators", GOOD + 'hello,"1,234","$1,000.50"\n', 2, {}),
    ("ragged rows", GOOD + "a,b\nhello,5,1,1,1\nhi,6,0.1\n", 2, {"wrong number of cells": 2}),
    ("repeated headers", "query,query,input_tokens\nfirst one,second one,5\n", 1, {}),
    ("blank headers", "query,,\nhello there,x,y\n", 1, {}),
    ("only some blank lines", "\n\nquery\n\nhello there\n\n", 1, {}),
    ("carriage returns", "query,input_tokens\r\nhello there,5\r\n", 1, {}),
    ("no last newline", "query,input_tokens\nhello there,5", 1, {}),
    ("a BOM", "\ufeff" + GOOD, 1, {}),
    ("UTF-16", GOOD.encode("utf-16"), 1, {}),
    ("UTF-16 with half a character", GOOD.encode("utf-16") + "hé,5,1\n".encode("utf-16-le") + b"\x00", 2, {"wrong number": 1}),
    ("Windows letters", "query,input_tokens\nOù est \x93ça\x94?,5\n".encode("latin-1"), 1, {}),
    ("a broken byte among good letters", "query\nÜber—größe\n".encode() + b"na\xefve \xed\xa0\x80 x\n", 2, {}),
    ("zero bytes in a cell", "query,n\n" + "hello there,1\n" * 400 + "a\0b,2\n", 401, {}),
    ("lone surrogates in JSON", '{"query": "oh \\ud83d no"}\n{"query": "\\udc00"}', 2, {}),
    ("broken JSON lines", '{"query": "a b"}\n{oops\n{"query": "c d"}\n', 2, {"broken JSON line": 1}),
    ("JSON lines that are no objects", '{"query": "a b"}\n[1]\n7\n{"query": "c"}\n{"query": "d"}', 3, {"not a JSON object": 2}),
    ("JSON with mixed types", '{"query": "a", "input_tokens": 5}\n{"query": 7, "input_tokens": "x"}\n{"query": ["b"], "input_tokens": {"c": 1}}', 3, {}),
    ("JSON lines with other columns", '{"query": "a b", "x": 1}\n{"y": 2}\n{"query": "c d", "z": {}}', 2, {"no query text": 1}),
    ("deeply nested JSON", '{"query": "a b", "x": ' + '{"k":' * 300 + "1" + "}" * 301, 1, {}),
    ("a thousand JSON keys", json.dumps({"query": "a b", **{f"k{i}": i for i in range(1_000)}}), 1, {}),
    ("a cell of 10 MB", GOOD + '"' + "long words " * 950_000 + '",5,0.1\n', 2, {}),
    ("a JSON cell of 10 MB", json.dumps({"query": "long words " * 950_000}), 1, {}),
    ("dates in five styles", "query,date\na b,2026-10-05\na b,10/05/2026\na b,1791217200\na b,05 Oct 2026\na b,2026-10-05T01:02:03.1234567Z\n", 5, {}),
    ("absurd dates", "query,date\na b,2999-01-01\na b,1066-10-14\na b,2026-10-05\na b,0000-00-00\n", 4, {}),
    ("more cached than input", "query,input_tokens,cached_tokens\n" + "a b,9,1\n" * 9 + "a b,5,6\n", 9, {"cached tokens exceed input tokens": 1}),
    ("counts beyond any number", "input_tokens,cost\n5,1\n6,1\n7,1\n" + "9" * 400 + ",1\n1e999,1\n9" + "0" * 20 + ",1\n", 3, {"no input token count": 3}),
    ("infinite costs", "input_tokens,cost\n5,inf\n6,-Infinity\n7,NaN\n8,1e400\n9,0.5\n", 5, {}),
    ("infinities in JSON", '{"query": "a b", "input_tokens": Infinity, "cost": NaN}\n{"query": "c d", "input_tokens": 4, "cost": -Infinity}\n', 2, {}),
    ("HTML and Markdown in prompts", 'query\n"<script>alert(1)</script> [a](javascript:x) ![](http://x/y.png)"\n"# title\n| a | b |"\n', 2, {}),
    ("a zip with one log and its litter", zipped(**{"x/": b"", "x/a.dat": GOOD.encode(), "__MACOSX/._a": b"junk", "x/.DS_Store": b"junk"}), 1, {}),
    ("a zip of JSON lines in gzip", zipped(**{"a": gzip.compress(b'{"query": "a b"}\n{"query": "c d"}\n')}), 2, {}),
    ("a zip of Parquet", zipped(**{"a": parquet()}), 100, {}),
    ("a zip of a workbook", zipped(**{"a": workbook([["query"], ["hello there"]])}), 1, {}),
    ("a zip of SQLite", zipped(**{"a": CALLS}), 3000, {}),
    ("a zip of days", zipped(**{"2.csv": GOOD.encode(), "1.csv": GOOD.encode(), "README": b"words", "3.csv": b""}), 2, {}),
    ("SQLite under another name", CALLS, 3000, {}),
    ("a SQLite table with blobs and broken text", database("CREATE TABLE calls(prompt, input_tokens)", "INSERT INTO calls VALUES (x'68ff6921', 5), ('b c', 'many'), (NULL, 1e999), ('d e', -3)", f"INSERT INTO calls {ROWS} SELECT 'so ' || i, i FROM n"), 3002, {"no query text": 1, "negative tokens": 1}),
    ("a workbook formatted far to the right", workbook([["query", "model", None, " "], ["hello there", "a", None, None]]), 1, {}),
    ("JSON lines with a thousand new keys each", "".join(json.dumps({"query": "a b", **{f"{j} {i}": i for i in range(1_000)}}) + "\n" for j in range(20)), 20, {}),
    ("a JSON array with broken members", '[{"query": "a b"}, 5, null, ["x"], {"query": "c d"}]', 2, {"not a JSON object": 3}),
    ("formulas", 'query\n"=cmd|\' /C calc\'!A0"\n@SUM(A1)\n', 2, {}),
    ("a gzip under another name", gzip.compress(GOOD.encode()), 1, {}),
    ("Parquet under another name", parquet(), 100, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "kept", "dropped"), [a[1:] for a in ACCEPTED], ids=[a[0] for a in ACCEPTED]
)
def test_what_can_be_read_is_read_and_the_rest_is_counted(
    content: bytes | str, kept: int, dropped: dict[str, int], read: Import
) -> None:
    log, rows = read(content)
    assert log.rows_kept == len(rows) == kept
    assert log.rows == kept + sum(log.dropped.values())
    assert sorted(log.dropped.values()) == sorted(dropped.values())
    for reason in dropped:
        assert any(reason in found for found in log.dropped)
    assert Log.from_json(log.to_json()) == log


def spoiled(record: dict[str, object], values: list[object]) -> str:
    """The record once per value, which then stands in every field, as a list of objects."""
    return json.dumps([record, *(dict.fromkeys(record, value) for value in values)])


# one record per tool: what its source is told by, and every field that it reads
TOOL_RECORDS: dict[str, dict[str, object]] = {
    "braintrust": {"id": "a", "_xact_id": "1", "span_id": "s", "root_span_id": "t", "created": "2026-10-05T16:20:00Z", "input": [{"role": "user", "content": "Where is it?"}], "output": "Here.", "metrics": {"start": 1791217200, "end": 1791217201, "prompt_tokens": 200, "completion_tokens": 40}, "metadata": {"model": "gpt-4o"}, "span_attributes": {"type": "llm"}, "scores": {"good": 1}, "tags": ["a"], "error": None},
    "langfuse_observations": {"id": "a", "traceId": "t", "type": "GENERATION", "startTime": "2026-10-05T16:20:00Z", "endTime": "2026-10-05T16:20:01Z", "model": "gpt-4o", "input": "Where is it?", "output": "Here.", "usageDetails": {"input": 200, "output": 40}, "costDetails": {"total": 0.1}, "inputUsage": 200, "outputUsage": 40, "totalUsage": 240, "level": "DEFAULT", "metadata": {}},
    "litellm_spendlogs": {"request_id": "a", "call_type": "completion", "spend": 0.1, "startTime": "2026-10-05T16:20:00Z", "endTime": "2026-10-05T16:20:01Z", "model": "gpt-4o", "prompt_tokens": 200, "completion_tokens": 40, "total_tokens": 240, "messages": [{"role": "user", "content": "Where is it?"}], "response": {}, "metadata": {}, "cache_hit": "False", "request_tags": ["a"], "user": "u", "status": "success"},
    "helicone_api": {"request_id": "a", "delay_ms": 900, "request_created_at": "2026-10-05T16:20:00Z", "request_body": {"messages": [{"role": "user", "content": "Where is it?"}]}, "response_body": {}, "model": "gpt-4o", "prompt_tokens": 200, "completion_tokens": 40, "costUSD": 0.1, "response_status": 200, "request_properties": {}, "scores": {}},
    "langsmith": {"id": "a", "run_type": "llm", "dotted_order": "x", "trace_id": "t", "start_time": "2026-10-05T16:20:00Z", "end_time": "2026-10-05T16:20:01Z", "inputs": {"messages": [{"role": "user", "content": "Where is it?"}]}, "outputs": {}, "extra": {}, "prompt_tokens": 200, "completion_tokens": 40, "total_tokens": 240, "total_cost": "0.1", "status": "success", "error": None, "tags": [], "session_id": "s", "feedback_stats": {}},
    "portkey": {"id": "a", "trace_id": "t", "created_at": "2026-10-05T16:20:00Z", "request": {"messages": [{"role": "user", "content": "Where is it?"}]}, "response": {}, "ai_org": "openai", "ai_model": "gpt-4o", "req_units": 200, "res_units": 40, "cost": 1.5, "response_time": 900, "response_status_code": 200, "metadata": {}},
    "weave": {"id": "a", "op_name": "weave:///e/p/op/openai.chat:x", "trace_id": "t", "started_at": "2026-10-05T16:20:00Z", "ended_at": "2026-10-05T16:20:01Z", "inputs": {"messages": [{"role": "user", "content": "Where is it?"}]}, "output": "Here.", "summary": {"usage": {"gpt-4o": {"prompt_tokens": 200, "completion_tokens": 40, "requests": 1}}}, "attributes": {}, "exception": None},
    "openai_batch_output": {"id": "a", "custom_id": "q", "response": {"status_code": 200, "body": {"model": "gpt-4o", "created": 1791217200, "usage": {"prompt_tokens": 200, "completion_tokens": 40}}}, "error": None},
    "anthropic_batch": {"custom_id": "q", "result": {"type": "succeeded", "message": {"model": "claude-haiku-4-5", "usage": {"input_tokens": 200, "output_tokens": 40}}}},
    "llm_json": {"id": "a", "model": "gpt-4o", "prompt": "Where is it?", "system": None, "response": "Here.", "conversation_id": "c", "duration_ms": 900, "datetime_utc": "2026-10-05T16:20:00", "input_tokens": 200, "output_tokens": 40, "token_details": {}},
}  # fmt: skip
WRONG: list[object] = [
    -1, 0, True, 1e308, 10**400, "x", "", "NaN", "9" * 50, [], {}, [[]], [None], {"a": None},
    [{"role": 5, "content": {"x": [1]}}], {"messages": "no"}, {"usage": [1]}, "\ud800", "{", "[[[[", None,
]  # fmt: skip


@pytest.mark.parametrize("source", TOOL_RECORDS)
def test_rows_of_a_tool_with_wrong_types_in_every_field_spoil_no_good_row(
    source: str, read: Import
) -> None:
    log, rows = read(spoiled(TOOL_RECORDS[source], WRONG))
    assert log.source == source
    told = log.rows + sum(log.passed_over.values())
    assert log.rows == log.rows_kept + sum(log.dropped.values()) + sum(log.failed.values())
    assert told == 1 + len(WRONG)
    first = rows[0]
    assert (first["input_tokens"], first["output_tokens"], first["status"]) == (200, 40, "ok")
    for row in rows:
        if row["status"] == "ok" and row is not first:
            assert (row["input_tokens"] or 0) in range(10**8) and (row["cost_usd"] or 0) >= 0


def test_values_survive_the_repairs(read: Import) -> None:
    _, rows = read("query,input_tokens\nOù est \x93ça\x94?,5\n".encode("latin-1"))
    assert rows[0]["text"] == "Où est “ça”?"
    _, rows = read("query\nÜber—größe\n".encode() + b"na\xefve \xed\xa0\x80 x\n")
    assert rows[1]["text"] == "naïve \ufffd x"
    _, rows = read('{"query": "oh \\ud83d no"}')
    assert rows[0]["text"] == "oh \ufffd no"
    _, rows = read(GOOD + 'hello,"1,234","$1,000.50"\n')
    assert (rows[1]["input_tokens"], rows[1]["cost_usd"]) == (1234, 1000.5)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    from core.logs.preview import preview

    with pytest.raises(BadInput, match="cannot be opened"):
        preview(tmp_path / "nowhere.csv", "nowhere.csv")
    with pytest.raises(BadInput, match="no log in it"):
        preview(tmp_path, "folder")


def test_a_parquet_file_of_few_bytes_and_endless_rows_or_texts_is_refused(read: Import) -> None:
    def written(column: pa.Array) -> bytes:
        out = pa.BufferOutputStream()
        pq.write_table(pa.table({"query": column}), out, compression="zstd")
        return out.getvalue().to_pybytes()

    texts = pa.array(["long " * 200_000] * 200)
    rows = pa.DictionaryArray.from_arrays(pa.array([0] * 6_000_000, pa.int8()), ["hi there"])
    for column, words in ((texts, "unpacks to more than 200 MB"), (rows, "6,000,000 rows")):
        with pytest.raises(BadInput, match=words):
            read(written(column))


def test_parquet_columns_of_rare_types_do_not_spoil_the_file(read: Import) -> None:
    out = pa.BufferOutputStream()
    columns = {
        "query": pa.array(["hello there"]),
        "spent": pa.array([1], pa.duration("us")),
        "id": pa.array([bytes(16)], pa.uuid()),
        "raw": pa.array([b"\xff\x00"], pa.binary(2)),
        "pairs": pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())),
        "nothing": pa.nulls(1),
        "input_tokens": pa.array([7], pa.uint16()),
    }
    pq.write_table(pa.table(columns), out)
    log, rows = read(out.getvalue().to_pybytes())
    assert (log.rows_kept, log.input_tokens) == (1, 7)
    assert rows[0]["request_id"] == "00000000-0000-0000-0000-000000000000"
