"""What a database says when the machine is in its way, as people say it, and what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError

from core.disk import hindered, is_of_the_machine, reason_against
from core.errors import Hindered, TierwiseError

_LATER: Final = "Nothing was changed: wait a moment, then try again"
_ROOM: Final = "Nothing was changed: make room on its disk, then try again"
_RIGHTS: Final = "Nothing was changed: let this user write to it and its folder, then try again"
_LOCKED: Final = ("another program keeps it locked", f"{_LATER}, or end that program")
_FULL: Final = ("its disk is full", _ROOM)
_READ_ONLY: Final = ("it can only be read", _RIGHTS)
_MOVED: Final = ("its file was moved or replaced", "Nothing was changed: start the program anew")
_IN_USE: Final = ("all its connections are in use", _LATER)
_DAMAGED: Final = (
    "it is damaged",
    "Move it away, then bring back a backup with 'tierwise db restore'",
)
_DISK: Final = {
    "the disk is full": _FULL,
    "the disk quota is used up": ("its disk quota is used up", _ROOM),
    "the disk can only be read": ("its disk can only be read", _RIGHTS),
    "this user is not allowed to": ("this user may not write to its folder", _RIGHTS),
}
_SQLITE: Final = {  # by primary code; those of the disk are told by looking at the disk
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
}
_OF_THE_DISK: Final = {
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_IOERR: ("its disk reports an error", "Look after that disk before you go on"),
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "Check that it is there and DATABASE_URL"),
    sqlite3.SQLITE_PERM: ("this user may not open it", _RIGHTS),
}
_POSTGRESQL: Final = {  # by SQLSTATE
    "25006": _READ_ONLY,
    "40001": ("somebody else changed the same at the same time", _LATER),
    "40P01": ("somebody else changed the same at the same time", _LATER),
    "53100": _FULL,
    "53300": _IN_USE,
    "55P03": _LOCKED,
    "57P01": ("it is shutting down", _LATER),
    "57P02": ("it is shutting down", _LATER),
    "57P03": ("it is starting", _LATER),
}


def say_plainly(engine: Engine, where: str) -> None:
    """From now on what is in the way of this database is raised as Hindered, damage as it was."""

    def instead(context: ExceptionContext) -> None:
        error = context.sqlalchemy_exception
        if context.is_pre_ping or error is None:
            return  # a connection that is found dead is replaced before anybody sees it
        if (found := in_words(error, where, engine.url)) and not is_damage(found):
            raise found from error

    event.listen(engine, "handle_error", instead)


def told(error: Exception) -> TierwiseError | None:
    """What a person reads of whatever was raised; None for a bug: a file that is not there, too."""
    if isinstance(error, TierwiseError):
        return error
    if not isinstance(error, OSError):
        return in_words(error)
    return hindered(error) if is_of_the_machine(error) else None


def in_words(
    error: BaseException, where: str = "the database", url: URL | None = None
) -> Hindered | None:
    """What a database raised, as a person says it; None for what is a bug."""
    if isinstance(error, TimeoutError):
        return _hindered(where, _IN_USE)
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    said = error.orig
    if isinstance(said, sqlite3.Error):
        file = url.database if url is not None else None
        return of_sqlite(said, where, Path(file) if file else None)
    known = _POSTGRESQL.get(getattr(said, "sqlstate", None) or "")
    if known:
        return _hindered(where, known)
    lost = error.connection_invalidated or getattr(said, "sqlstate", "") is None
    if lost and isinstance(error, (OperationalError, InterfaceError)):
        words = " ".join(str(said).split())[:300]  # PostgreSQL says it in several lines
        return Hindered(
            "cannot be opened", where=where, remedy=f"Check that it runs, and DATABASE_URL: {words}"
        )
    return None


def of_sqlite(error: sqlite3.Error, where: str, file: Path | None = None) -> Hindered | None:
    """What SQLite said of a file, as a person says it; None for a bug."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return _hindered(where, _MOVED)
    primary = code & 0xFF
    if primary in _SQLITE:
        return _hindered(where, _SQLITE[primary])
    if primary not in _OF_THE_DISK:
        return None
    # SQLite says "disk I/O error" or "unable to open" of a full disk, too.
    reason = reason_against(file.parent) if file is not None else ""
    return _hindered(where, _DISK.get(reason, _OF_THE_DISK[primary]))


def is_damage(trouble: Hindered) -> bool:
    """Whether it is the database itself that is damaged, which no waiting mends."""
    return trouble.found == _DAMAGED[0]


def _hindered(where: str, words: tuple[str, str]) -> Hindered:
    return Hindered(words[0], where=where, remedy=words[1])
