# ruff: noqa: T201 - a benchmark prints
"""How long a log of a million prompts takes, beside pyarrow's bare parse of the same file.

Run `python -m tests.bench.reading` (two minutes, half a gigabyte in a temporary folder);
`--file LOG.csv` reads a file of your own. Every measurement has a process to itself.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.csv

from tests.bench.million import write_log

NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
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


@dataclass(frozen=True)
class Measured:
    """One run in a process of its own: both clocks, the peak of its memory, and the rows."""

    seconds: float
    cpu_seconds: float  # user and system, all threads
    peak_mb: float  # resident
    rows: int


def measure(run: str, path: Path) -> Measured:
    """One run in a fresh process."""
    command = [sys.executable, "-m", "tests.bench.reading", "--only", run, "--file", str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return Measured(float(said[0]), float(said[1]), float(said[2]), int(said[3]))


def compare(path: Path, rounds: int) -> None:
    """Prints every run's best time, its ratio to each of pyarrow's ways, and its peak."""
    found: dict[str, list[Measured]] = {run: [] for run in RUNS}
    for _ in range(rounds):
        for run, all_of_it in found.items():
            all_of_it.append(measure(run, path))
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
        print(f"{run:40}{best[run]:8.2f}{cpu:8.2f}{peak:9.0f}{all_of_it[0].rows:11,}  {ratios}")


def main() -> None:
    """One run when it is named, else all of them side by side."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, help="a CSV file instead of a new one")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=RUNS)
    choices = parser.parse_args()
    if choices.only:
        start = time.perf_counter()
        rows = RUNS[choices.only](choices.file)
        seconds = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, rows)  # kB on Linux
    elif choices.file:
        compare(choices.file, choices.rounds)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "million.csv"
            write_log(path, choices.rows)
            compare(path, choices.rounds)


if __name__ == "__main__":
    main()
