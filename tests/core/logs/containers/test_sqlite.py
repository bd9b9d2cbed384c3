import sqlite3
from pathlib import Path

import pytest

from core.errors import BadInput
from core.logs.containers.reading import read_chunks
from core.logs.containers.recognise import recognise
from core.logs.containers.sqlite import opened, tables


def database(path: Path, *statements: str, wal: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    if wal:
        connection.execute("PRAGMA journal_mode = WAL")
    for statement in statements:
        connection.execute(statement)
    return connection


def rows(path: Path) -> list[dict[str, str | None]]:
    chunks = read_chunks(path, recognise(path, path.name), path.name)
    return [row for chunk in chunks for row in chunk.table().to_pylist()]


def test_a_table_comes_as_texts_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database(
        path,
        'CREATE TABLE "my ""calls"""(b, "a b" TEXT)',
        "INSERT INTO \"my \"\"calls\"\"\" VALUES (7, 'x'), (0.5, NULL), (x'68ff', 'é')",
        'INSERT INTO "my ""calls""" VALUES (1e999, \'\')',
    ).close()
    assert recognise(path, "a.db").words() == "SQLite database, table 'my \"calls\"'"
    assert rows(path) == [
        {"b": "7", "a b": "x"},
        {"b": "0.5", "a b": None},
        {"b": "h\ufffd", "a b": "é"},
        {"b": None, "a b": ""},
    ]


def test_insides_of_indexes_and_views_are_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database(
        path,
        "CREATE TABLE calls(id INTEGER PRIMARY KEY AUTOINCREMENT, prompt)",
        "INSERT INTO calls(prompt) VALUES ('x')",
        "CREATE VIRTUAL TABLE found USING fts5(prompt, content='calls')",
        "CREATE VIEW endless AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) "
        "SELECT * FROM n",
    ).close()
    with opened(path, "a.db") as connection:
        assert [(t.name, t.columns) for t in tables(connection)] == [("calls", ("id", "prompt"))]


def test_many_rows_come_in_pieces_that_all_add_up(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database(
        path,
        "CREATE TABLE calls(i)",
        "INSERT INTO calls WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
        "WHERE i < 2999) SELECT i FROM n",
    ).close()
    chunks = list(read_chunks(path, recognise(path, "a"), "a", chunk_rows=1_000))
    assert [len(chunk) for chunk in chunks] == [1_000, 1_000, 1_000]
    assert [c for chunk in chunks for c in chunk.table()["i"].to_pylist()] == [
        str(i) for i in range(3_000)
    ]
    assert chunks[-1].bytes_read == path.stat().st_size


def test_only_the_wanted_columns_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database(path, "CREATE TABLE t(a, b, c)", "INSERT INTO t VALUES (1, 2, 3)").close()
    chunks = read_chunks(path, recognise(path, "a"), "a", columns=["c"])
    assert [chunk.table().to_pylist() for chunk in chunks] == [[{"c": "3"}]]


def test_rows_that_wait_in_a_side_file_are_read_and_nothing_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    writer = database(
        path, "CREATE TABLE calls(prompt)", "INSERT INTO calls VALUES ('hello')", wal=True
    )
    side = Path(f"{path}-wal")
    before = path.read_bytes(), side.read_bytes(), sorted(tmp_path.iterdir())
    assert side.stat().st_size > 0 and b"hello" not in path.read_bytes()
    assert rows(path) == [{"prompt": "hello"}]
    assert (path.read_bytes(), side.read_bytes(), sorted(tmp_path.iterdir())) == before
    writer.close()
    assert not side.exists()
    assert rows(path) == [{"prompt": "hello"}]  # in WAL mode, without a side file
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_change_that_was_never_finished_is_rolled_back_in_a_copy(tmp_path: Path) -> None:
    live, path = tmp_path / "live.db", tmp_path / "a.db"
    writer = database(live, "CREATE TABLE calls(prompt)", "INSERT INTO calls VALUES ('kept')")
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN")
    for _ in range(50):
        writer.execute("INSERT INTO calls VALUES (hex(randomblob(2000)))")
    path.write_bytes(live.read_bytes())
    Path(f"{path}-journal").write_bytes(Path(f"{live}-journal").read_bytes())
    writer.close()
    content = path.read_bytes()
    assert rows(path) == [{"prompt": "kept"}]
    assert path.read_bytes() == content


def test_a_database_cannot_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    database(path, "CREATE TABLE calls(prompt)").close()
    with (
        pytest.raises(BadInput, match=r"a\.db: The SQLite database cannot be read"),
        opened(path, "a.db") as connection,
    ):
        connection.execute("INSERT INTO calls VALUES ('x')")
