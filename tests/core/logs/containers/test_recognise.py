import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from core.logs.containers.reading import read_chunks
from core.logs.containers.recognise import recognise

ROWS = [{"id": "1", "query": "Ünï, one"}, {"id": "2", "query": 'two\n"lines"'}]
CSV = 'id,query\n1,"Ünï, one"\n2,"two\n""lines"""\n'


def workbook() -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    book.create_sheet("empty first", 0)
    for row in [("id", "query"), *((int(r["id"]), r["query"]) for r in ROWS), (None, None)]:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(pa.table({"id": [1, 2], "query": [r["query"] for r in ROWS]}), out)
    return out.getvalue().to_pybytes()


JSONL = "\n".join(json.dumps(row) for row in ROWS)


def delimited_by(delimiter: str, newline: str = "\n") -> bytes:
    cells = [["id", "query"], ["1", '"Ünï, one"'], ["2", '"two\n""lines"""']]
    return "".join(delimiter.join(row) + newline for row in cells).encode()


SHAPES: list[tuple[bytes, str]] = [
    (CSV.encode(), "CSV, comma-separated, UTF-8"),
    (delimited_by(";"), "CSV, semicolon-separated, UTF-8"),
    (delimited_by("\t"), "CSV, tab-separated, UTF-8"),
    (delimited_by("|", "\r\n"), "CSV, pipe-separated, UTF-8"),
    (b"sep=;\n" + delimited_by(";"), "CSV, semicolon-separated, UTF-8"),
    (b"\xef\xbb\xbf" + CSV.encode(), "CSV, comma-separated, UTF-8"),
    (CSV.encode("utf-16"), "CSV, comma-separated, UTF-16"),
    (CSV.encode("utf-16-le"), "CSV, comma-separated, UTF-16"),
    (CSV.encode("cp1252"), "CSV, comma-separated, Windows-1252"),
    (gzip.compress(CSV.encode()), "CSV, comma-separated, UTF-8, gzip"),
    (JSONL.encode(), "JSON lines, UTF-8"),
    (gzip.compress(JSONL.encode()), "JSON lines, UTF-8, gzip"),
    (json.dumps(ROWS).encode(), "JSON, UTF-8"),
    (json.dumps(ROWS, indent=2).encode(), "JSON, UTF-8"),
    (json.dumps({"total": 2, "data": ROWS}).encode(), "JSON, UTF-8"),
    (json.dumps({"total": [1], "result": {"items": ROWS}}, indent=1).encode(), "JSON, UTF-8"),
    ("\n".join(json.dumps(row, indent=1) for row in ROWS).encode(), "JSON, UTF-8"),
    (parquet(), "Parquet"),
    (workbook(), "Excel workbook"),
]  # fmt: skip

# Named by the words: a gzip holds its second, and every process has to find the same tests.
each_shape = pytest.mark.parametrize(
    ("content", "words"), SHAPES, ids=[words for _, words in SHAPES]
)


@each_shape
def test_every_container_gives_the_same_rows(
    content: bytes, words: str, file: Callable[..., Path]
) -> None:
    path = file(content, "log.dat")
    container = recognise(path, "log.dat")
    assert container.words() == words
    rows = [
        row for chunk in read_chunks(path, container, "log") for row in chunk.table().to_pylist()
    ]
    assert rows == ROWS


@each_shape
def test_only_the_wanted_columns_are_read(
    content: bytes, words: str, file: Callable[..., Path]
) -> None:
    path = file(content)
    chunks = read_chunks(path, recognise(path, "log"), "log", columns=["query"], chunk_rows=1)
    found = [row for chunk in chunks for row in chunk.table(["query"]).to_pylist()]
    assert found == [{"query": row["query"]} for row in ROWS]
