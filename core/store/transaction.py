"""A transaction that changes something, in which what was read first stays true."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection, Engine

_CHANGES: Final = 7_237_402  # any number of our own, for PostgreSQL's advisory lock


@contextmanager
def writing(engine: Engine, *, alone: bool = False) -> Iterator[Connection]:
    """A connection in a transaction that is committed at the end, or rolled back by an error.

    SQLite takes its write lock at once: a reader that turns into a writer would be refused
    when somebody else wrote meanwhile, whatever its patience. In PostgreSQL many write side by
    side, and whoever has to be `alone` waits for them and makes the next ones wait; tables locked
    one after the other would end in deadlocks.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif engine.dialect.name == "postgresql":
            shared = "" if alone else "_shared"
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{shared}({_CHANGES})")
        yield connection
