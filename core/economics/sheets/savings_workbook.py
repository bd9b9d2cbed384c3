"""The savings forecast as an Excel workbook whose formulas come to the program's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from string import ascii_uppercase
from typing import Final

import numpy as np

from core.economics.estimate import Estimate
from core.economics.forecast import Bill, bills, forecast, month_factors, monthly_ramp
from core.economics.options import Option
from core.economics.outlook import INPUTS, Outlook
from core.economics.register import Entry
from core.economics.savings_futures import SavingsFutures
from core.economics.sheets.cells import Book, Formula, Page, Shape
from core.economics.sheets.savings_values import write_futures, write_options, write_register

FIRST: Final = 5  # the row of month 1 on the Months sheet
STATUS: Final = "checks_status"
_MONEY: Final = ("running_monthly_usd", "one_off_usd")


@dataclass(frozen=True)
class _Column:
    """One column of the Months sheet: a formula for row {r} ({p}: the row before), or values."""

    words: str
    shape: Shape
    formula: str = ""


_COLUMNS: Final = (
    _Column("Month", "whole"),
    _Column("Season", "factor"),
    _Column("Volume given", "factor"),
    _Column("Routed", "share"),
    _Column("Volume", "factor", "=IF(ISNUMBER(C{r}),C{r},(1+monthly_growth)^A{r}*B{r})"),
    _Column("Tokens", "factor", "=(1+monthly_token_drift)^A{r}"),
    _Column(
        "Prices",
        "factor",
        "=(1-yearly_price_decline)^(A{r}/12)"
        "*IF(ISNUMBER(reprice_month),IF(A{r}>=reprice_month,reprice_factor,1),1)",
    ),
    _Column("As today", "usd", "=today_usd*E{r}*F{r}*G{r}"),
    _Column("If all is routed", "usd", "=(planned_usd-planned_fixed_usd)*E{r}*F{r}*G{r}"),
    _Column("Rent", "usd", "=IF(D{r}>0,planned_fixed_usd,0)"),
    _Column("Router, evaluation", "usd", "=IF(D{r}>0,running_monthly_usd,0)"),
    _Column(
        "Repricing work",
        "usd",
        "=IF(ISNUMBER(reprice_month),IF(A{r}=reprice_month,reprice_usd,0),0)",
    ),
    _Column("Planned", "usd", "=D{r}*I{r}+(1-D{r})*H{r}+J{r}+K{r}+L{r}"),
    _Column("Saved", "usd", "=H{r}-M{r}"),
    _Column("Saved so far", "usd", "=O{p}+N{r}"),
)


def savings_workbook(
    today: Bill,
    planned: Bill,
    outlook: Outlook,
    found: Sequence[Option],
    futures: SavingsFutures,
    entries: Sequence[Entry],
    *,
    made_on: date,
) -> bytes:
    """The forecast as an .xlsx file; the same arguments give the same bytes.

    Inputs, Months and Checks are live formulas with the values that they come to; Options, Futures
    and Register are values. `planned` is the plan alone, without a fine-tune on top.
    """
    book = Book("Savings forecast", made_on)
    readme = book.page("README", (22, 110))
    _write_inputs(book, today, planned, outlook)
    _write_months(book, today, planned, outlook)
    write_options(book, found, outlook.months)
    write_futures(book, futures)
    write_register(book, entries)
    _write_checks(book, today, planned, outlook)
    _write_readme(readme, outlook, futures, made_on)
    return book.finish()


def _write_inputs(book: Book, today: Bill, planned: Bill, outlook: Outlook) -> None:
    page = book.page("Inputs", (44, 14, 14, 14, 16, 20))
    page.title("Inputs", "Blue cells are yours to change; Months and Checks follow.")
    page.head(3, ("What", "Low", "Likely", "High", "Used", "Unit"))
    row = 4
    for name, (words, unit) in INPUTS.items():
        value: Estimate = getattr(outlook, name)
        money = name in _MONEY
        shape: Shape = "usd" if money else "share"
        page.put(f"A{row}", words)
        for column, number in zip("BCD", (value.low, value.likely, value.high), strict=True):
            page.put(f"{column}{row}", number, shape, "input")
        used = f"=(B{row}+4*C{row}+D{row})/6" if money else f"=C{row}"
        page.put(f"E{row}", Formula(used, value.mean if money else value.likely), shape)
        page.put(f"F{row}", unit.replace("% ", "").replace("$ ", "USD "))
        book.name(name, "Inputs", f"E{row}")
        row += 1
    single: tuple[tuple[str, str, float | None, Shape, str], ...] = (
        ("today_usd", "Today's bill", today.usd, "usd", "USD a month"),
        ("planned_usd", "Planned bill, all routed", planned.usd, "usd", "USD a month"),
        ("planned_fixed_usd", "of it rent", planned.fixed_usd, "usd", "USD a month"),
        ("reprice_month", "A cheaper successor arrives in month",
         None if outlook.reprice_month is None else float(outlook.reprice_month), "whole", ""),
        ("reprice_factor", "and costs", outlook.reprice_factor, "share", "of today's price"),
        ("reprice_usd", "Work of moving to it", outlook.reprice_usd, "usd", "USD"),
    )  # fmt: skip
    for name, words, given, shape, unit in single:
        page.put(f"A{row}", words)
        page.put(f"E{row}", given, shape, "input")
        page.put(f"F{row}", unit)
        book.name(name, "Inputs", f"E{row}")
        row += 1


def _write_months(book: Book, today: Bill, planned: Bill, outlook: Outlook) -> None:
    page = book.page("Months", (8, *[13] * (len(_COLUMNS) - 1)))
    page.title(
        "Month by month, USD",
        "Season, volume given and the share routed are inputs; the rest are formulas over Inputs.",
    )
    page.head(FIRST - 2, [column.words for column in _COLUMNS])
    one_off = outlook.one_off_usd.mean
    page.put(f"A{FIRST - 1}", 0.0, "whole")
    page.put(f"O{FIRST - 1}", Formula("=-one_off_usd", -one_off), "usd")
    for number, values in enumerate(_values(today, planned, outlook)):
        row = FIRST + number
        for letter, column, value in zip(ascii_uppercase, _COLUMNS, values, strict=False):
            if column.formula:
                text = column.formula.format(r=row, p=row - 1)
                page.put(f"{letter}{row}", Formula(text, float(value or 0.0)), column.shape)
            else:
                look = "plain" if letter == "A" else "input"
                page.put(f"{letter}{row}", value, column.shape, look)  # type: ignore[arg-type]


def _values(today: Bill, planned: Bill, outlook: Outlook) -> list[list[float | None]]:
    """What each cell of the Months sheet comes to, a row per month."""
    count = outlook.months
    factors = month_factors(outlook)
    ramp = monthly_ramp(outlook.weekly_ramp, count)
    given: list[float | None] = [None] * count
    if outlook.volume_plan:
        last = len(outlook.volume_plan) - 1
        given = [outlook.volume_plan[min(n, last)] for n in range(count)]
    before, after, _ = bills(today, np.array([planned.usd]), planned, outlook)
    factor = factors.volume * factors.tokens * factors.prices
    routed = (planned.usd - planned.fixed_usd) * factor
    rent, running = (
        np.where(ramp > 0, usd, 0.0)
        for usd in (planned.fixed_usd, outlook.running_monthly_usd.mean)
    )
    months = np.arange(1, count + 1)
    moves = np.where(months == (outlook.reprice_month or 0), outlook.reprice_usd, 0.0)
    saved = before[0] - after[0]
    so_far = np.cumsum(saved) - outlook.one_off_usd.mean
    columns = (
        months, factors.season, given, ramp, factors.volume, factors.tokens, factors.prices,
        before[0], routed, rent, running, moves, after[0], saved, so_far,
    )  # fmt: skip
    return [
        [None if value is None else float(value) for value in row]
        for row in zip(*columns, strict=True)
    ]


def _write_checks(book: Book, today: Bill, planned: Bill, outlook: Outlook) -> None:
    page = book.page("Checks", (44, 18, 18, 18))
    page.title("Checks", "What the formulas come to less what the program said, USD.")
    page.head(3, ("What", "Formulas", "Program", "Difference"))
    made = forecast(today, planned, outlook)
    last = FIRST + outlook.months - 1
    lines = (
        ("Bill as today, in all", f"SUM(Months!H{FIRST}:H{last})", sum(made.baseline_usd)),
        ("Planned bill, in all", f"SUM(Months!M{FIRST}:M{last})", sum(made.planned_usd)),
        ("Saved in all", f"Months!O{last}", made.total_saving_usd),
    )
    for row, (words, formula, usd) in enumerate(lines, start=4):
        page.put(f"A{row}", words)
        page.put(f"B{row}", Formula(f"={formula}", usd), "usd")
        page.put(f"C{row}", usd, "usd", "value")
        page.put(f"D{row}", Formula(f"=ROUND(B{row}-C{row},2)", 0.0), "usd")
    page.put("A8", "All agree", look="group")
    page.put("B8", Formula('=IF(SUM(D4:D6)=0,"OK","differs")', "OK"), look="result")
    book.name(STATUS, "Checks", "B8")


def _write_readme(page: Page, outlook: Outlook, futures: SavingsFutures, made_on: date) -> None:
    page.title("What is the plan worth over time?")
    facts = (
        ("What it is", f"Today's bill against the planned one over {outlook.months} months."),
        ("Compared with", "Keeping today's models for everything."),
        ("Made on", f"{made_on:%Y-%m-%d} by Tierwise {version('tierwise')}"),
        ("Seed", f"{futures.seed}, of the simulated futures"),
        ("Money", "USD, nominal, before tax; rates at their likely value, money at its PERT mean."),
        ("To try a change", "Change a blue cell on Inputs or Months: the formulas follow. Options, "
         "Futures and Register do not, and Checks then differs on purpose."),
    )  # fmt: skip
    for row, (words, text) in enumerate(facts, start=3):
        page.put(f"A{row}", words, look="group")
        page.put(f"B{row}", text)
    page.put(f"A{3 + len(facts)}", "Checks", look="group")
    page.put(f"B{3 + len(facts)}", Formula(f"={STATUS}", "OK"), look="result")
