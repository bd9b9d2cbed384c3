"""The sheets that a spreadsheet cannot work out by itself: Bridge, Tornado, MonteCarlo."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.economics.sheets.cells import Book, Cell, Shape
from core.economics.sheets.figures import NEVER, NOT_APPLICABLE, or_word
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.fields import GROUPS, Field
from core.economics.tuning.sensitivity import bridge, changes_of, tornado
from core.economics.tuning.uncertainty import Percentiles, Simulation

VALUES: Final = "Values, not formulas: they stay as they were on the day of the export."
HEAD_ROW: Final = 5


def write_bridge(book: Book, case: FineTuneCase) -> None:
    """Write the way from the textbook payback to the sustained one."""
    page = book.page("Bridge", (44, 18))
    page.title("From the textbook payback to this one", VALUES, "Each row counts one thing more.")
    page.head(HEAD_ROW, ("With everything up to", "Payback, months"))
    for row, step in enumerate(bridge(case), start=HEAD_ROW + 1):
        page.put(f"A{row}", step.label)
        page.put(f"B{row}", or_word(step.payback_months, NEVER), "months", "value")


def write_tornado(book: Book, case: FineTuneCase) -> None:
    """Write what each range does to the value, one at a time, widest first."""
    page = book.page("Tornado", (40, 18, 16, 16, 22, 22, 18))
    page.title(
        "Which input moves the value, one at a time",
        VALUES,
        "Each between its own P10 and P90, the others as they are; value: net present value at "
        "the end of the months that count, USD. No probability.",
    )
    page.head(
        HEAD_ROW,
        ("Input", "Unit", "Its P10", "Its P90", "Value at its P10", "Value at its P90", "Swing"),
    )
    known: Mapping[str, Field] = {f.name: f for group in GROUPS.values() for f in group}
    for row, swing in enumerate(tornado(changes_of(case)), start=HEAD_ROW + 1):
        field = known[swing.label]
        page.put(f"A{row}", field.words)
        page.put(f"B{row}", field.unit)
        page.put(f"C{row}", swing.low_value, field.shape, "value")
        page.put(f"D{row}", swing.high_value, field.shape, "value")
        page.put(f"E{row}", swing.npv_at_low_usd, "usd", "value")
        page.put(f"F{row}", swing.npv_at_high_usd, "usd", "value")
        page.put(f"G{row}", swing.swing_usd, "usd", "value")


def write_monte_carlo(book: Book, futures: Simulation) -> None:
    """Write the chances, the percentiles, and the bands of the balance."""
    page = book.page("MonteCarlo", (48, 18, 18, 18, 18, 18))
    page.title(
        f"{futures.draws:,} simulated futures, seed {futures.seed}",
        VALUES,
        "Every range is drawn as PERT, independent of the others; the same seed gives the same "
        "figures. P10: one future in ten lies below.",
    )
    chances: list[tuple[str, Cell, Shape]] = [
        ("Seed", float(futures.seed), "general"),
        ("Draws", float(futures.draws), "whole"),
        *(
            (f"Chance to pay back within {month} months", chance, "share")
            for month, chance in futures.probability_payback_within_months.items()
        ),
        ("Chance to pay back within the months counted", futures.probability_of_payback, "share"),
        ("Chance of a loss", futures.probability_of_loss, "share"),
        ("Mean loss, if it loses, USD", or_word(futures.expected_loss_usd, NOT_APPLICABLE), "usd"),
    ]
    page.head(HEAD_ROW, ("Chances", "Figure"))
    row = HEAD_ROW + 1
    for words, figure, shape in chances:
        page.put(f"A{row}", words)
        page.put(f"B{row}", figure, shape, "value")
        row += 1
    row += 1
    page.head(row, ("Percentiles", "P10", "P50", "P90"))
    spreads: list[tuple[str, Percentiles | None, Shape, str]] = [
        ("Payback, sustained, months", futures.payback_months, "months", NEVER),
        ("Investment, USD", futures.investment_usd, "usd", NOT_APPLICABLE),
        *(
            (f"Net present value, {month} months, USD", found, "usd", NOT_APPLICABLE)
            for month, found in futures.npv_usd.items()
        ),
    ]
    for words, spread, shape, missing in spreads:
        row += 1
        page.put(f"A{row}", words)
        three = (spread.p10, spread.p50, spread.p90) if spread else (None,) * 3
        for column, number in zip("BCD", three, strict=True):
            page.put(f"{column}{row}", or_word(number, missing), shape, "value")
    row += 2
    page.head(row, ("Balance after month, USD", *(f"P{band}" for band in futures.bands_usd)))
    for month, balances in enumerate(zip(*futures.bands_usd.values(), strict=True)):
        row += 1
        page.put(f"A{row}", float(month), "whole")
        for column, usd in zip("BCDEF", balances, strict=True):
            page.put(f"{column}{row}", usd, "usd", "value")
