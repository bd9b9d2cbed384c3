"""Opens the database: SQLite in WAL mode by default, PostgreSQL or any other by its URL."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine, event, inspect
from sqlalchemy import Engine as Engine  # what the other rooms pass around
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError

from core.disk import writing
from core.errors import BadInput
from core.places import home
from core.store.copies import keep_a_copy
from core.store.transaction import PATIENCE_MS
from core.store.trouble import in_words, say_plainly

CONNECT_SECONDS: Final = 10  # how long a page waits for a server that does not answer
_MANNERS: Final = {
    "application_name": "tierwise",
    "connect_timeout": str(CONNECT_SECONDS),
    # A server that vanished without a word: by itself the system would wait for hours.
    "tcp_user_timeout": "30000",
    "keepalives_idle": "30",
}
_REMEDY: Final = (
    "Use a URL such as sqlite:////srv/tierwise.db or postgresql://user:password@host/database, "
    "or unset DATABASE_URL"
)
_STEPS: Final = Path(__file__).parent / "migrations"
_MIGRATION_LOCK: Final = 7_237_401  # any number of our own, for PostgreSQL's advisory lock


def database_url() -> str:
    """`DATABASE_URL` from the environment, else a SQLite file in the local folder."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{home() / 'tierwise.db'}"


def open_engine(url: str | URL | None = None) -> Engine:
    """An engine on the database with its schema up to date; `url` defaults to `database_url()`.

    BadInput when the URL cannot be understood, its driver is missing, the database cannot
    be opened, or it was made by a newer Tierwise. Passwords are left out of the message.
    """
    engine = connect(url)
    try:
        with plainly(engine):
            migrate(engine)
    except BadInput:
        engine.dispose()
        raise
    return engine


def connect(url: str | URL | None = None, *, is_there: bool = False) -> Engine:
    """An engine on the database as it is, whatever its schema; nothing has been read yet.

    BadInput when the URL cannot be understood, its driver is missing, or a SQLite file that
    `is_there` is not.
    """
    parsed = _parse(url or database_url())
    where = parsed.render_as_string(hide_password=True)
    sqlite = parsed.get_backend_name() == "sqlite"
    if is_there and sqlite and not Path(parsed.database or "").is_file():
        raise BadInput(
            "there is no database yet", where=where, remedy="Check DATABASE_URL, or save a plan"
        )
    try:
        engine = create_engine(_with_manners(parsed), hide_parameters=True, **_pool(parsed))
    except ArgumentError as error:
        raise BadInput(f"cannot be used: {error}", where=where, remedy=_REMEDY) from error
    except ImportError as error:
        raise BadInput(
            f"its driver is not installed ({error})",
            where=where,
            remedy=f"Install it, for example: pip install '{_package(error)}'",
        ) from error
    if sqlite:
        _make_folder(parsed)
        event.listen(engine, "connect", _set_up_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _set_up_postgresql)
    say_plainly(engine, place_of(engine))
    return engine


@contextmanager
def plainly(
    engine: Engine, found: str = "cannot be opened", remedy: str = _REMEDY
) -> Iterator[None]:
    """Turns what a database says against being read or changed into BadInput, in one line.

    What is in its machine's way is Hindered already.
    """
    try:
        yield
    except DatabaseError as error:
        said = " ".join(str(error.orig).split())  # PostgreSQL says it in several lines
        damage = in_words(error)
        if damage is not None and remedy == _REMEDY:  # another URL would not mend it
            remedy = damage.remedy
        raise BadInput(f"{found}: {said}", where=place_of(engine), remedy=remedy) from error


def place_of(engine: Engine) -> str:
    """Where the database is, as its owner would write it but for the password."""
    return engine.url.difference_update_query(_MANNERS).render_as_string(hide_password=True)


def migrate(engine: Engine, step: str | None = None) -> Path | None:
    """Brings the schema to a step, the newest one; safe when several processes do it at once.

    The path is that of the copy of a SQLite file that was kept first, None without one.

    Whoever comes first takes a lock, runs all steps in one transaction and commits; the
    others wait and find nothing left to do.
    """
    wanted, copy = step or newest_revision(), None
    with engine.connect() as connection:
        if revision(connection) == wanted:
            return None
        connection.rollback()
        sqlite = engine.dialect.name == "sqlite"
        if sqlite:
            # A step that changes a table makes it anew, and for that moment its rows are gone.
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        found = revision(connection)
        if found != wanted:
            if sqlite and found is not None:
                copy = keep_a_copy(connection, found)
            _upgrade(connection, wanted)
        if sqlite:
            _check_foreign_keys(connection)
        connection.commit()
        if sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    return copy


