"""A frozen plan as an Excel workbook: the brief, tiers, months, controls and assumptions."""

from __future__ import annotations

from typing import Final

from core.economics.sheets.cells import Book, Formula, Page
from core.frozen.document import PlanDocument
from core.reports.brief import Brief
from core.reports.facts import assumptions_of
from core.reports.words import TIER_NAMES, day
from core.routing.simulate import Range

HEAD: Final = 3  # the row of the headings on every sheet but the first
FIRST: Final = 5  # the row of month 1 on the Months sheet, below that of month 0


def plan_workbook(document: PlanDocument, brief: Brief) -> bytes:
    """The plan as an .xlsx file; the same plan and brief give the same bytes.

    What is saved is a formula over the bills beside it, with the value that it comes to; all the
    rest are the values that the plan keeps. Texts stay texts whatever they start with.
    """
    book = Book("Routing plan", document.created_at.date())
    summary = book.page("Summary", (26, 18, 18, 18, 18, 60))
    _write_tiers(book, document)
    last = _write_months(book, document)
    _write_controls(book, document)
    _write_assumptions(book, document)
    _write_summary(summary, document, brief, last)
    return book.finish()


def _write_summary(page: Page, document: PlanDocument, brief: Brief, last: int) -> None:
    """The brief; `last` is the row of the last month on the Months sheet."""
    said = f"Version {brief.version}, {day(brief.made_at)}, by {brief.author}"
    page.title(brief.name, *(words for words in (said, brief.status, brief.note) if words))
    row = 6
    page.put(f"A{row}", brief.headline, look="group")
    outcome, row = document.figures.outcome, row + 2
    page.head(row, ("Per month", "Low", "Expected", "High", "Unit"))
    figures: tuple[tuple[str, Range], ...] = (
        ("Planned bill", outcome.planned),
        ("Saved, of today's bill", outcome.saving_share),
        ("Quality, of today's", outcome.quality_kept),
    )
    page.put(f"A{row + 1}", "Today's bill")
    page.put(f"C{row + 1}", outcome.baseline_usd, "usd", "value")
    page.put(f"E{row + 1}", "USD")
    for number, (words, values) in enumerate(figures, start=row + 2):
        money = words == "Planned bill"
        page.put(f"A{number}", words)
        for column, value in zip("BCD", (values.low, values.central, values.high), strict=True):
            page.put(f"{column}{number}", value, "usd" if money else "share", "value")
        page.put(f"E{number}", "USD" if money else "share")
    page.put(f"A{row + 5}", "Saved")
    page.put(f"C{row + 5}", Formula(f"=C{row + 1}-C{row + 2}", outcome.saving_usd), "usd")
    page.put(f"E{row + 5}", "USD")
    total = document.figures.central.total_saving_usd
    months = len(document.figures.central.baseline_usd)
    page.put(f"A{row + 6}", f"Saved in {months} months, in all")
    page.put(f"C{row + 6}", Formula(f"=Months!E{last}", total), "usd", "result")
    page.put(f"E{row + 6}", "USD")
    row = _write_scenarios(page, brief, row + 8)
    for words, text in _answers(brief):
        page.put(f"A{row}", words, look="group")
        page.put(f"B{row}", text)
        row += 1
    page.put(f"A{row + 1}", brief.made_with, look="note")


def _write_scenarios(page: Page, brief: Brief, row: int) -> int:
    """The scenarios from that row on; the row after them."""
    page.head(
        row,
        ("Scenario", "Per month, USD", "Saved a month, USD", f"{brief.saved.label}, USD",
         "Quality, of today's"),
    )  # fmt: skip
    for made in brief.scenarios:
        row += 1
        page.put(f"A{row}", made.name)
        for column, usd in zip(
            "BCD", (made.monthly_usd, made.monthly_saving_usd, made.saved_usd), strict=True
        ):
            page.put(f"{column}{row}", usd, "usd", "value")
        page.put(f"E{row}", made.quality_kept, "share", "value")
    page.put(f"A{row + 1}", brief.assumes, look="note")
    return row + 3


def _answers(brief: Brief) -> tuple[tuple[str, str], ...]:
    others = [("Another risk", risk) for risk in brief.risks[1:]]
    return (
        ("How much", brief.how_much),
        ("How sure", brief.how_sure),
        ("Main risk", brief.main_risk),
        *others,
        ("What it needs", brief.needs),
        ("By when", brief.by_when),
        ("The simple alternative", brief.alternative),
    )


