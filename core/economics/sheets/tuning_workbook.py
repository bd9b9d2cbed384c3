"""A fine-tuning case as an Excel workbook whose formulas come to the program's numbers."""

from __future__ import annotations

from datetime import date
from importlib.metadata import version
from typing import Final

from core.economics.draws import DRAWS, SEED
from core.economics.sheets.cashflow_sheet import months_shown, write_cashflow
from core.economics.sheets.cells import Book, Formula, Page
from core.economics.sheets.checks import OK, STATUS, write_checks
from core.economics.sheets.inputs import write_inputs
from core.economics.sheets.result import write_result
from core.economics.sheets.values import write_bridge, write_monte_carlo, write_tornado
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.uncertainty import simulate
from core.economics.tuning.verdict import FineTuneResult, assess
from core.economics.tuning.words import sentences

SHEETS: Final = (
    ("Inputs", "every assumption with its unit and source; blue cells are yours to change"),
    ("Cashflow", "one row a month, formulas over Inputs"),
    ("Result", "investment, paybacks, present value and return, formulas over Cashflow"),
    ("Bridge", "values: from the textbook payback to this one"),
    ("Tornado", "values: which input moves the result"),
    ("MonteCarlo", "values: the same case in simulated futures"),
    ("Checks", "what the formulas come to less what the program said"),
)


def finetune_workbook(
    case: FineTuneCase, *, made_on: date, seed: int = SEED, draws: int = DRAWS
) -> bytes:
    """The case as an .xlsx file; the same arguments give the same bytes.

    Inputs, Cashflow, Result and Checks are live formulas in functions that Excel and
    LibreOffice share, and every one carries the value it comes to, so that viewers that
    calculate nothing show the same. Texts of the case stay texts whatever they start with.
    """
    result = assess(case)
    book = Book("Fine-tuning case", made_on)
    readme = book.page("README", (22, 110))
    write_inputs(book, case, months_shown(case))
    write_cashflow(book, case)
    figures = write_result(book, case, result)
    write_bridge(book, case)
    write_tornado(book, case)
    write_monte_carlo(book, simulate(case, seed=seed, draws=draws))
    write_checks(book, figures, result, months_shown(case))
    _write_readme(readme, case, result, made_on, seed)
    return book.finish()


def _write_readme(
    page: Page, case: FineTuneCase, result: FineTuneResult, made_on: date, seed: int
) -> None:
    page.title("Does training our own model pay back?")
    facts = [
        ("Case", case.name or "(no name)"),
        ("What it is", "A model tuned to take over a slice of the bill: what it costs and saves."),
        ("Compared with", _comparator(case)),
        ("Made on", f"{made_on:%Y-%m-%d} by Tierwise {version('tierwise')}"),
        ("Seed", f"{seed}, of the simulated futures"),
        ("Money", "USD, nominal, before tax and depreciation; month 0 is the investment."),
        ("To try a change", "Change a blue cell on Inputs: Cashflow and Result follow. Bridge, "
         "Tornado and MonteCarlo do not, and Checks then differs on purpose."),
    ]  # fmt: skip
    row = 3
    for words, text in facts:
        page.put(f"A{row}", words, look="group")
        page.put(f"B{row}", text)
        row += 1
    page.put(f"A{row}", "Checks", look="group")
    page.put(f"B{row}", Formula(f"={STATUS}", OK), look="result")
    row += 2
    page.put(f"A{row}", "Verdict on the day of the export", look="group")
    for sentence in sentences(case, result):
        row += 1
        page.put(f"B{row}", sentence)
    row += 2
    page.put(f"A{row}", "Sheets", look="group")
    for name, text in SHEETS:
        row += 1
        page.sheet.write_url(f"A{row}", f"internal:'{name}'!A1", string=name)
        page.put(f"B{row}", text)


def _comparator(case: FineTuneCase) -> str:
    if case.routing_multiplier < 1:
        return (
            f"Keeping today's models on this slice after routing, which leaves "
            f"{case.routing_multiplier:.0%} of its bill."
        )
    return "Keeping today's models on this slice, without routing."
