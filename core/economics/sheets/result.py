"""The Result sheet: the verdict on a case as formulas, and the workings behind it."""

from __future__ import annotations

from typing import Final

from core.economics.sheets.cashflow_sheet import cell, cells, months_shown
from core.economics.sheets.cells import Book
from core.economics.sheets.figures import NEVER, NOT_APPLICABLE, Figure, or_word, write_figures
from core.economics.sheets.workings import workings
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.verdict import MILESTONES, FineTuneResult

SHEET: Final = "Result"
FIRST_ROW: Final = 5


def write_result(book: Book, case: FineTuneCase, result: FineTuneResult) -> dict[str, Figure]:
    """Write the sheet; what comes back is each figure by its cell, as "Result!B6"."""
    page = book.page(SHEET, (44, 18, 10, 90))
    page.title(
        "Result",
        "Formulas over Inputs and Cashflow: they follow what you change there. The chance of "
        "failure is weighed in, except in the textbook payback.",
    )
    page.head(FIRST_ROW - 1, ("What", "Figure", "Unit", "How to read it"))
    written = write_figures(book, page, SHEET, FIRST_ROW, verdict(case, result))
    row = FIRST_ROW + len(written) + 1
    page.put(f"A{row}", "How it comes about", look="group")
    return written | write_figures(book, page, SHEET, row + 1, workings(case, result))


def verdict(case: FineTuneCase, result: FineTuneResult) -> tuple[Figure, ...]:
    """Investment, paybacks, values and returns."""
    last = months_shown(case)
    below = cells("below", 0, last)
    return (
        Figure(
            "Investment",
            "=data_preparation_usd+training_runs*compute_per_run_usd+teacher_generation_usd"
            "+other_one_off_usd",
            result.investment_mean_usd,
            "usd",
            "Paid in month 0; each part at its PERT mean.",
            "investment",
        ),
        Figure(
            "Textbook payback",
            "=IF(slice_bill-tuned_full_bill>0.000000001,"
            f'investment/(slice_bill-tuned_full_bill),"{NEVER}")',
            or_word(result.textbook_payback_months, NEVER),
            "months",
            "Investment over the saving before routing, without running cost, retries, lead time, "
            "price decline, failure or the model's life.",
        ),
        Figure(
            "Payback, first",
            f'=IF(COUNTIF({below},0)=0,"{NEVER}",'
            f"INDEX({cells('reached', 0, last)},MATCH(0,{below},0)))",
            or_word(result.payback_months, NEVER),
            "months",
            "When the balance first reaches zero, linear inside the month.",
        ),
        Figure(
            "Payback, sustained",
            _sustained("reached", "below", last),
            or_word(result.sustained_payback_months, NEVER),
            "months",
            "After it the balance stays at or above zero. The figure to plan with.",
        ),
        Figure(
            "Payback, discounted",
            _sustained("value_reached", "value_below", last),
            or_word(result.discounted_payback_months, NEVER),
            "months",
            "The sustained payback of the discounted flows.",
        ),
        *(
            Figure(
                f"Net present value, {m} months",
                f"=IF(horizon_months>={m},{cell('net', 0)}+NPV(monthly_discount,"
                f'{cells("net", 1, m)}),"{NOT_APPLICABLE}")',
                or_word(result.npv_usd[m], NOT_APPLICABLE),
                "usd",
                "Month 0 stands outside NPV(), which would discount it. It stands still once the "
                "base model has retired.",
            )
            for m in MILESTONES
        ),
        *(
            Figure(
                f"Return on investment, {m} months",
                f"=IF(AND(horizon_months>={m},investment>0),SUM({cells('net', 0, m)})/investment,"
                f'"{NOT_APPLICABLE}")',
                or_word(result.roi[m], NOT_APPLICABLE),
                "share",
                "Net gain over the investment; running cost is netted in the gain.",
            )
            for m in MILESTONES
        ),
        _irr(result, last),
    )


def _sustained(reached: str, below: str, last: int) -> str:
    until = f"MAX({cells(below, 0, last)})"
    return f'=IF({until}>{last},"{NEVER}",INDEX({cells(reached, 0, last)},{until}+1))'


def _irr(result: FineTuneResult, last: int) -> Figure:
    # the search starts at the answer, because Excel gives up on it when it starts far away
    yearly = result.irr_yearly
    start = 0.1 if yearly is None else (1.0 + yearly) ** (1.0 / 12.0) - 1.0
    first = cell("balance", 0)
    return Figure(
        "Internal rate of return, yearly",
        f"=IF(AND({first}<-0.000001,{cell('above', last)}=1,SUM({cells('changes', 1, last)})=1),"
        f'(1+IRR({cells("net", 0, last)},{start:.6g}))^12-1,"{NOT_APPLICABLE}")',
        or_word(yearly, NOT_APPLICABLE),
        "share",
        "Only where the balance crosses zero once and ends above it; n/a otherwise. A quick "
        "payback makes it absurdly high: plan with the present value.",
    )
