"""LOG on the command line: a path, a glob, a folder, several of them, or a query by URL."""

from __future__ import annotations

import glob
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Final

from core.commands.telling import telling
from core.commands.writing import writing
from core.disk import FULL, hindered
from core.errors import BadInput
from core.logs.containers.archive import Remote
from core.logs.containers.remote import is_remote, remote_files
from core.logs.ingest import ingest
from core.logs.log import Log
from core.logs.mapping import ROLES, Mapping, guess_mapping
from core.logs.preview import Preview, preview
from core.logs.remembered import recall, remember
from core.logs.sources.generic import GENERIC
from core.places import home
from core.workers import kept_processes

_COLUMNS_SHOWN: Final = 30
_URL: Final = re.compile(r"[A-Za-z][\w+.-]*://")
_SECRET: Final = re.compile(r"(:)[^:/@\s]+@")  # in a URL that was mistyped


@dataclass(frozen=True)
class OpenLog:
    """A log and the folder with its canonical rows."""

    log: Log
    folder: Path

    @property
    def queries(self) -> Path:
        """The Parquet file of canonical rows."""
        return self.folder / "queries.parquet"


def add_log_arguments(parser: ArgumentParser) -> None:
    """What every command that reads a log takes."""
    parser.add_argument(
        "log",
        nargs="+",
        metavar="LOG",
        help="CSV, JSON, JSONL, Parquet, Excel, SQLite or zip; several files or a folder of them "
        "are one log; or a URL such as s3://bucket/*.parquet; or a database URL such as postgresql+psycopg://user@host/name",
    )
    parser.add_argument(
        "--query", metavar="SQL", help="with a database URL: the SELECT whose rows are the log"
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="ROLE=COLUMN",
        help="which column plays which part, such as text=body or input_tokens=tok_in (again for "
        "each); kept for the next file with these columns. Roles: " + ", ".join(ROLES),
    )


@contextmanager
def open_log(arguments: Namespace) -> Iterator[OpenLog]:
    """The log that the arguments name, with its columns as recognised, until the block ends.

    BadInput when it cannot be read.
    """
    words: list[str] = arguments.log
    # What a database says is not redacted yet: it lies in a folder that goes, whatever is kept.
    with (
        kept_processes(),
        _folder(None) as fetched,
        _folder(getattr(arguments, "work", None)) as folder,
    ):
        paths, name = named_files(words, arguments.query, fetched)
        mapping = mapping_of(preview(paths, name), arguments.map)
        try:
            with telling("read", "bytes") as progress:
                now = datetime.now(UTC)
                log = ingest(paths, mapping, folder, name=name, now=now, progress=progress)
        except OSError as error:
            if error.errno not in FULL:
                raise
            work = getattr(arguments, "work", None)
            elsewhere = "name another --work" if work else "set TMPDIR to a folder elsewhere"
            raise hindered(error, str(work or gettempdir()), elsewhere=elsewhere) from error
        yield OpenLog(log, folder / log.digest)


@contextmanager
def _folder(work: Path | None) -> Iterator[Path]:
    """The folder that the user wants kept, else one that goes when the block ends."""
    if work is not None:
        with writing(work):
            work.mkdir(parents=True, exist_ok=True)
        yield work
        return
    with TemporaryDirectory(prefix="tierwise-") as folder:
        yield Path(folder)


def mapping_of(seen: Preview, said: Sequence[str]) -> Mapping:
    """The columns as said, else as said of the last file with these columns, else as guessed."""
    known = home() / "logs"
    if said:
        mapping = _mapped(seen, said)
        remember(known, seen.columns, mapping)
        return mapping
    remembered = recall(known, seen.columns) if seen.source == GENERIC.id else None
    if remembered is None:
        return seen.mapping
    print(
        "tierwise: columns as they were mapped for a file like this before; --map changes that",
        file=sys.stderr,
    )
    return remembered


def _mapped(seen: Preview, said: Sequence[str]) -> Mapping:
    mapping = guess_mapping(seen.columns, seen.rows)
    for words in said:
        role, _, column = words.partition("=")
        if role not in ROLES:
            raise BadInput(
                f"there is no role {role!r}", where="--map", remedy="Use " + ", ".join(ROLES)
            )
        if column not in seen.columns:
            raise BadInput(
                f"the log has no column {column!r}",
                where="--map",
                remedy="Its columns are " + ", ".join(seen.columns[:_COLUMNS_SHOWN]),
            )
        mapping = replace(mapping, **{role: column})  # type: ignore[arg-type]
    return mapping


def named_files(
    words: Sequence[str], query: str | None, folder: Path
) -> tuple[Sequence[Path | Remote], str]:
    """The files behind the words, and what to call them; what a database says lies in `folder`."""
    urls = [word for word in words if _URL.match(word) and not is_remote(word)]
    if urls and len(words) > 1:
        raise BadInput("a database is one log of its own", where="LOG", remedy="Name it alone")
    if urls:
        return _queried(urls[0], query, folder)
    if query is not None:
        raise BadInput("there is no database URL", where="--query", remedy=_HOW)
    paths: list[Path | Remote] = []
    for word in words:
        paths += remote_files(word) if is_remote(word) else _matching(word)
    first = Path(words[0])
    if len(words) == 1:
        return paths, first.name or first.resolve().name or words[0]
    return paths, f"{first.name} and {len(words) - 1} more"


def _matching(word: str) -> list[Path]:
    path = Path(word)
    if path.exists():
        return [path]
    found = sorted(glob.glob(word, recursive=True)) if glob.has_magic(word) else []
    if not found:
        what = "matches no file" if glob.has_magic(word) else "no such file"
        raise BadInput(what, where=_SECRET.sub(r"\1***@", word), remedy="Check the path")
    return [Path(name) for name in found]


def _queried(url: str, query: str | None, folder: Path) -> tuple[Sequence[Path], str]:
    # The store is imported only for databases: files need no SQL.
    from core.store.queries import database_log, fetch

    found = database_log(url, query)
    if found.file is not None:
        return [found.file], found.file.name
    rows = folder / "rows.parquet"
    fetch(found, rows)
    return [rows], found.name


_HOW: Final = "Write for example: tierwise inspect sqlite:///calls.db --query 'SELECT * FROM calls'"
