"""Copies of a SQLite file that are kept before its schema changes."""

from __future__ import annotations

import glob
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from core.disk import hindered
from core.errors import Hindered
from core.store.trouble import of_sqlite

COPIES_KEPT: Final = 5


def keep_a_copy(connection: Connection, found: str) -> Path | None:
    """The path of a copy of a SQLite file as step `found` left it, beside it under `backups/`.

    None in memory. `connection` holds its write lock. Hindered where the copy cannot be kept.
    """
    path = Path(connection.engine.url.database or "")
    if not path.is_file():
        return None  # in memory
    folder = path.parent / "backups"
    now = datetime.now(UTC)
    copy = folder / f"{path.stem}-before-step-{found}-left-{now:%Y%m%d-%H%M%S-%f}.db"
    unfinished = copy.with_suffix(".part")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        # By a connection of its own: this one holds the write lock, so nothing changes meanwhile.
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as sink:
            source.backup(sink)
        unfinished.replace(copy)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            unfinished.unlink()
        said = _said(error, folder)
        raise Hindered(
            f"no copy of the database can be kept there before its schema changes ({said})",
            where=str(folder),
            remedy="Nothing was changed: make room, or let this user write there, then try again",
        ) from error
    kept = folder.glob(f"{glob.escape(path.stem)}-before-step-*.db")
    for old in sorted(kept, key=lambda each: each.name.rpartition("-left-")[2])[:-COPIES_KEPT]:
        with suppress(OSError):
            old.unlink()
    return copy


def _said(error: OSError | sqlite3.Error, folder: Path) -> str:
    if isinstance(error, OSError):
        return hindered(error).found
    trouble = of_sqlite(error, "", folder / "copy")
    return trouble.found if trouble else str(error)
