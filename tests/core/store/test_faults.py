"""A database that is busy, full or closed: one plain sentence, nothing lost, and then it works."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError, TimeoutError

from core.errors import BadInput, Hindered
from core.store.backup import backup, restore
from core.store.bin import empty_bin
from core.store.checking import check
from core.store.drafts import read_draft, write_draft
from core.store.engine import open_engine
from core.store.jobs import latest_job, start_job
from core.store.plans import load_plan, rename_plan, save_plan, save_version
from core.store.trouble import in_words, told

from ...conftest import Failing, FilesUpTo
from ..frozen.conftest import NOON
from .conftest import HEADLINE
from .people import HERE


@contextmanager
def held(engine: Engine) -> Iterator[None]:
    """Somebody else's program holds the whole database."""
    other = engine.raw_connection()
    cursor = other.cursor()
    if engine.dialect.name == "sqlite":
        cursor.execute("BEGIN EXCLUSIVE")
    else:
        cursor.execute("LOCK TABLE plans, drafts, jobs IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@pytest.fixture
def hasty(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The database, for those who wait for a moment only."""
    monkeypatch.setattr("core.store.engine.PATIENCE_MS", 100)
    monkeypatch.setattr("core.store.drafts.PATIENCE_MS", 100)
    monkeypatch.setattr("core.store.bin.PATIENCE_MS", 100)
    engine = open_engine(url)
    yield engine
    engine.dispose()


def save(engine: Engine, name: str = "Support") -> str:
    return save_plan(
        engine, HERE, name=name, author="Ada", document='{"v": 1}', headline=HEADLINE, now=NOON
    )


def test_whoever_meets_a_lock_is_told_and_loses_nothing(hasty: Engine) -> None:
    plan_id = save(hasty)
    with held(hasty):
        for change in (
            lambda: save(hasty, "Another"),
            lambda: rename_plan(hasty, HERE, plan_id, "Other", NOON),
            lambda: write_draft(hasty, HERE, "log", "{}", NOON),
            lambda: start_job(hasty, "sort", "log", 10, NOON),
        ):
            with pytest.raises(Hindered, match=r"another program keeps it locked\. Nothing was ch"):
                change()
    assert load_plan(hasty, HERE, plan_id, now=NOON).name == "Support"
    save(hasty, "Another")
    write_draft(hasty, HERE, "log", "{}", NOON)
    assert read_draft(hasty, HERE, "log") == "{}"


def test_who_only_reads_a_locked_sqlite_file_does_not_wait(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    plan_id = save(engine)
    with held(engine):
        assert load_plan(engine, HERE, plan_id, now=NOON).name == "Support"
    engine.dispose()


def test_a_save_that_was_told_to_wait_is_no_conflict_later(hasty: Engine) -> None:
    plan_id = save(hasty)

    def next_version() -> int:
        return save_version(
            hasty, HERE, plan_id, base_version=1, author="Ada", document='{"v": 2}',
            headline=HEADLINE, now=NOON,
        )  # fmt: skip

    with held(hasty), pytest.raises(Hindered):
        next_version()
    assert next_version() == 2


def test_an_app_that_starts_while_others_write_empties_its_bin_another_time(hasty: Engine) -> None:
    with held(hasty), pytest.raises(Hindered):
        empty_bin(hasty, NOON)
    assert empty_bin(hasty, NOON) == 0


def test_more_writers_than_usual_wait_and_readers_still_read(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    connections = [engine.connect() for _ in range(40)]  # as many tabs that wait for a lock
    assert latest_job(engine, "sort", "log") is None
    for connection in connections:
        connection.close()
    engine.dispose()


@pytest.fixture
def small(sqlite_url: str) -> Iterator[Engine]:
    """A SQLite database whose file cannot grow, as on a disk that is full."""
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    @event.listens_for(engine, "checkout")
    def limit(connection: sqlite3.Connection, record: object, proxy: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {engine.url.query.get('pages', pages)}")

    yield engine
    engine.dispose()


def test_a_full_disk_keeps_what_was_there_and_takes_the_next_one_later(
    small: Engine, sqlite_url: str
) -> None:
    with pytest.raises(Hindered, match=r"its disk is full\. Nothing was changed: make room"):
        save_plan(
            small, HERE, name="Big", author="Ada", document=f'{{"v": "{"x" * 100_000}"}}',
            headline=HEADLINE, now=NOON,
        )  # fmt: skip
    roomy = open_engine(sqlite_url)
    assert check(roomy).problems == () and check(roomy).plans == 0
    save(roomy)
    assert check(roomy).plans == 1
    roomy.dispose()


def test_a_database_that_can_only_be_read_says_so(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    plan_id = save(engine)

    @event.listens_for(engine, "checkout")
    def close(connection: sqlite3.Connection, record: object, proxy: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    with pytest.raises(Hindered, match=r"it can only be read\. Nothing was changed: let this user"):
        rename_plan(engine, HERE, plan_id, "Other", NOON)
    assert load_plan(engine, HERE, plan_id, now=NOON).name == "Support"
    engine.dispose()


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EROFS, "its disk can only be read"), (errno.ENOSPC, "its disk is full")],
)
def test_a_file_that_cannot_be_opened_says_what_its_disk_is_like(
    tmp_path: Path, failing: Failing, number: int, said: str
) -> None:
    (tmp_path / "tierwise.db").mkdir()
    url = f"sqlite:///{tmp_path / 'tierwise.db'}"
    with pytest.raises(BadInput, match=r"cannot be opened"):
        open_engine(url)
    with failing("pathlib.Path.write_bytes", number), pytest.raises(Hindered, match=said):
        open_engine(url)


@pytest.mark.parametrize("said", ["is not a database", "is malformed"])
def test_a_damaged_file_says_how_to_come_by_a_backup(tmp_path: Path, said: str) -> None:
    file = tmp_path / "tierwise.db"
    open_engine(f"sqlite:///{file}").dispose()
    content = bytearray(file.read_bytes())
    start = 0 if "not" in said else 4096
    content[start:] = b"\xff" * (len(content) - start)
    file.write_bytes(content)
    with pytest.raises(BadInput, match=rf"{said}\. Move it away, then bring back a backup"):
        open_engine(f"sqlite:///{file}")


def test_a_file_that_was_replaced_under_the_program_says_so(sqlite_url: str) -> None:
    moved = sqlite3.OperationalError("attempt to write a readonly database")
    moved.sqlite_errorcode = sqlite3.SQLITE_READONLY_DBMOVED
    found = in_words(OperationalError("INSERT", None, moved))
    assert found is not None and "moved or replaced" in str(found)


def test_a_server_whose_connections_are_all_in_use_says_so() -> None:
    found = told(TimeoutError("QueuePool limit of size 5 overflow 15 reached"))
    assert str(found) == (
        "the database: all its connections are in use. Nothing was changed: wait a moment, then "
        "try again."
    )
    assert told(ZeroDivisionError()) is None
    assert told(FileNotFoundError(errno.ENOENT, "No such file", "/srv/private")) is None, "a bug"
    assert "short of memory" in str(told(OSError(errno.ENOMEM, "Cannot allocate memory")))


def test_a_server_that_cannot_be_reached_any_more_says_so_and_is_found_again(
    postgres_url: str,
) -> None:
    engine = open_engine(postgres_url)
    plan_id = save(engine)
    with engine.connect() as connection:
        ours = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        other = open_engine(postgres_url)
        with other.begin() as killer:
            killer.exec_driver_sql(f"SELECT pg_terminate_backend({ours})")
        other.dispose()
        with pytest.raises(Hindered, match=r"shutting down|cannot be opened"):
            connection.exec_driver_sql("SELECT 1")
    assert load_plan(engine, HERE, plan_id, now=NOON).name == "Support"
    engine.dispose()


def test_a_backup_that_finds_the_disk_full_leaves_nothing(
    engine: Engine, plan_id: str, tmp_path: Path, files_up_to: FilesUpTo
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    with files_up_to(40_000), pytest.raises(Hindered) as refused:
        backup(engine, folder / "kept.db")
    assert refused.value.where == str(folder / "kept.db") and list(folder.iterdir()) == []
    assert backup(engine, folder / "kept.db") > 0


def test_a_restore_that_finds_no_room_leaves_the_database_as_it_was(
    engine: Engine, plan_id: str, tmp_path: Path, files_up_to: FilesUpTo
) -> None:
    kept = tmp_path / "kept.db"
    backup(engine, kept)
    rename_plan(engine, HERE, plan_id, "Since then", NOON)
    with files_up_to(40_000), pytest.raises(Hindered, match=r"Nothing was restored: make room"):
        restore(engine, kept, anyway=True)
    assert load_plan(engine, HERE, plan_id, now=NOON).name == "Since then"
    restore(engine, kept, anyway=True)
    assert load_plan(engine, HERE, plan_id, now=NOON).name == "Support"


def test_plans_keep_their_order_when_the_clock_was_set_back(engine: Engine, plan_id: str) -> None:
    earlier = NOON - timedelta(days=400)
    number = save_version(
        engine, HERE, plan_id, base_version=1, author="Ada", document='{"v": 2}',
        headline=HEADLINE, now=earlier,
    )  # fmt: skip
    assert (number, load_plan(engine, HERE, plan_id, now=earlier).version) == (2, 2)
