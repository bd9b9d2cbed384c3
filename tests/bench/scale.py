# ruff: noqa: T201 - a benchmark prints
"""How sorting a whole log grows from ten thousand to ten million queries, beside bare pyarrow.

Run `python -m tests.bench.scale` (twenty minutes, 10 GB in a temporary folder; `--quick` one).
Per size, in one run: `tierwise categorize FILE --json` on all cores, from the start of its
process to its end, beside two ways in which pyarrow alone reads and hashes the same prompts, on
their own clocks, without the start of Python. Then a log of the middle size is sorted again with
`--work FOLDER`, killed half-way, and started anew.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.bench.figures import Figure, keep, words_of
from tests.bench.measured import MB, TIERWISE, Measured, cut_off, of_command, of_function
from tests.bench.million import write_parquet

SIZES: Final = (10_000, 100_000, 1_000_000, 3_000_000, 10_000_000)
QUICK: Final = (10_000, 210_000, 300_000)  # logs over 200,000 rows are cut, and can go on
LAST: Final = 3  # sizes in which the start of a process hardly counts
BYTES_PER_ROW: Final = 1_000  # 240 of the file, 250 of each of two working copies, and some air
WHOLE_AT_MOST: Final = 3_000_000  # rows of 460 characters, all of them in memory
BATCH: Final = 25_000
COLUMN: Final = "prompt"


def streamed(file: str) -> int:
    """Rows whose prompts pyarrow reads and hashes batch by batch."""
    rows = 0
    for batch in pq.ParquetFile(file).iter_batches(BATCH, columns=[COLUMN]):
        rows += len(batch.column(0).dictionary_encode())
    return rows


def whole(file: str) -> int:
    """Different prompts that pyarrow finds in the whole column at once."""
    return len(pc.unique(pq.ParquetFile(file).read(columns=[COLUMN])[COLUMN]))


@dataclass(frozen=True)
class Size:
    """A log of so many rows, sorted by Tierwise and hashed by pyarrow; `whole` where it fits."""

    rows: int
    tierwise: Measured
    streamed: Measured
    whole: Measured | None


def measure(file: Path, rows: int) -> Size:
    """All three ways on a file."""
    stream = of_function(streamed, str(file))
    at_once = of_function(whole, str(file)) if rows <= WHOLE_AT_MOST else None
    tierwise = of_command([*TIERWISE, "categorize", str(file), "--json"])
    assert stream.result == rows == tierwise.result["queries"], "every row is a query"
    return Size(rows, tierwise, stream, at_once)


def tell(size: Size) -> None:
    """A line per way."""
    ways = {"tierwise categorize": size.tierwise, "pyarrow, streaming": size.streamed}
    if size.whole:
        ways["pyarrow, whole column"] = size.whole
    for name, found in ways.items():
        print(
            f"{size.rows:>11,}  {name:24}{found.seconds:9.2f}{found.cpu_seconds:9.2f}"
            f"{size.rows / found.seconds:13,.0f}{found.peak_mb:9,.0f}"
            f"{size.tierwise.seconds / found.seconds:10.2f}",
            flush=True,
        )


def exponent(sizes: Sequence[Size]) -> float:
    """The power of the rows with which seconds grow, by least squares over logarithms."""
    rows, seconds = np.log([(size.rows, size.tierwise.seconds) for size in sizes]).T
    return float(np.polyfit(rows, seconds, 1)[0])


def growth(sizes: Sequence[Size]) -> list[Figure]:
    """Headlines of every size, and whether seconds grow as the rows do."""
    print(f"\n{'rows':>11}{'s per million':>16}{'exponent since the last size':>32}")
    for before, size in zip((None, *sizes[:-1]), sizes, strict=True):
        power = f"{exponent((before, size)):32.2f}" if before else ""
        print(f"{size.rows:>11,}{size.tierwise.seconds / size.rows * 1e6:16.1f}{power}")
    found = []
    for size in sizes:
        name = f"categorize {size.rows:,} queries, end to end"
        seconds = size.tierwise.seconds
        for beside, other in (("streaming", size.streamed), ("whole column", size.whole)):
            if other:
                words = f"pyarrow hashes the prompts, {beside}: {other.seconds:,.2f} s"
                found.append(Figure(name, seconds, "s", words, seconds / other.seconds))
        peak = size.tierwise.peak_mb
        words = f"pyarrow, streaming: {size.streamed.peak_mb:,.0f} MB"
        found.append(Figure(f"{name}, peak", peak, "MB", words, peak / size.streamed.peak_mb))
    for some in {len(sizes): sizes, min(LAST, len(sizes)): sizes[-LAST:]}.values():
        if len(some) > 1:
            words = "1 is linear, the start of the process included"
            name = f"exponent of growth, {some[0].rows:,} to {some[-1].rows:,} rows"
            found.append(Figure(name, exponent(some), "", words))
    if len(sizes) > 1:
        last = [size.tierwise.seconds / size.rows for size in sizes[-2:]]
        words = f"at {sizes[-2].rows:,} rows: {last[0] * 1e6:,.1f} s"
        name = f"seconds per million at {sizes[-1].rows:,} rows"
        found.append(Figure(name, last[1] * 1e6, "s", words, last[1] / last[0]))
    return found


def resumed(file: Path, folder: Path, rows: int) -> Figure:
    """How long the second attempt takes after the first was killed at half of the time."""

    def sort(work: str) -> list[str]:
        return [*TIERWISE, "categorize", str(file), "--json", "--work", str(folder / work)]

    in_one_go = of_command(sort("one-go"))
    assert cut_off(sort("again"), in_one_go.seconds / 2), "it was killed too late"
    again = of_command(sort("again"))
    assert again.result["tiers"] == in_one_go.result["tiers"], "the same tiers"
    name = f"categorize {rows:,} queries, killed half-way and begun again"
    print(f"\n{name}: {again.seconds:.2f} s; in one go {in_one_go.seconds:.2f} s; the same tiers")
    words = f"in one go: {in_one_go.seconds:,.2f} s, the same tiers"
    return Figure(name, again.seconds, "s", words, again.seconds / in_one_go.seconds)


def need_room(folder: Path, rows: int) -> None:
    """Ends the program with a sentence when a log of so many rows does not fit on the disk."""
    free, need = shutil.disk_usage(folder).free, rows * BYTES_PER_ROW
    if free < need:
        raise SystemExit(
            f"{rows:,} rows need {need / MB:,.0f} MB in {folder}, and {free / MB:,.0f} MB are "
            "free; name fewer --rows, or another folder with TMPDIR."
        )


def figures(rows: Sequence[int]) -> list[Figure]:
    """Headlines of logs of these sizes; details are printed as they come."""
    rows, sizes, found = sorted(rows), [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        need_room(folder, rows[-1])
        print("Memory is resident, of all processes together; what they share counts for each.")
        print(
            f"{'rows':>11}  {'':24}{'seconds':>9}{'of CPU':>9}{'queries/s':>13}{'peak MB':>9}"
            "  Tierwise takes so many times as long"
        )
        for count in rows:
            file = folder / f"{count}.parquet"
            write_parquet(file, count)
            sizes.append(measure(file, count))
            tell(sizes[-1])
            if count == rows[len(rows) // 2]:
                found.append(resumed(file, folder, count))
            file.unlink()
    return growth(sizes) + found


def main() -> None:
    """The sizes that are named, else the usual ones."""
    words = words_of(__doc__)
    words.add_argument("--rows", type=int, nargs="+")
    said = words.parse_args()
    keep(figures(said.rows or (QUICK if said.quick else SIZES)), said.json)


if __name__ == "__main__":
    main()
