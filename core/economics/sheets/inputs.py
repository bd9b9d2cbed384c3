"""The Inputs sheet: every field of a case, named, with its unit and its source."""

from __future__ import annotations

from typing import Final

from core.economics.estimate import Estimate
from core.economics.sheets.cells import Book, Formula, Look, Page
from core.economics.tuning.bounds import BOUNDS
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.fields import GROUPS, Field, Value, source_of, value_of

SHEET: Final = "Inputs"
NONE: Final = "none"  # what formulas read where an input is left out
HEAD: Final = (
    "Input", "Low", "Likely, or the value", "High", "Used", "How it is used", "Unit",
    "Known from", "Source", "Date", "Name in formulas",
)  # fmt: skip
FIRST_ROW: Final = 6


def write_inputs(book: Book, case: FineTuneCase, months: int) -> None:
    """Write the sheet; the workbook counts up to `months` months, so no horizon is longer.

    Column E of each row has the field's name; an estimate's own three numbers have it with
    _low, _likely and _high.
    """
    page = book.page(SHEET, (38, 14, 20, 14, 16, 14, 18, 12, 60, 10, 28))
    page.title(
        "Inputs",
        "Blue is yours to change; black is worked out. Money is USD; a share is a fraction of 1.",
        "The expected future uses the PERT mean (low + 4 likely + high) / 6 of money, and the "
        "likely value of ratios, gains and rates.",
    )
    page.head(FIRST_ROW - 1, HEAD)
    page.sheet.freeze_panes(FIRST_ROW - 1, 1)
    row = FIRST_ROW
    for group, members in GROUPS.items():
        page.put(f"A{row}", group, look="group")
        row += 1
        for field in members:
            _write_field(book, page, row, field, case)
            _guard(page, row, field, months)
            row += 1


def used(field: Field, value: Value) -> float | str:
    """What the expected future reads for a value: a number, a text, or "none"."""
    if isinstance(value, Estimate):
        return value.mean if field.use == "PERT mean" else float(value.likely)
    if value is None or value == "":
        return NONE
    return value


def _write_field(book: Book, page: Page, row: int, field: Field, case: FineTuneCase) -> None:
    value, source = value_of(case, field.name), source_of(case, field.name)
    page.put(f"A{row}", field.words)
    if field.use == "as given":
        assert not isinstance(value, Estimate)
        page.put(f"C{row}", None if value == "" else value, field.shape, "input")
        formula = f'=IF(C{row}="","{NONE}",C{row})'
    else:
        three = (
            (value.low, value.likely, value.high) if isinstance(value, Estimate) else (None,) * 3
        )
        for column, part, number in zip("BCD", ("low", "likely", "high"), three, strict=True):
            page.put(f"{column}{row}", number, field.shape, "input")
            book.name(f"{field.name}_{part}", SHEET, f"{column}{row}")
        formula = f'=IF(ISNUMBER(C{row}),C{row},"{NONE}")'
        if field.use == "PERT mean":  # a reader may give one number and leave the ends out
            mean = f"(B{row}+4*C{row}+D{row})/6"
            formula = f"=IF(COUNT(B{row}:D{row})=3,{mean},{formula[1:]})"
    page.put(f"E{row}", Formula(formula, used(field, value)), field.shape)
    book.name(field.name if field.name != "name" else "case_name", SHEET, f"E{row}")
    texts: tuple[tuple[str, str, Look], ...] = (
        ("F", field.use, "plain"),
        ("G", field.unit, "plain"),
        ("H", source.kind, "plain"),
        ("I", source.note, "note"),
        ("J", source.date, "plain"),
        ("K", field.name if field.name != "name" else "case_name", "note"),
    )
    for column, text, look in texts:
        page.put(f"{column}{row}", text, look=look)


def _guard(page: Page, row: int, field: Field, months: int) -> None:
    """Let Excel refuse what the program would refuse."""
    if field.name == "accuracy_gain_kind":
        page.sheet.data_validation(
            f"C{row}", {"validate": "list", "source": ["points", "relative"]}
        )
    bound = BOUNDS.get(field.name)
    if bound is None:
        return
    high = min(bound.high, months) if field.name == "horizon_months" else bound.high
    page.sheet.data_validation(
        f"C{row}" if field.use == "as given" else f"B{row}:D{row}",
        {
            "validate": "integer" if bound.shape == "whole" else "decimal",
            "criteria": "between",
            "minimum": bound.low,
            "maximum": high,
            "error_message": f"Use {bound.says}; up to {high:,g} in this workbook.",
        },
    )
