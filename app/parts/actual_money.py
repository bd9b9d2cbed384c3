"""Projected against actual, as sentence and picture: what a later month cost beside its plan."""

from __future__ import annotations

from app.parts import charts
from app.parts.figures import draw_chart
from app.parts.palette import palette
from app.parts.wording import usd, usd_range
from core.economics.projection import waterfall
from core.quality.actual import Actual


def actual_words(found: Actual) -> str:
    """What came, what that saved, and whether the plan had said so."""
    less = "less" if found.saved >= 0 else "more"
    within = "within the plan's range" if found.within else "**outside the plan's range**"
    return (
        f"**{usd(found.came)} a month came**, {usd(abs(found.saved))} {less} than without a plan "
        f"at this volume; planned were {usd_range(found.planned)} at the volume of then, and "
        f"{usd(found.saved_planned)} saved at this one. That is {within}."
    )


def draw_actual(found: Actual) -> None:
    """The steps from the planned bill to the one that came."""
    steps = {
        "Volume": found.volume,
        "Harder or easier": found.mix,
        "Longer or shorter": found.tokens,
        "Prices": found.price,
        "Not as planned": found.routing,
    }
    bars = waterfall(found.planned.central, steps, found.came, first="Planned", last="Came")
    words = ", ".join(f"{bar.name} {usd(bar.amount_usd)}" for bar in bars)
    draw_chart(charts.waterfall_chart(bars, palette()), "actual", f"From plan to fact: {words}.")
