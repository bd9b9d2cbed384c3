import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError

from core.errors import BadInput
from core.store.engine import database_url, migrate, open_engine, write_ahead
from core.store.jobs import job, latest_job, start_job
from core.store.tables import Base

from ..frozen.conftest import NOON
from .postgres import Postgres

ROOT = Path(__file__).parents[3]


def test_a_new_database_gets_all_tables(new_url: str) -> None:
    engine = open_engine(new_url)
    names = set(inspect(engine).get_table_names())
    assert names == set(Base.metadata.tables) | {"alembic_version"}
    engine.dispose()


def test_sqlite_writes_ahead_waits_its_turn_and_checks_foreign_keys(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)

    def pragma(name: str) -> object:
        with engine.connect() as connection:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    assert pragma("journal_mode") == "wal"
    assert pragma("synchronous") == 1  # NORMAL
    assert pragma("foreign_keys") == 1
    assert pragma("busy_timeout") == 30_000
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO share_links (id, token_sha256, plan_id, version, created_at)"
            " VALUES ('a', 'b', 'no-such-plan', 1, '2026-01-01')"
        )
    engine.dispose()


def holds_nothing(engine: Engine) -> bool:
    """Whether the database has its tables, and nothing in them."""
    return latest_job(engine, "sort", "log") is None


def test_reopening_finds_what_was_saved(engine: Engine, url: str) -> None:
    kept = start_job(engine, "sort", "log", 10, NOON)
    engine.dispose()
    again = open_engine(url)
    assert job(again, kept).total == 10
    again.dispose()


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    kept = start_job(engine, "sort", "log", 10, NOON)
    migrate(engine)
    assert job(engine, kept).total == 10


def test_an_empty_file_is_a_new_database(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()
    engine = open_engine(f"sqlite:///{path}")
    assert holds_nothing(engine)
    engine.dispose()


def test_two_processes_can_open_the_same_new_database_at_once(new_url: str) -> None:
    code = (
        "import sys; from core.store.engine import open_engine; from core.store.jobs import"
        " latest_job; print('ready', flush=True); sys.stdin.readline();"
        " print(latest_job(open_engine(sys.argv[1]), 'sort', 'log'))"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, new_url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        output, errors = process.communicate()
        assert (process.returncode, output, errors) == (0, "None\n", "")


def test_opening_waits_while_another_connection_holds_the_new_file(tmp_path: Path) -> None:
    path = tmp_path / "busy.db"
    # Not yet in WAL mode, and being read: the state in which two first openings meet.
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("CREATE TABLE notes (line TEXT)")
    holder.execute("BEGIN")
    holder.execute("SELECT * FROM notes").fetchall()
    with ThreadPoolExecutor(1) as pool:
        opening = pool.submit(open_engine, f"sqlite:///{path}")
        with pytest.raises(TimeoutError):
            opening.result(timeout=0.3)
        holder.execute("COMMIT")
        holder.close()
        engine = opening.result(timeout=20)
    assert holds_nothing(engine)
    engine.dispose()


class Refusing(sqlite3.Connection):
    """Answers the first three statements as SQLite does when two connections meet."""

    code = sqlite3.SQLITE_BUSY
    refusals = 0

    def execute(self, *arguments: str) -> sqlite3.Cursor:  # type: ignore[override]
        if self.refusals < 3:
            self.refusals += 1
            error = sqlite3.OperationalError("refused")
            error.sqlite_errorcode = self.code
            raise error
        return super().execute(*arguments)


def test_the_switch_to_writing_ahead_is_tried_again_while_the_file_is_busy(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db", factory=Refusing)
    write_ahead(connection)
    assert connection.refusals == 3
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_any_other_refusal_is_not_waited_out(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db", factory=Refusing)
    connection.code = sqlite3.SQLITE_READONLY
    with pytest.raises(sqlite3.OperationalError, match="refused"):
        write_ahead(connection)
    assert connection.refusals == 1
    connection.close()


def test_many_threads_can_open_the_same_new_database_at_once(new_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        engines = list(pool.map(open_engine, [new_url] * 8))
    for engine in engines:
        assert holds_nothing(engine)
        engine.dispose()


def test_the_database_is_a_local_file_unless_the_environment_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TIERWISE_HOME", str(tmp_path))
    assert database_url() == f"sqlite:///{tmp_path / 'tierwise.db'}"
    monkeypatch.setenv("DATABASE_URL", "sqlite:////elsewhere.db")
    assert database_url() == "sqlite:////elsewhere.db"


def test_missing_folders_are_made(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path / 'a' / 'b' / 'x.db'}").dispose()
    assert (tmp_path / "a" / "b" / "x.db").is_file()


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("not a url", "is not a database URL"),
        ("nosuchdb://ada:secret@host/x", "cannot be used"),
        ("mysql+nosuchdriver://ada:secret@host/x", "cannot be used"),
        ("postgresql://ada:secret@host:port/x", "is not a database URL"),
    ],
)
def test_a_wrong_url_is_explained_without_its_password(url: str, found: str) -> None:
    with pytest.raises(BadInput, match=found) as error:
        open_engine(url)
    assert "secret" not in str(error.value) and "sqlite:///" in str(error.value)


def test_a_password_with_an_at_sign_is_refused_and_no_part_of_it_is_shown() -> None:
    with pytest.raises(BadInput, match=r"'@' in its password\. Write %40") as error:
        open_engine("postgresql://ada:top@secret@host/x")
    assert "secret" not in str(error.value)


def test_a_missing_driver_is_named() -> None:
    with pytest.raises(BadInput, match="driver is not installed") as error:
        open_engine("mysql+mysqldb://ada:secret@host/x")
    assert "secret" not in str(error.value)


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, and no database at all\n" * 50)
    before = path.read_bytes()
    with pytest.raises(BadInput, match="not a database"):
        open_engine(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_database_of_a_newer_program_is_refused(engine: Engine, url: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    with pytest.raises(BadInput, match="newer Tierwise"):
        open_engine(url)


def test_an_address_of_postgresql_needs_no_driver_and_may_have_its_old_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.store.engine.migrate", lambda engine: None)
    for start in ("postgres", "postgresql", "postgresql+psycopg"):
        engine = open_engine(f"{start}://ada:secret@host/x?connect_timeout=3")
        assert engine.url.drivername == "postgresql+psycopg"
        assert engine.url.query["connect_timeout"] == "3", "what the address says comes first"
        engine.dispose()


def test_a_server_that_does_not_answer_is_named_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be opened") as error:
        open_engine(f"postgresql://ada:secret@/plans?host={tmp_path}")
    assert "secret" not in str(error.value) and "\n" not in str(error.value)


def test_a_restarted_server_is_not_noticed(postgres: Postgres, postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    kept = start_job(engine, "sort", "log", 10, NOON)
    assert postgres.disconnect(postgres_url) > 0
    assert job(engine, kept).total == 10
    engine.dispose()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="file: cannot be written"):
        open_engine(f"sqlite:///{tmp_path / 'file' / 'x.db'}")


def test_what_was_to_be_stored_is_in_no_error_text(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as error, engine.begin() as connection:
        secret = {"id": "a", "token": "hush hush", "at": NOON}
        connection.execute(
            text(
                "INSERT INTO share_links (id, token_sha256, plan_id, created_at)"
                " VALUES (:id, :token, 'no-such-plan', :at)"
            ),
            secret,
        )
        connection.commit()
    assert "hush hush" not in str(error.value)
