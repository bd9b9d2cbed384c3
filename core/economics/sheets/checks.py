"""The Checks sheet: what the workbook's formulas come to against what the program said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.economics.sheets.cashflow_sheet import cell
from core.economics.sheets.cells import Book, Formula, Shape
from core.economics.sheets.figures import Figure
from core.economics.tuning.verdict import FineTuneResult

SHEET: Final = "Checks"
FIRST_ROW: Final = 6
OK: Final = "OK"
STATUS: Final = f"{SHEET}!B2"  # the one cell that says it all
HALF_A_CENT: Final = "0.005"


def write_checks(
    book: Book, figures: Mapping[str, Figure], result: FineTuneResult, months_shown: int
) -> None:
    """Write the sheet: every checked figure, and the balance of every month shown.

    After the months that count the balance stands still.
    """
    page = book.page(SHEET, (44, 18, 18, 14, 10))
    page.title("Checks")
    rows: list[tuple[str, str, float | str, Shape]] = [
        (figure.words, at, figure.value, figure.shape)
        for at, figure in figures.items()
        if figure.checked
    ]
    last = result.months
    balances = result.cumulative_usd
    rows += [
        (f"Balance after month {month}", cell("balance", month), balances[min(month, last)], "usd")
        for month in range(months_shown + 1)
    ]
    end = FIRST_ROW + len(rows) - 1
    page.put("A2", "All together")
    page.put(
        "B2",
        Formula(f'=IF(SUM(E{FIRST_ROW}:E{end})=0,"{OK}","DIFFERS")', OK),
        look="result",
    )
    book.name("all_checks", SHEET, "B2")
    page.put(
        "A3",
        "The program's figures are values from the day of the export: after you change an input, "
        "the two differ on purpose.",
        look="note",
    )
    page.head(FIRST_ROW - 1, ("Figure", "This workbook", "Tierwise", "Difference", "1 = differs"))
    page.sheet.freeze_panes(FIRST_ROW - 1, 1)
    for row, (words, at, value, shape) in enumerate(rows, start=FIRST_ROW):
        page.put(f"A{row}", words)
        page.put(f"B{row}", Formula(f"={at}", value), shape)
        page.put(f"C{row}", value, shape, "value")
        page.put(
            f"D{row}",
            Formula(
                f"=IF(AND(ISNUMBER(B{row}),ISNUMBER(C{row})),ROUND(B{row}-C{row},6),"
                f"IF(B{row}=C{row},0,1))",
                0.0,
            ),
            "factor",
        )
        # a trillion dollars has no half cent left in sixteen digits
        allowed = f"MAX({HALF_A_CENT},IF(ISNUMBER(C{row}),ABS(C{row})/10^12,0))"
        page.put(f"E{row}", Formula(f"=IF(ABS(D{row})<={allowed},0,1)", 0.0), "whole")
