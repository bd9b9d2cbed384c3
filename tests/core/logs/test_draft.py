"""An import that was cut off goes on after its last whole file of rows."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.logs import draft as drafting
from core.logs import ingest as ingesting
from core.logs import partitions
from core.logs.containers.reading import read_chunks
from core.logs.ingest import ingest
from core.logs.log import QUERIES, Log
from core.logs.mapping import Mapping

MAPPING = Mapping(text="q", user="who", time="at", output_tokens="n")


class Cut(BaseException):
    """As if the process had been killed: nobody catches it."""


def rows(count: int) -> list[dict[str, object]]:
    """Calls in pairs, the second one repeating the first."""
    return [
        {
            "q": f"question {n // 2}",
            "who": f"u{n // 2 % 7}",
            "at": f"2026-10-05T12:{n // 60 % 60:02}:{n % 60:02}Z",
            "n": n % 50 + 1 if n % 9 else None,
        }
        for n in range(count)
    ]


def as_json_lines(path: Path, count: int) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows(count)))
    return path


def as_parquet(path: Path, count: int) -> Path:
    pq.write_table(pa.Table.from_pylist(rows(count)), path, row_group_size=400)
    return path


@pytest.fixture
def read(
    monkeypatch: pytest.MonkeyPatch, noon: datetime
) -> Callable[[Path, Path], tuple[Log, pa.Table]]:
    monkeypatch.setattr(partitions, "PARTITION_ROWS", 400)
    monkeypatch.setattr(ingesting, "PARTITION_ROWS", 400)
    monkeypatch.setattr(partitions, "read_chunks", partial(read_chunks, chunk_rows=100))
    monkeypatch.setenv("TIERWISE_PROCESSES", "1")

    def read(path: Path, folder: Path) -> tuple[Log, pa.Table]:
        log = ingest(path, MAPPING, folder, name="log", now=noon)
        return log, pq.read_table(folder / log.digest / QUERIES)

    return read


@pytest.mark.parametrize(
    ("write", "pieces", "pieces_in_all"), [(as_json_lines, 10, 20), (as_parquet, 3, 5)]
)
def test_what_was_cut_off_goes_on_and_ends_as_if_nothing_had_happened(
    write: Callable[[Path, int], Path],
    pieces: int,
    pieces_in_all: int,
    read: Callable[[Path, Path], tuple[Log, pa.Table]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write(tmp_path / "log", 2_000)
    log, whole = read(path, tmp_path / "logs")
    assert log.repeats == 1_000

    canonical, calls = drafting.canonical, 0

    def killed(*values: object) -> object:
        nonlocal calls
        calls += 1
        if calls > pieces:
            raise Cut
        return canonical(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(drafting, "canonical", killed)
    other = tmp_path / "other"
    other.mkdir()
    (tmp_path / "logs" / ".identity-key").rename(other / ".identity-key")
    with pytest.raises(Cut):
        read(path, other)
    (left,) = other.glob(".importing-*")
    there = sorted(place.name for place in left.glob("*.json"))
    assert there, "the first drafts are whole"

    calls, drafts = -1_000, len(there)
    again, found = read(path, other)
    assert calls == -1_000 + pieces_in_all - drafts * pieces_in_all // 5, "whole drafts stay"
    assert found.equals(whole)
    assert again.to_json() == log.to_json()
    assert not list(other.glob(".importing-*"))


def test_a_cut_between_the_last_row_and_the_last_name_costs_a_new_reading_only(
    read: Callable[[Path, Path], tuple[Log, pa.Table]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = as_json_lines(tmp_path / "log", 900)
    save = ingesting.save_facts

    def killed(*_: object) -> None:
        raise Cut

    monkeypatch.setattr(ingesting, "save_facts", killed)
    with pytest.raises(Cut):
        read(path, tmp_path / "logs")
    monkeypatch.setattr(ingesting, "save_facts", save)
    log, rows = read(path, tmp_path / "logs")
    assert log.rows_kept == len(rows) == 900
