import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import Engine, event

from core.commands.main import main
from core.errors import BadInput
from core.store.backup import backup, backup_name, restore
from core.store.checking import check
from core.store.decisions import decide
from core.store.engine import connect, newest_revision, open_engine, revision
from core.store.finding import Wanted, find_plans
from core.store.links import share_plan
from core.store.plans import list_versions, load_plan
from core.store.tables import Base

from ..frozen.conftest import NOON
from .conftest import DATABASES, POSTGRES
from .furnished import GOLDEN, at_step, document, furnish, kept, save_sound
from .people import HERE, save_again
from .postgres import Postgres

Open = Callable[[Path], Engine]


@pytest.fixture
def opened() -> Iterator[Open]:
    """Opens SQLite files, and lets go of them after the test."""
    engines: list[Engine] = []

    def at(path: Path) -> Engine:
        engines.append(open_engine(f"sqlite:///{path}"))
        return engines[-1]

    yield at
    for engine in engines:
        engine.dispose()


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def names(engine: Engine) -> set[str]:
    return {row.name for row in find_plans(engine, HERE, Wanted(limit=1000)).rows}


def test_a_backup_is_one_file_that_opens_with_every_row(
    engine: Engine, tmp_path: Path, opened: Open
) -> None:
    furnish(engine)
    before = kept(engine)
    assert {table for table, found in before.items() if not found} == set()
    target = tmp_path / "kept" / "copy.db"
    target.parent.mkdir()
    count = backup(engine, target)
    assert count == sum(len(found) for found in before.values())
    assert [path.name for path in target.parent.iterdir()] == ["copy.db"]
    copy = opened(target)
    assert kept(copy) == before == kept(engine)
    assert check(copy).problems == ()
    with copy.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM jobs").scalar() == 0


def test_a_backup_goes_into_another_database_and_back_row_by_row(
    postgres_url: str, tmp_path: Path, opened: Open
) -> None:
    first, server = opened(tmp_path / "first.db"), open_engine(postgres_url)
    furnish(first)
    backup(first, tmp_path / "there.db")
    restore(server, tmp_path / "there.db")
    assert kept(server) == kept(first)
    assert check(server).problems == ()
    backup(server, tmp_path / "back.db")
    again = opened(tmp_path / "again.db")
    restore(again, tmp_path / "back.db")
    assert kept(again) == kept(first)
    save_sound(server, "After it")  # the log's numbers go on where they were
    assert "After it" in names(server)
    server.dispose()


def test_a_backup_while_eight_threads_save_holds_all_that_was_confirmed_before(
    engine: Engine, tmp_path: Path, opened: Open
) -> None:
    text, headline = document()
    many, enough, confirmed = Event(), Event(), set[tuple[str, int]]()

    def keep_saving(thread: int) -> int:
        plan_id, version = save_sound(engine, f"Plan {thread}"), 1
        confirmed.add((plan_id, 1))
        while not enough.is_set():
            version = save_again(engine, plan_id, text, headline=headline, base=version)
            confirmed.add((plan_id, version))
            if len(confirmed) >= 40:
                many.set()
        return version

    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(keep_saving, thread) for thread in range(8)]
        try:
            assert many.wait(60)  # asleep: who asks in a loop keeps the others from saving
            for number in range(3):
                before = set(confirmed)
                backup(engine, tmp_path / f"{number}.db")
                copy = opened(tmp_path / f"{number}.db")
                assert check(copy).problems == ()
                there = rows(
                    tmp_path / f"{number}.db", "SELECT plan_id, version FROM plan_versions"
                )
                assert before <= set(there)
        finally:
            enough.set()
        assert sum(each.result() for each in running) > 40
    assert check(engine).problems == ()


