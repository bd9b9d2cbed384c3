"""The sheets of the savings workbook that hold values, not formulas."""

from __future__ import annotations

from collections.abc import Sequence

from core.economics.options import Option
from core.economics.register import Entry
from core.economics.savings_futures import SavingsFutures
from core.economics.sheets.cells import Book, Shape


def write_options(book: Book, found: Sequence[Option], months: int) -> None:
    """Write every option with its bill, its saving and its quality."""
    page = book.page("Options", (26, 18, 18, 18, 14, 60))
    page.title("Beside the other options", "Values, not formulas.")
    page.head(3, ("Option", "A month, today", "Saved in all", "Quality kept", "", "What it is"))
    for row, option in enumerate(found, start=4):
        page.put(f"A{row}", f"{option.name} (the plan)" if option.planned else option.name)
        page.put(f"B{row}", option.bill.usd if option.bill else None, "usd", "value")
        total = option.forecast.total_saving_usd if option.forecast else None
        page.put(f"C{row}", total, "usd", "value")
        page.put(f"D{row}", option.quality_kept, "share", "value")
        page.put(f"F{row}", option.note)
    page.put(f"A{len(found) + 5}", f"Over {months} months.", look="note")


def write_futures(book: Book, futures: SavingsFutures) -> None:
    """Write the saving so far at each percentile of the simulated futures."""
    page = book.page("Futures", (8, *[16] * len(futures.bands_usd)))
    page.title(
        "Saved so far in simulated futures, USD",
        f"Values, not formulas: {futures.draws:,} futures, seed {futures.seed}. "
        "10: one future in ten is below.",
    )
    page.head(3, ("Month", *(str(band) for band in futures.bands_usd)))
    for month, values in enumerate(zip(*futures.bands_usd.values(), strict=True)):
        page.put(f"A{4 + month}", float(month), "whole")
        for letter, usd in zip("BCDEF", values, strict=False):
            page.put(f"{letter}{4 + month}", usd, "usd", "value")


def write_register(book: Book, entries: Sequence[Entry]) -> None:
    """Write every assumption with its kind, source and date."""
    page = book.page("Register", (24, 44, 16, 14, 14, 22, 12, 80, 12))
    page.title("Every assumption, with its source", "Values, not formulas; shares are fractions.")
    page.head(3, ("Part", "What", "Value", "Low", "High", "Unit", "Known from", "Source", "As of"))
    for row, entry in enumerate(entries, start=4):
        page.put(f"A{row}", entry.group)
        page.put(f"B{row}", entry.what)
        shape: Shape = "text" if isinstance(entry.value, str) else "number"
        page.put(f"C{row}", entry.value, shape, "value")
        page.put(f"D{row}", entry.low, "number", "value")
        page.put(f"E{row}", entry.high, "number", "value")
        for letter, words in zip("FGHI", (entry.unit, entry.kind, entry.source, entry.as_of),
                                 strict=True):  # fmt: skip
            page.put(f"{letter}{row}", words)
