"""SQLite databases: their tables as string columns, opened so that nothing is ever written."""

from __future__ import annotations

import math
import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

import pyarrow as pa

from core.errors import BadInput
from core.logs.containers.chunk import CHUNK_BYTES, Chunk

MAGIC: Final = b"SQLite format 3\0"
_SIDE_FILES: Final = ("-wal", "-journal")  # hold calls that are not in the database file yet
_SHADOWS: Final = ("data", "idx", "content", "docsize", "config", "segments", "segdir", "stat")
_FETCHED: Final = 500  # rows at a time

Value = None | int | float | str | bytes


@dataclass(frozen=True)
class Table:
    """A table of a database and its columns."""

    name: str
    columns: tuple[str, ...]

    def has(self, *columns: str) -> bool:
        """Whether all of these columns are there."""
        return set(columns) <= set(self.columns)


@contextmanager
def opened(path: Path, name: str) -> Iterator[sqlite3.Connection]:
    """A connection that only reads; BadInput when the database is damaged or locked away.

    A database with a side file that holds unfinished work is copied with it to a private
    folder, where SQLite settles the two; the original is left as it is.
    """
    try:
        with _settled(path, name) as (place, how), closing(_connect(place, how)) as connection:
            yield connection
    except sqlite3.Error as error:
        words = " ".join(str(error).split())[:150]
        raise BadInput(
            f"The SQLite database cannot be read ({words})",
            where=name,
            remedy="Copy it anew with its program closed, or export the table as CSV",
        ) from error


def tables(connection: sqlite3.Connection) -> tuple[Table, ...]:
    """The tables that hold rows of people: no views, no insides of SQLite or of its indexes."""
    listed = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
    ).fetchall()
    virtual = [n for n, sql in listed if str(sql).upper().startswith("CREATE VIRTUAL")]
    shadows = {f"{table}_{part}" for table in virtual for part in _SHADOWS}
    names = [str(n) for n, _ in listed if not str(n).startswith("sqlite_") and n not in virtual]
    found = []
    for table in names:
        if table not in shadows:
            rows = connection.execute(f"PRAGMA table_info({quoted(table)})").fetchall()
            found.append(Table(table, tuple(str(row[1]) for row in rows)))
    return tuple(found)


def side_files(path: Path) -> tuple[Path, ...]:
    """The files beside a database that hold unfinished work."""
    sides = (Path(f"{path}{end}") for end in _SIDE_FILES)
    return tuple(side for side in sides if side.is_file() and side.stat().st_size)


def read_table(
    path: Path, name: str, table: str, columns: Collection[str] | None, chunk_rows: int
) -> Iterator[Chunk]:
    """The rows of a table in their order, in pieces; only `columns` when given."""
    with opened(path, name) as connection:
        every = next((t.columns for t in tables(connection) if t.name == table), ())
        wanted = [c for c in every if columns is None or c in columns] or list(every[:1])
        total = connection.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()[0]
        listed = ", ".join(map(quoted, wanted))
        cursor = connection.execute(f"SELECT {listed} FROM {quoted(table)}")
        size, done = path.stat().st_size, 0
        for rows in pieces(cursor, chunk_rows):
            done += len(rows)
            cells = [[as_text(row[i]) for row in rows] for i in range(len(wanted))]
            texts = {c: strings(values) for c, values in zip(wanted, cells, strict=True)}
            yield Chunk(pa.table(texts), {}, min(size, size * done // max(total, 1)))


def pieces(cursor: sqlite3.Cursor, chunk_rows: int) -> Iterator[list[tuple[Value, ...]]]:
    """The rows in lists of at most `chunk_rows`, fewer when they are large; one list at least."""
    rows: list[tuple[Value, ...]] = []
    size = 0
    given = False
    while fetched := cursor.fetchmany(min(_FETCHED, chunk_rows)):
        rows += fetched
        size += sum(len(v) for row in fetched for v in row if isinstance(v, (str, bytes)))
        if len(rows) + _FETCHED > chunk_rows or size >= CHUNK_BYTES:
            yield rows
            rows, size, given = [], 0, True
    if rows or not given:
        yield rows


def as_text(value: Value) -> str | None:
    """A cell as text; null when it is empty, or a number that is none."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return str(value)


def strings(values: list[str | None]) -> pa.Array:
    """The texts as a column."""
    return pa.array(values, pa.string())


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _connect(path: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path))}?{how}", uri=True)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.execute("PRAGMA trusted_schema = OFF")  # a stranger's file may bring its own SQL
    connection.execute("PRAGMA query_only = ON")
    return connection


@contextmanager
def _settled(path: Path, name: str) -> Iterator[tuple[Path, str]]:
    """Where to open the database and how: as it lies, or a copy with its side files."""
    beside = side_files(path)
    if not beside:
        yield path, "mode=ro&immutable=1"
        return
    with tempfile.TemporaryDirectory(prefix="tierwise-") as folder:
        before = _state(path, beside)
        try:
            for file in (path, *beside):
                end = file.name.removeprefix(path.name)
                shutil.copyfile(file, Path(folder) / f"copy{end}")
        except OSError as error:
            raise _in_use(name) from error
        if _state(path, beside) != before:
            raise _in_use(name)
        yield Path(folder) / "copy", "mode=rw"


def _state(path: Path, beside: Sequence[Path]) -> list[tuple[int, int] | None]:
    stats = [file.stat() if file.exists() else None for file in (path, *beside)]
    return [(s.st_size, s.st_mtime_ns) if s else None for s in stats]


def _in_use(name: str) -> BadInput:
    return BadInput(
        "A program is writing to the SQLite database",
        where=name,
        remedy='Close that program, or make a copy with: sqlite3 FILE ".backup copy.db"',
    )
