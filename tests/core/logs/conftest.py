from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.logs.ingest import ingest
from core.logs.log import QUERIES, Log
from core.logs.mapping import Mapping
from core.logs.preview import preview

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

Rows = list[dict[str, object]]
Import = Callable[..., tuple[Log, Rows]]


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file of that content and says where it is."""

    def write(content: str | bytes, name: str = "log.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


@pytest.fixture
def read(file: Callable[..., Path], folder: Path) -> Import:
    """Imports a content with the guessed mapping: the log and its canonical rows."""

    def import_content(
        content: str | bytes, mapping: Mapping | None = None, **choices: object
    ) -> tuple[Log, Rows]:
        path = file(content)
        chosen = mapping or preview(path, path.name).mapping
        log = ingest(path, chosen, folder, name=path.name, now=NOON, **choices)  # type: ignore[arg-type]
        return log, pq.read_table(folder / log.digest / QUERIES).to_pylist()

    return import_content
