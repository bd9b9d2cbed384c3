"""A log on the command line: read into a folder that is gone when the command ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from core.errors import BadInput
from core.logs.ingest import ingest
from core.logs.log import Log
from core.logs.preview import preview


@dataclass(frozen=True)
class OpenLog:
    """A log and the folder with its canonical rows."""

    log: Log
    folder: Path

    @property
    def queries(self) -> Path:
        """The Parquet file of canonical rows."""
        return self.folder / "queries.parquet"


@contextmanager
def open_path(path: Path) -> Iterator[OpenLog]:
    """The log in a file, with its columns as recognised; BadInput when it cannot be read."""
    if not path.exists():
        raise BadInput("no such file", where=str(path), remedy="Check the path")
    if path.is_dir():
        raise BadInput("this is a folder", where=str(path), remedy="Name one file in it")
    with TemporaryDirectory(prefix="tierwise-") as folder:
        seen = preview(path, path.name)
        log = ingest(path, seen.mapping, Path(folder), name=path.name, now=datetime.now(UTC))
        yield OpenLog(log, Path(folder) / log.digest)
