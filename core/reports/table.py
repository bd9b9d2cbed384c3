"""A frozen plan as one tidy table: a row per figure, with its range where it has one."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final, NamedTuple

from core.economics.sheets.text import escaped
from core.frozen.document import PlanDocument
from core.reports.facts import assumptions_of
from core.routing.simulate import Range


class Row(NamedTuple):
    """One figure, or one text in `words`; `low` and `high` are the ends of a 90% range."""

    part: str
    item: str
    month: int | None
    measure: str
    low: float | None
    central: float | None
    high: float | None
    unit: str
    words: str


COLUMNS: Final = Row._fields


def plan_csv(document: PlanDocument) -> str:
    """Everything that the plan keeps as CSV; shares are fractions, empty cells mean none.

    Texts are quoted and never a formula.
    """
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    rows.writerow(COLUMNS)
    for row in (*_whole(document), *_tiers(document), *_controls(document), *_months(document)):
        rows.writerow([_cell(value) for value in row])
    for fact in assumptions_of(document):
        words = Row(
            "assumption", fact.what, None, "value", None, None, None, fact.known_from, fact.value
        )
        rows.writerow([_cell(value) for value in words])
    return text.getvalue()


def _cell(value: str | float | None) -> str | float:
    if value is None:
        return ""
    return escaped(value) if isinstance(value, str) else value


def _whole(document: PlanDocument) -> Iterator[Row]:
    outcome = document.figures.outcome
    yield _known("plan", "", "bill today", outcome.baseline_usd, "USD a month")
    yield _ranged("plan", "planned bill", outcome.planned, "USD a month")
    yield _ranged("plan", "saved", outcome.saving_share, "of today's bill")
    yield _ranged("plan", "quality kept", outcome.quality_kept, "of today's")
    yield _ranged("plan", "acceptable answers", outcome.quality, "of all")


def _tiers(document: PlanDocument) -> Iterator[Row]:
    outcome = document.figures.outcome
    for tier in outcome.tiers:
        item = f"{tier.tier}: {tier.model.name}"
        yield _known("tier", item, "queries", tier.queries, "a month")
        yield _known("tier", item, "queries", tier.share_of_queries, "of all")
        yield _known("tier", item, "spend today", tier.share_of_spend_today, "of all")
        yield _known("tier", item, "planned bill", tier.usd, "USD a month")
        yield _known("tier", item, "acceptable answers", tier.quality, "of its own")
    if document.plan.check is not None:
        item = f"check: {document.plan.check.model.name}"
        yield _known("tier", item, "planned bill", outcome.check_usd, "USD a month")


def _controls(document: PlanDocument) -> Iterator[Row]:
    for control in document.figures.controls:
        yield _known("control", control.name, "bill", control.monthly_usd, "USD a month")
        yield _known("control", control.name, "quality kept", control.quality_kept, "of today's")


def _months(document: PlanDocument) -> Iterator[Row]:
    """Low and high are those of the saving: the planned bill is highest where least is saved."""
    kept = document.figures
    for at, month in enumerate(kept.central.months):
        before = kept.central.baseline_usd[at]
        yield Row("month", "", month, "bill as today", None, before, None, "USD", "")
        for measure, series in (
            ("saved", "saving_usd"),
            ("saved so far", "cumulative_usd"),
        ):
            low, central, high = (
                getattr(made, series)[at] for made in (kept.low, kept.central, kept.high)
            )
            yield Row("month", "", month, measure, low, central, high, "USD", "")
        dearest, planned, cheapest = (
            made.planned_usd[at] for made in (kept.low, kept.central, kept.high)
        )
        yield Row("month", "", month, "planned bill", cheapest, planned, dearest, "USD", "")


def _known(part: str, item: str, measure: str, value: float, unit: str) -> Row:
    return Row(part, item, None, measure, None, value, None, unit, "")


def _ranged(part: str, measure: str, values: Range, unit: str) -> Row:
    return Row(part, "", None, measure, values.low, values.central, values.high, unit, "")
