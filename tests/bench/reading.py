# ruff: noqa: T201 - a benchmark prints
"""How long a log of a million prompts takes, beside pyarrow's bare parse of the same file.

Run `python -m tests.bench.reading` (two minutes, half a gigabyte in a temporary folder);
`--file LOG.csv` reads a file of your own. Every measurement has a process to itself.
"""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv

from tests.bench.figures import Figure, keep, words_of
from tests.bench.measured import Measured, of_function
from tests.bench.million import write_log

NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROWS: Final = 1_000_000
QUICK: Final = 50_000
_PARSE: Final = pyarrow.csv.ParseOptions(newlines_in_values=True)


def stream(path: Path, threads: bool) -> int:
    """Rows that pyarrow's streaming reader parses."""
    options = pyarrow.csv.ReadOptions(use_threads=threads)
    with pyarrow.csv.open_csv(path, options, _PARSE) as batches:
        return sum(batch.num_rows for batch in batches)


def whole(path: Path, threads: bool) -> int:
    """Rows that pyarrow reads into one table."""
    return pyarrow.csv.read_csv(path, pa.csv.ReadOptions(use_threads=threads), _PARSE).num_rows


def ours(path: Path, logged: bool, keep_text: bool = True) -> int:
    """Rows of the imported log: parsed, redacted, counted, written."""
    from core.logs.ingest import ingest
    from core.logs.preview import preview

    mapping = preview(path, path.name).mapping
    if not logged:
        mapping = dataclasses.replace(mapping, input_tokens=None, output_tokens=None)
    with tempfile.TemporaryDirectory() as folder:
        log = ingest(path, mapping, Path(folder), name=path.name, now=NOON, keep_text=keep_text)
    return log.rows_kept


RUNS: Final[dict[str, Callable[[Path], int]]] = {
    "pyarrow open_csv, threads": lambda path: stream(path, True),
    "pyarrow open_csv, use_threads=False": lambda path: stream(path, False),
    "pyarrow read_csv, threads": lambda path: whole(path, True),
    "pyarrow read_csv, use_threads=False": lambda path: whole(path, False),
    "tierwise, logged tokens": lambda path: ours(path, True),
    "tierwise, estimated tokens": lambda path: ours(path, False),
    "tierwise, logged tokens, no text kept": lambda path: ours(path, True, keep_text=False),
}


def read(run: str, file: str) -> int:
    """Rows of one of the runs."""
    return RUNS[run](Path(file))


def figures(path: Path, rounds: int) -> list[Figure]:
    """Tierwise's ways beside pyarrow's; every run's best time and its peak are printed."""
    found: dict[str, list[Measured]] = {run: [] for run in RUNS}
    for _ in range(rounds):
        for run, all_of_it in found.items():
            all_of_it.append(of_function(read, run, str(path)))
    best = {run: min(m.seconds for m in all_of_it) for run, all_of_it in found.items()}
    bases = [run for run in RUNS if run.startswith("pyarrow")]
    print(
        f"{path.stat().st_size / 1e6:,.0f} MB, pyarrow {pa.__version__}, {os.cpu_count()} cores, "
        f"best of {rounds}; the last columns are multiples of the first four rows"
    )
    print(f"{'':40}{'seconds':>8}{'of CPU':>8}{'peak MB':>9}{'rows':>11}")
    for run, all_of_it in found.items():
        cpu = min(m.cpu_seconds for m in all_of_it)
        peak = max(m.peak_mb for m in all_of_it)
        ratios = "".join(f"{best[run] / best[base]:7.2f}" for base in bases)
        print(f"{run:40}{best[run]:8.2f}{cpu:8.2f}{peak:9.0f}{all_of_it[0].result:11,}  {ratios}")
    return [
        Figure(
            f"reading {found[run][0].result:,} rows, {run.removeprefix('tierwise, ')}",
            best[run], "s", f"{base}: {best[base]:,.2f} s", best[run] / best[base],
        )
        for run in RUNS if run not in bases
        for base in bases if "False" not in base
    ]  # fmt: skip


def main() -> None:
    """All runs side by side."""
    words = words_of(__doc__)
    words.add_argument("--file", type=Path, help="a CSV file instead of a new one")
    words.add_argument("--rows", type=int)
    words.add_argument("--rounds", type=int)
    said = words.parse_args()
    rounds = said.rounds or (1 if said.quick else 3)
    with tempfile.TemporaryDirectory() as folder:
        path = said.file or Path(folder) / "million.csv"
        if not said.file:
            write_log(path, said.rows or (QUICK if said.quick else ROWS))
        keep(figures(path, rounds), said.json)


if __name__ == "__main__":
    main()