def test_restoring_replaces_all_that_was_there_and_keeps_a_backup_of_it(
    engine: Engine, tmp_path: Path, opened: Open
) -> None:
    plan_id = furnish(engine)
    wanted = kept(engine)
    count = backup(engine, tmp_path / "copy.db")
    save_again(engine, plan_id, document()[0], base=2, headline=document()[1])
    save_sound(engine, "Later")
    unwanted = kept(engine)
    assert restore(engine, tmp_path / "copy.db", keep=tmp_path / "before.db") == count
    assert kept(engine) == wanted
    assert kept(opened(tmp_path / "before.db")) == unwanted
    assert load_plan(engine, HERE, plan_id, now=NOON).version == 2
    with engine.connect() as connection:  # whoever runs a job still finds it
        assert connection.exec_driver_sql("SELECT count(*) FROM jobs").scalar() == 1
    save_again(engine, plan_id, document()[0], base=2, headline=document()[1])


def test_what_others_save_while_it_restores_comes_after_it(engine: Engine, tmp_path: Path) -> None:
    furnish(engine)
    backup(engine, tmp_path / "copy.db")
    wanted = names(engine)
    started, halves = Event(), []

    def save_meanwhile(*statement: object) -> None:
        if "INSERT INTO plan_versions" in str(statement[2]) and not started.is_set():
            started.set()
            halves.append(pool.submit(save_sound, engine, "Meanwhile"))
            with pytest.raises(TimeoutError):
                halves[0].result(timeout=0.3)

    with ThreadPoolExecutor(1) as pool:
        event.listen(engine, "before_cursor_execute", save_meanwhile)
        restore(engine, tmp_path / "copy.db", keep=tmp_path / "before.db")
        halves[0].result(timeout=30)
    assert names(engine) == wanted | {"Meanwhile"}


def test_restoring_while_eight_threads_save_ends_with_a_sound_database(
    engine: Engine, tmp_path: Path
) -> None:
    plan_id = furnish(engine)
    backup(engine, tmp_path / "copy.db")
    enough = Event()

    def keep_saving(thread: int) -> int:
        number = 0
        while not enough.is_set():
            save_sound(engine, f"Plan {thread}.{number}")
            share_plan(engine, HERE, plan_id, NOON)
            decide(engine, HERE, plan_id, 1, "comment", "still here", NOON)
            number += 1
        return number

    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(keep_saving, thread) for thread in range(8)]
        try:
            for _ in range(5):
                restore(engine, tmp_path / "copy.db")
        finally:
            enough.set()
        assert all(each.result() for each in running), "nobody who saves sees an error"
    assert check(engine).problems == ()


