"""The groups of benches: how each is run, and where its headline figures are found."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from tests.bench.figures import Figure, kept

Read = Callable[[str, Path], list[Figure]]  # of what was printed, and of the file by --json


def as_kept(printed: str, file: Path) -> list[Figure]:
    """The figures that a bench wrote."""
    return kept(file)


@dataclass(frozen=True)
class Group:
    """A module, and what it is told for small sizes: words, or code where it takes none."""

    module: str
    quick: tuple[str, ...] = ("--quick",)
    read: Read = as_kept
    quick_code: str = ""

    def command(self, quick: bool, file: Path) -> list[str]:
        """What Python is told to run."""
        if quick and self.quick_code:
            return ["-c", f"from tests.bench import {self.module} as bench; {self.quick_code}"]
        words = [*self.quick] if quick else []
        if self.read in (as_kept, viewed):
            words += ["--json", str(file)]
        return ["-m", f"tests.bench.{self.module}", *words]


def table(printed: str) -> dict[str, list[float]]:
    """The numbers that follow the name in each line: two blanks or more are between them."""
    found: dict[str, list[float]] = {}
    for line in printed.splitlines():
        if match := re.match(r"(\S.*?)\s{2,}(\d.*)", line):
            words = [word for word in match[2].split() if word != "ms"]
            numbers = takewhile(re.compile(r"\d[\d,]*(\.\d+)?").fullmatch, words)
            found[match[1]] = [float(number.replace(",", "")) for number in numbers]
    return found


def redrawn(printed: str, file: Path) -> list[Figure]:
    """The slowest control on the long log, and the one that hangs most on the log's length."""
    rows = {name: row for name, row in table(printed).items() if len(row) == 3}
    slow = max(rows, key=lambda name: rows[name][1])
    steep = max(rows, key=lambda name: rows[name][2])
    return [
        Figure(f"redraw, {what}: {name}", rows[name][1], "ms",
               f"on the short log: {rows[name][0]:,.0f} ms", rows[name][2])
        for what, name in (("slowest", slow), ("steepest", steep))
    ]  # fmt: skip


def paged(printed: str, file: Path) -> list[Figure]:
    """The slowest page of each kind of visit."""
    rows = {name: row for name, row in table(printed).items() if len(row) == 3}
    found = []
    for place, kind in enumerate(("first", "again", "back")):
        ms, name = max((row[place], page) for page, row in rows.items())
        found.append(
            Figure(f"slowest page, {kind}: {name}", ms, "ms", "300 ms are allowed", ms / 300)
        )
    return found


def started(printed: str, file: Path) -> list[Figure]:
    """Median seconds until the server listens, and until the first page is painted."""
    rows = table(printed)
    whole = rows["together"][0]
    return [
        Figure(f"start, {words}", rows[step][0], "s", f"the whole start: {whole:.2f} s",
               rows[step][0] / whole)
        for step, words in (("listens", "the server listens"), ("together", "first page painted"))
    ]  # fmt: skip


def viewed(printed: str, file: Path) -> list[Figure]:
    """Waits of viewers beside a job, errors, and memory."""
    found = json.loads(file.read_text(encoding="utf-8"))
    calm, busy = (found[name].get("p95_ms") for name in ("without_job", "with_job"))
    people = f"{found['viewers']} viewers"
    figures = [Figure(f"{people}, errors", float(sum(found["errors"].values())), "")]
    if calm:
        figures.append(Figure(f"{people}, wait, p95", calm, "ms", "300 ms are allowed", calm / 300))
    if calm and busy:
        words = f"without the job: {calm:,.0f} ms"
        figures.append(Figure(f"{people}, wait beside a job, p95", busy, "ms", words, busy / calm))
    memory = found["memory_mb"]
    words = f"at the start: {memory['start']:,.0f} MB"
    ratio = memory["most"] / memory["start"]
    return [*figures, Figure(f"{people}, server's memory", memory["most"], "MB", words, ratio)]


# These print tables only, or a file of their own shape: what they say is read as people read it.
GROUPS: Final[dict[str, Group]] = {
    "reading": Group("reading"),
    "scale": Group("scale"),
    "cluster": Group("cluster"),
    "classifier": Group("classifier"),
    "redraw": Group(
        "redraw", read=redrawn, quick_code="bench.SIZES = (1_000, 20_000); bench.main()"
    ),
    "pages": Group("pages", read=paged, quick_code="bench.ROUNDS = 1; bench.main()"),
    "futures": Group("futures"),
    "workspace": Group("workspace"),
    "start": Group("start", quick=("2",), read=started),
    "viewers": Group(
        "viewers", quick=("--viewers=10", "--minutes=0.5", "--rows=20000"), read=viewed
    ),
}
