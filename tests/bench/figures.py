# ruff: noqa: T201 - a benchmark prints
"""Headline figures of the benches: what was measured, beside what, and how they compare."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One figure; `ratio` is the figure divided by what it is `beside`, where there is such."""

    name: str
    value: float
    unit: str
    beside: str = ""
    ratio: float | None = None


def words_of(doc: str | None) -> argparse.ArgumentParser:
    """What every bench can be told."""
    words = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    words.add_argument("--quick", action="store_true", help="small sizes, to see that it works")
    words.add_argument("--json", type=Path, help="a file for the figures")
    return words


def keep(figures: Iterable[Figure], file: Path | None) -> None:
    """Write the figures to the file, where there is one."""
    if file:
        rows = [asdict(figure) for figure in figures]
        file.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept(file: Path) -> list[Figure]:
    """The figures in a file."""
    return [Figure(**row) for row in json.loads(file.read_text(encoding="utf-8"))]


def show(figures: Iterable[Figure]) -> None:
    """Print the figures as a table."""
    print(f"{'figure':58}{'':>14} {'unit':12}{'ratio':>8}  beside")
    for each in figures:
        ratio = "" if each.ratio is None else f"{each.ratio:,.2f}"
        value = f"{each.value:,.0f}" if abs(each.value) >= 1_000 else f"{each.value:,.4g}"
        print(f"{each.name:58}{value:>14} {each.unit:12}{ratio:>8}  {each.beside}".rstrip())
