"""A transaction that changes something, in which what was read first stays true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine

PATIENCE_MS: Final = 30_000  # how long a writer waits for its turn
_CHANGES: Final = 7_237_402  # any number of our own, for PostgreSQL's advisory lock


@contextmanager
def writing(
    engine: Engine, *, alone: bool = False, patience_ms: int | None = None
) -> Iterator[Connection]:
    """A connection in a transaction that is committed at the end, or rolled back by an error.

    SQLite takes its write lock at once: a reader that turns into a writer would be refused
    when somebody else wrote meanwhile, whatever its patience. In PostgreSQL many write side by
    side, and whoever has to be `alone` waits for them and makes the next ones wait; tables locked
    one after the other would end in deadlocks.

    Whoever waits for longer than `patience_ms`, else PATIENCE_MS, gets Hindered, and nothing was
    changed.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            _begin(connection, patience_ms)
        elif engine.dialect.name == "postgresql":
            shared = "" if alone else "_shared"
            if patience_ms is not None:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience_ms}")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{shared}({_CHANGES})")
        yield connection


def _begin(connection: Connection, patience_ms: int | None) -> None:
    """Takes the write lock; once it is there nobody has to be waited for."""
    if patience_ms is None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    before = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience_ms}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {before}")
