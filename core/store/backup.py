"""The whole database as one SQLite file, and back: from either database to either."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Connection,
    DateTime,
    Engine,
    MetaData,
    Table,
    event,
    insert,
    select,
)

from core.disk import hindered
from core.disk import writing as writing_to
from core.errors import BadInput, Hindered
from core.store.checking import check
from core.store.engine import connect, migrate, open_engine, place_of, plainly, revision
from core.store.tables import JobTable, UtcTime
from core.store.transaction import writing
from core.store.trouble import is_damage, of_sqlite

_ROWS: Final = 200  # at a time; a row may hold a whole plan
_LEFT_OUT: Final = ("alembic_version", JobTable.__tablename__)


def backup(engine: Engine, target: Path) -> int:
    """The number of rows written to a new SQLite file; nobody has to stop working meanwhile.

    The file has the schema that the database has, which may be one of an earlier version, and
    holds everything as it was at one moment. BadInput when the file is there already or cannot
    be written, or the database cannot be read; then nothing is left behind.
    """
    try:
        if target.exists():
            raise BadInput("it is there already", where=str(target), remedy="Name a new file")
        with TemporaryDirectory(dir=target.parent, prefix=".tierwise-") as folder:
            unfinished = Path(folder) / "unfinished.db"
            with plainly(engine, "cannot be copied", "Look at it with 'tierwise db check'"):
                count = _write(engine, unfinished, target)
            unfinished.replace(target)
    except OSError as error:
        raise hindered(error, str(target), "cannot be written", "name another place") from error
    return count


def restore(engine: Engine, source: Path, *, keep: Path | None = None, anyway: bool = False) -> int:
    """The number of rows that are in the database now: those of the backup, and no others.

    A backup of an earlier version is brought up to date first, in a copy. What was there before
    is kept in the new file `keep`. All happens in one transaction, in which nobody else can save:
    a fault leaves the database as it was. BadInput when the file is no backup, or a damaged one;
    with `anyway`, one whose plans are damaged is taken as it is.
    """
    _look(source)
    with _scratch() as folder:
        up_to_date = _brought_up_to_date(source, folder / "restored.db")
        try:
            problems = () if anyway else check(up_to_date).problems
            if problems:
                more = f", and {len(problems) - 1} more" if problems[1:] else ""
                raise BadInput(
                    f"it is damaged ({problems[0]}{more})",
                    where=str(source),
                    remedy="Choose another backup, or add --anyway",
                )
            with (
                plainly(engine, "nothing was restored", "Try again, or move this database away"),
                up_to_date.connect() as given,
                writing(engine, alone=True) as sink,
            ):
                tables = _tables(given)
                if keep is not None:
                    backup(engine, keep)
                return _replace(given, sink, tables)
        finally:
            up_to_date.dispose()


def backup_name(now: datetime) -> str:
    """A file name that sorts by time."""
    return f"tierwise-{now:%Y%m%d-%H%M%S}.db"


def _write(engine: Engine, path: Path, target: Path) -> int:
    copy = connect(URL.create("sqlite", database=str(path)))
    try:
        with engine.connect() as source:
            _one_moment(source)
            step = revision(source)
            if step is None:
                raise BadInput("there is nothing in it", where=place_of(engine))
            migrate(copy, step)
            with writing(copy) as sink:
                count = _replace(source, sink, _tables(sink))
        copy.dispose()
        with closing(sqlite3.connect(path)) as connection:  # all into the one file, no log beside
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode = DELETE")
    except Hindered as error:
        if error.where != place_of(copy):
            raise
        raise Hindered(error.found, where=str(target), remedy=error.remedy) from error
    except sqlite3.Error as error:
        trouble = of_sqlite(error, str(target), path)
        raise trouble or BadInput(str(error), where=str(target)) from error
    finally:
        copy.dispose()
    return count


def _tables(connection: Connection) -> list[Table]:
    """What a SQLite file of ours holds, parents before children.

    Jobs belong to the processes that run them, and stay where they are.
    """
    found = MetaData()
    event.listen(found, "column_reflect", _on_any_database)
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in _LEFT_OUT]


def _on_any_database(inspector: object, table: Table, column: dict[str, Any]) -> None:
    kind = column["type"].as_generic()
    column["type"] = UtcTime() if isinstance(kind, DateTime) else kind


def _replace(source: Connection, sink: Connection, tables: Sequence[Table]) -> int:
    """The number of rows that are in the tables of `sink` now: those of `source`."""
    for table in reversed(tables):
        sink.execute(table.delete())
    count = 0
    source.execution_options(yield_per=_ROWS)
    for table in tables:
        # The log's numbers are made anew, so that the next line gets the next one.
        columns = [c for c in table.columns if not (table.name == "audit" and c.name == "id")]
        rows = source.execute(select(*columns).order_by(*table.primary_key))
        for part in rows.partitions():
            values: list[Mapping[str, Any]] = [row._asdict() for row in part]
            sink.execute(insert(table), values)
            count += len(values)
    return count


def _one_moment(connection: Connection) -> None:
    """All tables as they are at one moment, whatever is written meanwhile."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
    elif connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN")


def _look(source: Path) -> None:
    """BadInput unless the file is a sound SQLite database of ours."""
    if not os.path.isfile(source):  # False for a name that no file can have
        raise BadInput("there is no such file", where=str(source), remedy="Check the path")
    try:
        with closing(sqlite3.connect(_read_only(source), uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
            ours = connection.execute(
                "SELECT count(*) FROM sqlite_master WHERE name IN ('plans', 'alembic_version')"
            ).fetchone()[0]
    except sqlite3.Error as error:
        raise BadInput(
            f"it is no backup, or a damaged one ({error})", where=str(source), remedy=_ANOTHER
        ) from error
    if sound != "ok" or ours != 2:
        found = "it is damaged" if ours == 2 else "it is no backup of Tierwise"
        raise BadInput(found, where=str(source), remedy=_ANOTHER)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder for as long as the block lasts; Hindered where there is no place for one."""
    with writing_to(Path(gettempdir()), _ELSEWHERE):
        made = TemporaryDirectory(prefix="tierwise-")
    with made as folder:
        yield Path(folder)


def _brought_up_to_date(source: Path, copy: Path) -> Engine:
    try:
        with (
            closing(sqlite3.connect(_read_only(source), uri=True)) as given,
            closing(sqlite3.connect(copy)) as taken,
        ):
            given.backup(taken)
        return open_engine(URL.create("sqlite", database=str(copy)))
    except Hindered as error:
        raise Hindered(error.found, where=str(copy.parent), remedy=_ROOM) from error
    except (sqlite3.Error, BadInput) as error:
        trouble = of_sqlite(error, "", copy) if isinstance(error, sqlite3.Error) else None
        if trouble is not None and not is_damage(trouble):
            raise Hindered(trouble.found, where=str(copy.parent), remedy=_ROOM) from error
        found = error.found if isinstance(error, BadInput) else f"it cannot be read ({error})"
        raise BadInput(
            found, where=str(source), remedy=f"{_ANOTHER}, or use the Tierwise that made it"
        ) from error


def _read_only(path: Path) -> str:
    return f"file:{quote(str(path.resolve()))}?mode=ro"


_ANOTHER: Final = "Choose another backup"
_ELSEWHERE: Final = "set TMPDIR to a folder elsewhere"
_ROOM: Final = f"Nothing was restored: make room there or {_ELSEWHERE}, then try again"
