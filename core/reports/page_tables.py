"""The tables of the printed page: scenarios side by side, and the models with their prices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from core.catalog.model import Model
from core.frozen.document import PlanDocument
from core.reports.brief import Brief
from core.reports.colours import LIGHT
from core.reports.page_styles import BODY, HEAD, NOTE, SECTION, STRONG
from core.reports.typesetting import Style, put, put_lines, smaller
from core.reports.words import TIER_NAMES, day, share, usd

STEP: Final = 13.6


def draw_scenarios(canvas: Canvas, brief: Brief, x: float, y: float, width: float) -> float:
    """Cautious, expected and favourable in rows, and what they assume; the next y."""
    heads = ("", "Cost per month", "Saved per month", brief.saved.label, "Quality kept")
    rows = [
        (s.name, usd(s.monthly_usd), usd(s.monthly_saving_usd), usd(s.saved_usd),
         f"{s.quality_kept:.0%}")
        for s in brief.scenarios
    ]  # fmt: skip
    y = _table(canvas, x, y, "Scenarios", heads, rows, (0.2,) * 5, width, strong=1)
    return put_lines(canvas, x, y - 1, brief.assumes, NOTE, width, 2)


def draw_models(canvas: Canvas, document: PlanDocument, x: float, y: float, width: float) -> float:
    """Who answers and who checks, at which prices of which day; the next y."""
    heads = ("", "Queries", "Per month", "In", "Cached", "Out", "Price of")
    outcome, check = document.figures.outcome, document.plan.check
    rows = [
        (f"{TIER_NAMES[t.tier]}: {t.model.name}", share(t.share_of_queries), usd(t.usd),
         *_rates(t.model))
        for t in outcome.tiers
    ]  # fmt: skip
    if check is not None:
        name = f"Check: {check.model.name}"
        rows.append((name, "", usd(outcome.check_usd), *_rates(check.model)))
    parts = (0.34, 0.1, 0.14, 0.1, 0.1, 0.1, 0.12)
    y = _table(canvas, x, y, "Models", heads, rows, parts, width)
    return put_lines(canvas, x, y - 1, "List prices in USD per million tokens.", NOTE, width, 1)


def _rates(model: Model) -> tuple[str, ...]:
    p = model.price
    if p is None:
        return "rented", "", "", "stated"
    rates = (p.input_usd_per_mtok, p.cached_usd_per_mtok, p.output_usd_per_mtok)
    return *(_rate(rate) for rate in rates), day(p.as_of)


def _rate(usd_per_mtok: float) -> str:
    """At least cents, and no digit of a smaller price lost."""
    cents = f"{usd_per_mtok:,.2f}"
    return cents if float(cents.replace(",", "")) == usd_per_mtok else f"{usd_per_mtok:,.6g}"


def _table(
    canvas: Canvas,
    x: float,
    y: float,
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    parts: Sequence[float],
    width: float,
    strong: int | None = None,
) -> float:
    """A ruled table, its first column to the left and the others to the right; the next y."""
    put(canvas, x, y, title, SECTION, width * parts[0])
    _row(canvas, x, y, heads, parts, width, HEAD)
    canvas.setStrokeColor(HexColor(LIGHT.text))
    canvas.setLineWidth(0.6)
    canvas.line(x, y - 4.5, x + width, y - 4.5)
    for number, row in enumerate(rows):
        y -= STEP
        _row(canvas, x, y - 1.6, row, parts, width, STRONG if number == strong else BODY)
        canvas.setStrokeColor(HexColor(LIGHT.faint))
        canvas.line(x, y - 5.6, x + width, y - 5.6)
    return y - STEP - 2


def _row(
    canvas: Canvas,
    x: float,
    y: float,
    cells: Sequence[str],
    parts: Sequence[float],
    width: float,
    style: Style,
) -> None:
    for number, (cell, part) in enumerate(zip(cells, parts, strict=True)):
        room = width * part - 6
        if number == 0:
            put(canvas, x, y, cell, style, room)
        else:
            put(canvas, x + width * part, y, cell, smaller(cell, style, room, 5.5), room, "right")
        x += width * part