@pytest.mark.parametrize("table", ["workspaces", "plan_versions", "share_links", "audit"])
def test_a_fault_in_the_middle_leaves_everything_as_it_was(
    engine: Engine, tmp_path: Path, table: str
) -> None:
    furnish(engine)
    backup(engine, tmp_path / "copy.db")
    save_sound(engine, "Later")
    before = kept(engine)

    def fail(*statement: object) -> None:
        if f"INSERT INTO {table} " in str(statement[2]):
            raise RuntimeError("the power went")

    event.listen(engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        restore(engine, tmp_path / "copy.db")
    event.remove(engine, "before_cursor_execute", fail)
    assert kept(engine) == before
    assert check(engine).problems == ()
    save_sound(engine, "And on it goes")


@pytest.mark.parametrize("step", ["0001", "0002"])
def test_a_backup_of_an_earlier_version_is_brought_up_to_date(
    engine: Engine, tmp_path: Path, step: str, opened: Open
) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((GOLDEN / f"{step}.sql").read_text("utf-8"))
    content = old.read_bytes()
    furnish(engine)
    restore(engine, old)
    assert old.read_bytes() == content, "the backup itself stays as it is"
    assert names(engine) == {"Support, renamed"}
    assert check(engine).problems == ()
    found = find_plans(engine, HERE).rows[0]
    said = [load_plan(engine, HERE, found.id, n, now=NOON).document for n in (1, 2, 3)]
    then = "SELECT document FROM plan_versions WHERE plan_id = '{}' ORDER BY version"
    assert [(text,) for text in said] == rows(old, then.format(found.id))


@pytest.mark.parametrize("kind", DATABASES)
def test_a_database_of_an_earlier_schema_is_backed_up_as_it_is(
    request: pytest.FixtureRequest, kind: str, tmp_path: Path, sqlite_url: str
) -> None:
    server: Postgres | None = request.getfixturevalue("postgres") if kind != "sqlite" else None
    url = server.new(empty=True) if server else sqlite_url
    old = at_step(url, "0002")
    with old.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO plans VALUES ('p', 'Old', 1, '2026-10-01', '2026-10-04 12:30:00.5', NULL)"
        )
        connection.exec_driver_sql(
            "INSERT INTO plan_versions (plan_id, version, author, saved_at, log_name,"
            " baseline_monthly_usd, planned_monthly_usd, saving_share, quality, document)"
            " VALUES ('p', 1, 'Ada', '2026-10-01', 'log.csv', 0.1, 0.7, 0.6, 0.97, '{}')"
        )
    assert backup(old, tmp_path / "copy.db") == 2
    copy = connect(f"sqlite:///{tmp_path / 'copy.db'}")
    with copy.connect() as connection, old.connect() as source:
        assert revision(connection) == revision(source) == "0002"
    copy.dispose()
    assert rows(tmp_path / "copy.db", "SELECT * FROM plans")[0][:3] == ("p", "Old", 1)
    again = open_engine(f"sqlite:///{tmp_path / 'copy.db'}")
    version = list_versions(again, HERE, "p", now=NOON)[0]
    assert (version.headline.baseline_monthly_usd, version.headline.quality) == (0.1, 0.97)
    assert version.updated_at == datetime(2026, 10, 1, tzinfo=UTC)
    again.dispose()
    old.dispose()
    if server:
        server.drop(url)


def cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def flip(path: Path) -> None:
    content = path.read_bytes()
    place = content.index(b'"planned":')
    path.write_bytes(content[:place] + b'"plaNNed":' + content[place + 10 :])


def zero(path: Path) -> None:
    path.write_bytes(b"")


def scribble(path: Path) -> None:
    path.write_text("these are my notes, and no backup at all\n" * 100)