def _write_tiers(book: Book, document: PlanDocument) -> None:
    page = book.page("Tiers", (12, 40, 16, 14, 18, 16, 16, 12, 12, 12, 14))
    page.title("Who answers what", "Per month; prices in USD per million tokens.")
    page.head(
        HEAD,
        ("Tier", "Model", "Queries", "of all", "of today's spend", "USD", "Acceptable answers",
         "Input", "Cached", "Output", "Price of"),
    )  # fmt: skip
    outcome, check = document.figures.outcome, document.plan.check
    row = HEAD
    for row, tier in enumerate(outcome.tiers, start=HEAD + 1):
        page.put(f"A{row}", TIER_NAMES[tier.tier])
        page.put(f"B{row}", tier.model.name)
        page.put(f"C{row}", tier.queries, "whole", "value")
        page.put(f"D{row}", tier.share_of_queries, "share", "value")
        page.put(f"E{row}", tier.share_of_spend_today, "share", "value")
        page.put(f"F{row}", tier.usd, "usd", "value")
        page.put(f"G{row}", tier.quality, "share", "value")
        if (price := tier.model.price) is not None:
            page.put(f"H{row}", price.input_usd_per_mtok, "number", "value")
            page.put(f"I{row}", price.cached_usd_per_mtok, "number", "value")
            page.put(f"J{row}", price.output_usd_per_mtok, "number", "value")
            page.put(f"K{row}", f"{price.as_of:%Y-%m-%d}")
    if check is not None:
        row += 1
        page.put(f"A{row}", "Check")
        page.put(f"B{row}", check.model.name)
        page.put(f"F{row}", outcome.check_usd, "usd", "value")
    page.put(f"A{row + 1}", "In all", look="group")
    total = sum(tier.usd for tier in outcome.tiers) + outcome.check_usd
    page.put(f"F{row + 1}", Formula(f"=SUM(F{HEAD + 1}:F{row})", total), "usd", "result")


def _write_months(book: Book, document: PlanDocument) -> int:
    """Both bills and what is saved, month by month; the row of the last month."""
    page = book.page("Months", (8, *[18] * 8))
    page.title("Month by month, USD", "Saved and saved so far are formulas over the bills.")
    page.head(
        HEAD,
        ("Month", "As today", "Planned", "Saved", "Saved so far", "Cautious: planned",
         "Cautious: so far", "Favourable: planned", "Favourable: so far"),
    )  # fmt: skip
    kept = document.figures
    columns = (("C", "E", kept.central), ("F", "G", kept.low), ("H", "I", kept.high))
    page.put(f"A{FIRST - 1}", 0.0, "whole")
    for _, so_far, made in columns:
        started = made.cumulative_usd[0] - made.saving_usd[0] + 0.0
        page.put(f"{so_far}{FIRST - 1}", started, "usd", "value")
    row = FIRST
    for number, month in enumerate(kept.central.months):
        row = FIRST + number
        page.put(f"A{row}", float(month), "whole")
        page.put(f"B{row}", kept.central.baseline_usd[number], "usd", "value")
        saved = kept.central.saving_usd[number]
        page.put(f"D{row}", Formula(f"=B{row}-C{row}", saved), "usd")
        for planned, so_far, made in columns:
            page.put(f"{planned}{row}", made.planned_usd[number], "usd", "value")
            text = f"={so_far}{row - 1}+B{row}-{planned}{row}"
            page.put(f"{so_far}{row}", Formula(text, made.cumulative_usd[number]), "usd")
    return row


def _write_controls(book: Book, document: PlanDocument) -> None:
    page = book.page("Controls", (44, 18, 20, 20))
    page.title("The same traffic without a classifier")
    page.head(HEAD, ("What", "USD a month", "Quality, of today's", "Acceptable answers"))
    outcome = document.figures.outcome
    rows = [
        ("this plan", outcome.planned.central, outcome.quality_kept.central,
         outcome.quality.central),
        *((c.name, c.monthly_usd, c.quality_kept, c.quality) for c in document.figures.controls),
    ]  # fmt: skip
    for row, (name, usd, kept, quality) in enumerate(rows, start=HEAD + 1):
        page.put(f"A{row}", name)
        page.put(f"B{row}", usd, "usd", "value")
        page.put(f"C{row}", kept, "share", "value")
        page.put(f"D{row}", quality, "share", "value")


def _write_assumptions(book: Book, document: PlanDocument) -> None:
    page = book.page("Assumptions", (44, 80, 16))
    page.title("What the figures take for granted")
    page.head(HEAD, ("What", "Value", "Known from"))
    for row, fact in enumerate(assumptions_of(document), start=HEAD + 1):
        for column, text in zip("ABC", fact, strict=True):
            page.put(f"{column}{row}", text)
