"""A workbook being written: cells of one kind look alike, and a text is never a formula."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final, Literal

import xlsxwriter

from core.economics.sheets.text import printable

Shape = Literal["text", "general", "usd", "share", "months", "factor", "whole", "times", "number"]
Look = Literal["plain", "input", "value", "head", "title", "group", "note", "result"]

LONGEST_TEXT: Final = 32_000  # Excel takes 32,767 characters in a cell
SHAPES: Final[Mapping[Shape, str]] = {
    "text": "@",
    "general": "General",
    "usd": "#,##0.00;[Red](#,##0.00)",
    "share": "0.0%;[Red](0.0%)",
    "months": "0.00",
    "factor": "0.0000",
    "whole": "#,##0",
    "times": "#,##0.00",
    "number": "General",
}
LOOKS: Final[Mapping[Look, dict[str, object]]] = {
    "plain": {"font_color": "#000000"},
    "input": {"font_color": "#0000FF", "bg_color": "#FFFBE6"},
    "value": {"font_color": "#595959"},
    "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "group": {"bold": True},
    "note": {"font_color": "#595959", "italic": True},
    "result": {"bold": True, "font_color": "#000000"},
}


@dataclass(frozen=True)
class Formula:
    """A formula ("=B2*C2") and what it comes to, for programs that show without calculating."""

    text: str
    value: float | str


Cell = float | str | Formula | None


class Page:
    """One sheet; cells are addressed as people do, "C5"."""

    def __init__(self, book: Book, name: str, widths: Sequence[float]) -> None:
        self._book = book
        self.sheet = book.file.add_worksheet(name)
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.hide_gridlines(2)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)

    def put(self, at: str, cell: Cell, shape: Shape = "text", look: Look = "plain") -> None:
        """Write one cell; a text is written as a text whatever it starts with.

        A number that is none (no workbook knows infinity) is left empty.
        """
        if isinstance(cell, Formula) and shape == "text":
            shape = "general"  # a formula in a text cell becomes a text when it is edited
        form = self._book.form(look, shape)
        if cell is None:
            self.sheet.write_blank(at, None, form)
        elif isinstance(cell, Formula):
            value = _text(cell.value) if isinstance(cell.value, str) else cell.value
            known = isinstance(value, str) or math.isfinite(value)
            self.sheet.write_formula(at, cell.text, form, value if known else "")
        elif isinstance(cell, str):
            self.sheet.write_string(at, _text(cell), form)
        elif math.isfinite(cell):
            self.sheet.write_number(at, float(cell), form)
        else:
            self.sheet.write_blank(at, None, form)

    def head(self, row: int, words: Sequence[str]) -> None:
        """Write the headings of a table into a row, from column A on."""
        for column, word in enumerate(words):
            self.put(f"{chr(ord('A') + column)}{row}", word, look="head")

    def title(self, words: str, *notes: str) -> None:
        """Write what the sheet is, and what to know before reading it, from row 1 on."""
        self.put("A1", words, look="title")
        for row, note in enumerate(notes, start=2):
            self.put(f"A{row}", note, look="note")


class Book:
    """A workbook in memory, made on a given day: the same content gives the same bytes."""

    def __init__(self, title: str, made_on: date) -> None:
        self._bytes = io.BytesIO()
        # strings_to_formulas matters to nobody here, and must not the day somebody calls write()
        self.file = xlsxwriter.Workbook(
            self._bytes,
            {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        created = datetime.combine(made_on, time(), UTC)
        self.file.set_properties({"title": title, "author": "Tierwise", "created": created})
        self._forms: dict[tuple[Look, Shape], object] = {}

    def page(self, name: str, widths: Sequence[float]) -> Page:
        """A new sheet after those before it."""
        return Page(self, name, widths)

    def name(self, name: str, sheet: str, at: str) -> None:
        """Give a cell a name that formulas can use."""
        column, row = at.rstrip("0123456789"), at.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        self.file.define_name(name, f"={sheet}!${column}${row}")

    def form(self, look: Look, shape: Shape) -> object:
        """The format of a look and a shape."""
        if (look, shape) not in self._forms:
            settings = {"num_format": SHAPES[shape], **LOOKS[look]}
            if shape == "text":  # stays a text when somebody edits the cell
                settings["quote_prefix"] = True
            elif shape != "general":  # "never" stands under the numbers it stands for
                settings["align"] = "right"
            self._forms[look, shape] = self.file.add_format(settings)
        return self._forms[look, shape]

    def finish(self) -> bytes:
        """The file; nothing can be written afterwards."""
        self.file.close()
        return self._bytes.getvalue()


def _text(text: str) -> str:
    return printable(text)[:LONGEST_TEXT]