def of_another_program(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE plans (id)")


def of_a_namesake(path: Path) -> None:
    of_another_program(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version (version_num);INSERT INTO alembic_version VALUES ('0003')"
        )


def of_a_newer_one(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("UPDATE alembic_version SET version_num = '9999'")


def without_a_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DELETE FROM plan_versions WHERE version = 1")


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (cut, "damaged"),
        (flip, "its document is not the one that was saved"),
        (zero, "no backup of Tierwise"),
        (scribble, "not a database"),
        (of_another_program, "no backup of Tierwise"),
        (of_a_namesake, "copy.db"),
        (of_a_newer_one, "schema is not known here"),
        (without_a_version, "versions are kept, and its newest is"),
        (Path.unlink, "no such file"),
        (a_folder, "no such file"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused_and_the_database_untouched(
    engine: Engine, tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    furnish(engine)
    source = tmp_path / "copy.db"
    backup(engine, source)
    save_sound(engine, "Later")
    before = kept(engine)
    spoil(source)
    with pytest.raises(BadInput, match=said) as refused:
        restore(engine, source, keep=tmp_path / "before.db")
    words = str(refused.value)
    assert str(source) in words and "\n" not in words and "restored.db" not in words
    assert kept(engine) == before
    assert not (tmp_path / "before.db").exists()


def test_a_backup_with_a_damaged_plan_can_be_taken_as_it_is(engine: Engine, tmp_path: Path) -> None:
    plan_id = furnish(engine)
    backup(engine, tmp_path / "copy.db")
    flip(tmp_path / "copy.db")
    restore(engine, tmp_path / "copy.db", anyway=True)
    assert len(check(engine).problems) == 1
    assert len(list_versions(engine, HERE, plan_id, now=NOON)) == 2


def test_what_the_database_would_not_take_is_said_and_nothing_happens(
    engine: Engine, tmp_path: Path
) -> None:
    furnish(engine)
    backup(engine, tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.executescript("UPDATE share_links SET plan_id = 'gone'")
    before = kept(engine)
    with pytest.raises(BadInput, match="nothing was restored") as refused:
        restore(engine, tmp_path / "copy.db", anyway=True)
    assert "\n" not in str(refused.value) and kept(engine) == before


def test_a_backup_never_replaces_a_file(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(BadInput, match="there already"):
        backup(engine, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


@pytest.mark.parametrize("target", ["nowhere/copy.db", "file/copy.db", "n" * 300])
def test_a_place_that_cannot_be_written_is_said_and_nothing_stays(
    engine: Engine, tmp_path: Path, target: str
) -> None:
    (tmp_path / "file").write_text("")
    before = set(tmp_path.iterdir())
    with pytest.raises(BadInput, match="cannot be written"):
        backup(engine, tmp_path / target)
    assert set(tmp_path.iterdir()) == before


def test_a_database_that_cannot_be_read_is_said_and_no_half_backup_stays(tmp_path: Path) -> None:
    path = tmp_path / "tierwise.db"
    engine = open_engine(f"sqlite:///{path}")
    furnish(engine)
    engine.dispose()
    content = path.read_bytes()
    place = content.index(b'"planned":')
    path.write_bytes(content[: place - place % 4096] + bytes(4096 * 40))
    engine = connect(f"sqlite:///{path}")
    before = {name.name for name in tmp_path.iterdir()}
    with pytest.raises(BadInput, match="cannot be copied") as refused:
        backup(engine, tmp_path / "copy.db")
    assert "\n" not in str(refused.value)
    assert {name.name for name in tmp_path.iterdir()} - before <= {
        "tierwise.db-wal", "tierwise.db-shm",
    }  # fmt: skip
    engine.dispose()


def test_an_empty_database_has_nothing_to_back_up(new_url: str, tmp_path: Path) -> None:
    engine = connect(new_url)
    with pytest.raises(BadInput, match="there is nothing in it"):
        backup(engine, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()
    engine.dispose()


def test_a_folder_may_have_any_name(tmp_path: Path, sqlite_file: Path, opened: Open) -> None:
    folder = tmp_path / "what? 100% #1 é"
    folder.mkdir()
    shutil.copy(sqlite_file, tmp_path / "tierwise.db")
    engine = opened(tmp_path / "tierwise.db")
    save_sound(engine)
    backup(engine, folder / "a?b.db")
    assert [path.name for path in folder.iterdir()] == ["a?b.db"]
    restore(opened(tmp_path / "other.db"), folder / "a?b.db")
    assert names(opened(tmp_path / "other.db")) == {"Support"}


@POSTGRES
def test_before_a_server_is_migrated_by_command_a_portable_copy_is_kept(
    postgres: Postgres,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = postgres.new(empty=True)
    at_step(url, "0002").dispose()
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["db", "migrate", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["from"], found["to"]) == ("0002", newest_revision())
    copy = Path(found["kept"])
    assert copy.parent == own_home / "backups" and "-before-step-0002-left" in copy.name
    assert rows(copy, "SELECT version_num FROM alembic_version") == [("0002",)]
    assert main(["db", "migrate"]) == 0
    assert "Nothing to do" in capsys.readouterr().out
    for action in ("check", "backup"):
        assert main(["db", action]) == 0
    postgres.drop(url)


def test_names_sort_by_time() -> None:
    assert backup_name(NOON) == "tierwise-20261123-120000.db"
    assert set(Base.metadata.tables) == {
        "workspaces", "members", "plans", "plan_tags", "plan_versions", "decisions", "actuals",
        "share_links", "drafts", "audit", "jobs",
    }, "a new table is in backups by itself; think whether it should be"  # fmt: skip
