"""Opens the database: SQLite in WAL mode by default, any other by its URL."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, event
from sqlalchemy import Engine as Engine  # what the other rooms pass around
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError

from core.errors import BadInput
from core.places import home

BUSY_TIMEOUT_MS: Final = 30_000  # how long a writer waits for its turn
_MIGRATION_LOCK: Final = 7_237_401  # any number of our own, for PostgreSQL's advisory lock


def database_url() -> str:
    """`DATABASE_URL` from the environment, else a SQLite file in the local folder."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{home() / 'tierwise.db'}"


def open_engine(url: str | None = None) -> Engine:
    """An engine on the database with its schema up to date; `url` defaults to `database_url()`.

    BadInput when the URL cannot be understood, its driver is missing, the database cannot
    be opened, or it was made by a newer Tierwise. Passwords are left out of the message.
    """
    parsed = _parse(url or database_url())
    where = parsed.render_as_string(hide_password=True)
    try:
        engine = create_engine(parsed)
    except ArgumentError as error:
        raise BadInput(f"cannot be used: {error}", where=where, remedy=_REMEDY) from error
    except ImportError as error:
        raise BadInput(
            f"its driver is not installed ({error})",
            where=where,
            remedy=f"Install it, for example: pip install {error.name or 'psycopg'}",
        ) from error
    if engine.dialect.name == "sqlite":
        _make_folder(parsed)
        event.listen(engine, "connect", _set_up_sqlite)
    try:
        migrate(engine)
    except CommandError as error:
        engine.dispose()
        raise BadInput(
            f"its schema is not known here ({error})",
            where=where,
            remedy="A newer Tierwise made it: install that version, or use another database",
        ) from error
    except DatabaseError as error:
        engine.dispose()
        raise BadInput(f"cannot be opened: {error.orig}", where=where, remedy=_REMEDY) from error
    return engine


def migrate(engine: Engine) -> None:
    """Brings the schema to the newest step; safe when several processes do it at once.

    Whoever comes first takes a lock, runs all steps in one transaction and commits; the
    others wait and find nothing left to do.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        if _revision(connection) == newest:
            return
        connection.rollback()
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        if _revision(connection) != newest:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
        connection.commit()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise BadInput("is not a database URL", where="DATABASE_URL", remedy=_REMEDY) from error


def _make_folder(url: URL) -> None:
    folder = Path(url.database or ".").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"cannot be made: {error.strerror}", where=str(folder), remedy=_REMEDY
        ) from error


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:
    try:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        write_ahead(connection)  # readers and one writer at the same time
        connection.execute("PRAGMA synchronous = NORMAL")  # safe in WAL; one fsync less per commit
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        connection.close()  # the pool never got it, so nobody else would
        raise


def write_ahead(connection: sqlite3.Connection) -> None:
    """Puts the file into WAL mode, waiting for whoever holds it.

    SQLite does not always apply its busy timeout to this switch: of two processes that
    open the same new file, one would be told "database is locked" at once.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


_REMEDY: Final = "Use a URL such as sqlite:////srv/tierwise.db, or unset DATABASE_URL"