def step_of(engine: Engine) -> str | None:
    """The step that a database's schema is at, None in an empty one; BadInput where it is shut."""
    with plainly(engine), engine.connect() as connection:
        return revision(connection)


def _check_foreign_keys(connection: Connection) -> None:
    astray = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if astray is not None:
        said = sqlite3.IntegrityError(f"a row of {astray[0]} belongs to no row of {astray[2]}")
        raise IntegrityError("PRAGMA foreign_key_check", None, said)


def revision(connection: Connection) -> str | None:
    """The step that the database's schema is at; None in an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    step: str | None = connection.exec_driver_sql(
        "SELECT version_num FROM alembic_version"
    ).scalar()
    return step


def newest_revision() -> str:
    """The step that this program works with: the first word of the last file of steps."""
    return max(path.stem.split("_")[0] for path in (_STEPS / "versions").glob("[0-9]*.py"))


def _upgrade(connection: Connection, step: str) -> None:
    # Slow to import, and a database that is up to date has no use for it.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_STEPS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, step)
    except CommandError as error:
        raise BadInput(
            f"its schema is not known here ({error})",
            where=place_of(connection.engine),
            remedy="A newer Tierwise made it: install that version, or use another database",
        ) from error


def _parse(url: str | URL) -> URL:
    """The URL; for PostgreSQL with psycopg as its driver, unless it names another."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise BadInput("is not a database URL", where="DATABASE_URL", remedy=_REMEDY) from error
    if "@" in (parsed.host or ""):  # a part of the password would be taken for the host
        raise BadInput(
            "has an '@' in its password", where="DATABASE_URL", remedy="Write %40 instead"
        )
    if parsed.drivername in ("postgres", "postgresql"):  # the first is what many hosts hand out
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def _with_manners(url: URL) -> URL:
    """The URL with what a good guest of a PostgreSQL server says; its own words come first."""
    if url.drivername != "postgresql+psycopg":
        return url
    return url.set(query=_MANNERS | dict(url.query))


def _pool(url: URL) -> dict[str, Any]:
    """How connections are kept: those to a server are tried before use, and not for ever.

    A server or a firewall in between drops idle ones, and whoever presses a button next would
    see the error. Twenty at most, since PostgreSQL takes a hundred for all its guests together.
    To a SQLite file as many as there are who ask: while some wait for their turn to write, all
    others shall read.
    """
    if url.get_backend_name() == "sqlite":
        return {"max_overflow": -1} if _is_file(url) else {}
    if url.get_backend_name() != "postgresql":
        return {}
    return {"pool_pre_ping": True, "pool_recycle": 1800, "pool_size": 5, "max_overflow": 15}


def _is_file(url: URL) -> bool:
    return bool(url.database) and url.database != ":memory:" and "uri" not in url.query


def _package(error: ImportError) -> str:
    """What pip installs the missing driver by; psycopg's own message names no module."""
    missing = error.name or "psycopg"
    return "psycopg[binary]" if missing.startswith("psycopg") else missing


def _make_folder(url: URL) -> None:
    folder = Path(url.database or ".").parent
    with writing(folder, "name another database by DATABASE_URL"):
        folder.mkdir(parents=True, exist_ok=True)


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:
    try:
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        write_ahead(connection)  # readers and one writer at the same time
        connection.execute("PRAGMA synchronous = NORMAL")  # safe in WAL; one fsync less per commit
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        connection.close()  # the pool never got it, so nobody else would
        raise


def _set_up_postgresql(connection: Any, record: object) -> None:
    """Whoever waits for another's lock is told after a while; by itself it would wait for ever."""
    before, connection.autocommit = connection.autocommit, True
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {PATIENCE_MS}")
    cursor.close()
    connection.autocommit = before


def write_ahead(connection: sqlite3.Connection) -> None:
    """Puts the file into WAL mode, waiting for whoever holds it.

    SQLite does not always apply its busy timeout to this switch: of two processes that
    open the same new file, one would be told "database is locked" at once.
    """
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
        time.sleep(0.01)
