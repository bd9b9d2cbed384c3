import sqlite3
import stat
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from core.errors import BadInput
from core.store.queries import database_log, fetch
from core.store.result_file import as_text

ROWS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1234)"


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """A database with one table of 1,234 calls."""
    path = tmp_path / "calls.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE calls(id INTEGER, prompt TEXT, cost REAL)")
    connection.execute(f"INSERT INTO calls {ROWS} SELECT i, 'is it 100% of ' || i, i * 0.5 FROM n")
    connection.commit()
    connection.close()
    return path


def fetched(url: str, query: str | None, tmp_path: Path) -> list[dict[str, str | None]]:
    target = tmp_path / "rows.parquet"
    fetch(database_log(url, query), target)
    found: list[dict[str, str | None]] = pq.read_table(target).to_pylist()
    target.unlink()
    return found


def test_the_rows_of_a_query_become_a_private_file_of_texts(calls: Path, tmp_path: Path) -> None:
    log = database_log(f"sqlite:///{calls}", "SELECT * FROM calls WHERE prompt LIKE '%100\\%%' ESCAPE '\\';")  # noqa: E501 # fmt: skip
    target = tmp_path / "rows.parquet"
    fetch(log, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    rows = pq.read_table(target).to_pylist()
    assert len(rows) == 1_234
    assert rows[1] == {"id": "2", "prompt": "is it 100% of 2", "cost": "1.0"}
    assert log.name == f"sqlite:///{calls}" and log.file is None


def test_the_query_may_lie_inside_the_url(calls: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{calls}"
    for inside in (
        "?query=SELECT id FROM calls WHERE id < 3 AND id + 0 > 0",
        "?query=SELECT%20id%20FROM%20calls%20WHERE%20id%20%3C%203",
        "?query=SELECT+id+FROM+calls+WHERE+id<3&timeout=5",
        "?timeout=5&query=SELECT id FROM calls WHERE id < 3",
    ):
        assert fetched(url + inside, None, tmp_path) == [{"id": "1"}, {"id": "2"}]
    with pytest.raises(BadInput, match="two queries"):
        database_log(f"{url}?query=SELECT 1", "SELECT 2")


def test_sqlite_without_a_query_is_read_like_a_file(calls: Path) -> None:
    assert database_log(f"sqlite:///{calls}", None).file == calls
    with pytest.raises(BadInput, match="no such SQLite file"):
        database_log("sqlite:///nowhere.db", None)
    with pytest.raises(BadInput, match="no such SQLite file"):
        database_log("sqlite://", "SELECT 1")
    assert not Path("nowhere.db").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM calls LIMIT 1",
        "  select id from calls limit 1 ;  ",
        "-- all of them\nSELECT id FROM calls LIMIT 1",
        "/* a; b */ SELECT id FROM calls LIMIT 1",
        "WITH x AS (SELECT id FROM calls) SELECT id FROM x LIMIT 1",
        "SELECT 1 AS id WHERE 'a; DELETE' <> \"update\"".replace('"update"', "'it''s; x'"),
        "SELECT id FROM calls WHERE prompt <> ':name %s' LIMIT 1",
    ],
)
def test_one_statement_that_reads_is_accepted(calls: Path, tmp_path: Path, sql: str) -> None:
    assert fetched(f"sqlite:///{calls}", sql, tmp_path) == [{"id": "1"}]


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("", "no SELECT"),
        ("-- SELECT 1", "no SELECT"),
        ("DELETE FROM calls", "no SELECT"),
        ("PRAGMA user_version = 5", "no SELECT"),
        ("EXPLAIN DELETE FROM calls", "no SELECT"),
        ("SELECT 1; SELECT 2", "more than one statement"),
        ("SELECT 1; DELETE FROM calls", "more than one statement"),
        ("SELECT 1 /* ; */; DROP TABLE calls -- ", "more than one statement"),
        ("WITH x AS (DELETE FROM calls RETURNING *) SELECT * FROM x", "DELETE"),
        ("SELECT * INTO copy FROM calls", "INTO"),
        ("SELECT * FROM calls FOR UPDATE", "UPDATE"),
    ],
)
def test_whatever_could_change_something_is_refused(calls: Path, sql: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        database_log(f"sqlite:///{calls}", sql)


def test_the_connection_itself_cannot_write(calls: Path, tmp_path: Path) -> None:
    from core.store.queries import DatabaseLog

    log = database_log(f"sqlite:///{calls}", "SELECT 1")
    sneaky = DatabaseLog(log.url, "CREATE TABLE x(y)", log.name)
    with pytest.raises(BadInput, match="The database said no"):
        fetch(sneaky, tmp_path / "rows.parquet")


def test_what_the_database_says_is_one_line(calls: Path, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        fetch(database_log(f"sqlite:///{calls}", "SELECT nought FROM calls"), tmp_path / "x")
    assert "no such column: nought" in str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+psycopg2cffi://ann:s3cret@db.example/x", "psycopg2cffi"),
        ("snowflake://ann:s3cret@account/x", "pip install 'snowflake-sqlalchemy'"),
        ("nonsense://ann:s3cret@db/x", "no driver for 'nonsense'"),
        ("postgresql://ann:s3cret@db:port/x", "cannot be understood"),
        ("postgresql://ann:p@s3cret@db/x", "%40"),
        ("sqlite:////nowhere/x.db?password=s3cret", "no such SQLite file"),
    ],
)
def test_a_password_is_never_shown(url: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refusal:
        fetch(database_log(url, "SELECT 1"), tmp_path / "x")
    message = str(refusal.value)
    assert words in message and "s3cret" not in message and "\n" not in message
    assert "s3cret" not in database_log("postgresql://ann:s3cret@db/x?password=s3cret", "SELECT 1").name  # noqa: E501 # fmt: skip


def test_the_old_name_of_postgresql_is_understood() -> None:
    log = database_log("postgres://ann:pw@db/x", "SELECT 1")
    assert (log.url.drivername, log.name) == ("postgresql", "postgresql://ann:***@db/x")


def test_names_that_repeat_are_numbered_and_no_rows_are_a_table_without_rows(
    calls: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{calls}"
    assert fetched(url, "SELECT 1 AS a, 2 AS a, 3 AS b", tmp_path) == [
        {"a": "1", "a (2)": "2", "b": "3"}
    ]
    target = tmp_path / "rows.parquet"
    fetch(database_log(url, "SELECT id, cost FROM calls WHERE 0"), target)
    assert pq.read_table(target).column_names == ["id", "cost"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None), (float("nan"), None), (float("inf"), None), (0.1, "0.1"), (10**6, "1000000"),
        (True, "true"), (Decimal("0.10"), "0.10"), (b"h\xff", "h\ufffd"), (memoryview(b"ab"), "ab"),
        (datetime(2026, 10, 5, 16, 20, tzinfo=UTC), "2026-10-05T16:20:00+00:00"),
        (date(2026, 10, 5), "2026-10-05"), (time(16, 20), "16:20:00"),
        (timedelta(seconds=1.5), "1.5s"), ({"a": [1, None]}, '{"a": [1, null]}'),
        ([{"role": "user"}], '[{"role": "user"}]'), (("é", 1), '["é", 1]'), ("\ud800", "?"),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        ({"at": date(2026, 10, 5)}, '{"at": "2026-10-05"}'),
    ],
)  # fmt: skip
def test_values_become_what_an_export_would_write(value: object, text: str | None) -> None:
    assert as_text(value) == text
