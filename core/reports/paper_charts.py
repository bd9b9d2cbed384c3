"""The two charts of the printed page, drawn as lines and areas in the colours of the screens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reportlab.lib.colors import Color, HexColor
from reportlab.pdfgen.canvas import Canvas

from core.economics.projection import Projection
from core.reports.colours import LIGHT
from core.reports.page_styles import AXIS
from core.reports.typesetting import Style, put
from core.reports.words import share
from core.routing.simulate import Outcome

_AXIS: Final = 34.0  # points kept for the amounts left of the curve
_FOOT: Final = 22.0  # and for the months below it
_BAR: Final = 24.0
_NAMES: Final = 58.0


@dataclass(frozen=True)
class Box:
    """A place on the page in points: its lower left corner and its size."""

    x: float
    y: float
    width: float
    height: float


def draw_saved(
    canvas: Canvas, box: Box, central: Projection, low: Projection, high: Projection
) -> None:
    """Saved so far, month by month from the switch, with its 90% range around it."""
    curves = [[0.0, *made.cumulative_usd] for made in (central, low, high)]
    middle, bottom, top = ([_finite(usd) for usd in curve] for curve in curves)
    ticks = nice_ticks(min(0.0, *middle, *bottom), max(0.0, *middle, *top))
    months = len(middle) - 1
    room, tall = box.width - _AXIS - 8, box.height - _FOOT - 6

    def at(month: float, usd: float) -> tuple[float, float]:
        part = (usd - ticks[0]) / (ticks[-1] - ticks[0])
        return box.x + _AXIS + room * month / months, box.y + _FOOT + tall * part

    canvas.setLineWidth(0.5)
    for tick in ticks:
        x, y = at(0, tick)
        canvas.setStrokeColor(HexColor(LIGHT.baseline if tick == 0 else LIGHT.faint))
        canvas.line(x, y, x + room, y)
        put(canvas, x - 5, y - 2.4, amount(tick, ticks[1] - ticks[0]), AXIS, _AXIS - 6, "right")
    for month in _months(months):
        x, _ = at(month, ticks[0])
        put(canvas, x, box.y + _FOOT - 10, str(month), AXIS, 30, "middle")
    x, _ = at(months / 2, ticks[0])
    put(canvas, x, box.y + 2, "Months from the switch", AXIS, room, "middle")

    band = canvas.beginPath()
    edge = [at(n, usd) for n, usd in enumerate(top)]
    edge += [at(n, usd) for n, usd in reversed(list(enumerate(bottom)))]
    band.moveTo(*edge[0])
    for point in edge[1:]:
        band.lineTo(*point)
    band.close()
    canvas.setFillColor(_see_through(LIGHT.saving, 0.16))
    canvas.drawPath(band, stroke=0, fill=1)

    line = canvas.beginPath()
    line.moveTo(*at(0, middle[0]))
    for month, usd in enumerate(middle[1:], start=1):
        line.lineTo(*at(month, usd))
    canvas.setStrokeColor(HexColor(LIGHT.saving))
    canvas.setLineWidth(1.8)
    canvas.setLineJoin(1)
    canvas.drawPath(line)
    canvas.setFillColor(HexColor(LIGHT.saving))
    canvas.circle(*at(months, middle[-1]), 2.4, stroke=0, fill=1)


def draw_shares(canvas: Canvas, box: Box, outcome: Outcome) -> float:
    """Who answers what: the tiers' shares of queries and of today's spend; the y below them."""
    rows = (
        ("Queries", [t.share_of_queries for t in outcome.tiers]),
        ("Spend today", [t.share_of_spend_today for t in outcome.tiers]),
    )
    y = box.y + box.height - _BAR
    for name, shares in rows:
        put(canvas, box.x, y + _BAR / 2 - 2.6, name, AXIS, _NAMES)
        _draw_bar(canvas, box.x + _NAMES, y, box.width - _NAMES, shares)
        y -= _BAR + 8
    return y + _BAR - 8


def _draw_bar(canvas: Canvas, x: float, y: float, room: float, shares: Sequence[float]) -> None:
    canvas.setFillColor(HexColor(LIGHT.faint))
    canvas.rect(x, y, room, _BAR, stroke=0, fill=1)
    for value, colour, ink in zip(shares, LIGHT.tiers, LIGHT.on_tiers, strict=True):
        wide = room * min(max(_finite(value), 0.0), 1.0)
        canvas.setFillColor(HexColor(colour))
        canvas.rect(x, y, wide, _BAR, stroke=0, fill=1)
        if wide > 22:
            put(canvas, x + wide / 2, y + _BAR / 2 - 2.8, share(value),
                Style(8, ink, "bold"), wide, "middle")  # fmt: skip
        x += wide


def nice_ticks(low: float, high: float) -> list[float]:
    """Three to six round amounts in equal steps that hold both ends, zero among them.

    `low` is 0 or less, `high` 0 or more; where both are zero it runs from 0 to 1.
    """
    if high - low <= 0:
        low, high = 0.0, 1.0
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * times for times in (1, 2, 2.5, 5, 10) if power * times >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * number for number in range(first, last + 1)]


def amount(usd: float, step: float) -> str:
    """An amount on an axis with steps of that size: "$2.5k", "-$500", "$0.05"."""
    size = max(abs(usd), step)
    for unit, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k")):
        if size >= unit and step >= unit / 100:
            return f"{'-' if usd < 0 else ''}${abs(usd) / unit:.4g}{letter if usd else ''}"
    digits = 0 if step >= 1 and step == int(step) else 2
    return f"{'-' if usd < 0 else ''}${abs(usd):,.{digits}f}" if usd else "$0"


def _months(count: int) -> list[int]:
    step = next((s for s in (1, 2, 3, 6, 12) if count / s <= 12), max(1, count // 10))
    return list(range(0, count + 1, step))


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _see_through(colour: str, alpha: float) -> Color:
    found = HexColor(colour)
    return Color(found.red, found.green, found.blue, alpha=alpha)
