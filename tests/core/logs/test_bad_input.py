"""Whatever people bring: one clear line, or rows skipped and counted; never a traceback."""

# ruff: noqa: E501 - each kind of bad input is one line of a table

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

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


def workbook_shell(sheet: bytes) -> bytes:
    return zipped(**{"[Content_Types].xml": b"<x/>", "xl/workbook.xml": sheet})


def parquet() -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(pa.table({"query": ["hello there"] * 100}), out)
    return out.getvalue().to_pybytes()


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
    ("an SQLite file", b"SQLite format 3\0" + bytes(99), "SQLite"),
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
    with pytest.raises(BadInput) as refusal:
        read(content)
    message = str(refusal.value)
    assert words in message and message.startswith("log.csv: ")
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
