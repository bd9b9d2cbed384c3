"""Figures of a workbook: each a formula with its words, its value and how to read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.economics.sheets.cells import Book, Formula, Page, Shape

NEVER: Final = "never"
NOT_APPLICABLE: Final = "n/a"
UNITS: Final = {"usd": "USD", "months": "months", "share": "share"}


@dataclass(frozen=True)
class Figure:
    """One line: its words, its formula with what it comes to, and how to read it."""

    words: str
    formula: str
    value: float | str
    shape: Shape
    note: str
    name: str = ""  # what other formulas call it
    checked: bool = True  # against what the program says


def write_figures(
    book: Book, page: Page, sheet: str, row: int, figures: tuple[Figure, ...]
) -> dict[str, Figure]:
    """Write one figure a row from `row` on; what comes back is each by its cell, "Result!B6"."""
    written = {}
    for at, figure in enumerate(figures, start=row):
        page.put(f"A{at}", figure.words)
        page.put(f"B{at}", Formula(figure.formula, figure.value), figure.shape, "result")
        page.put(f"C{at}", UNITS.get(figure.shape, ""))
        page.put(f"D{at}", figure.note, look="note")
        if figure.name:
            book.name(figure.name, sheet, f"B{at}")
        written[f"{sheet}!B{at}"] = figure
    return written


def or_word(value: float | None, word: str) -> float | str:
    """The number, or the word for having none."""
    return word if value is None else float(value)
