"""The saving over time as a fan, and what it hinges on as bars."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from app.parts.charts import plain_figure
from app.parts.palette import Palette
from app.parts.wording import usd
from core.economics.savings_futures import Hinge, SavingsFutures


def saving_fan(futures: SavingsFutures, expected: Sequence[float], colours: Palette) -> go.Figure:
    """The saving so far, expected and in the middle five and eight of ten futures."""
    figure = plain_figure(colours)
    months = list(range(len(futures.bands_usd[10])))
    for low, high, name in ((10, 90, "8 in 10 futures"), (25, 75, "5 in 10 futures")):
        figure.add_scatter(
            x=[*months, *reversed(months)],
            y=[*futures.bands_usd[high], *reversed(futures.bands_usd[low])],
            fill="toself",
            fillcolor=colours.band,
            line={"width": 0},
            hoverinfo="skip",
            name=name,
        )
    figure.add_scatter(
        x=months,
        y=[futures.bands_usd[50][0], *expected],
        mode="lines",
        name="Expected",
        line={"color": colours.saving if expected[-1] >= 0 else colours.cost, "width": 3},
        hovertemplate="Month %{x}: $%{y:,.0f}<extra></extra>",
    )
    figure.add_hline(y=0, line={"color": colours.text, "width": 1})
    figure.update_xaxes(title="Months from today", dtick=max(1, len(months) // 12))
    figure.update_yaxes(title="Saved so far, $", tickformat="$,.2s")
    figure.update_layout(height=340)
    return figure


def hinge_chart(
    found: Sequence[Hinge], names: Sequence[str], ends: Sequence[tuple[str, str]], total: float,
    colours: Palette,
) -> go.Figure:  # fmt: skip
    """A bar per input from the saving at its low end to that at its high end, widest on top."""
    figure = plain_figure(colours)
    sides = (("low end", 0, colours.baseline), ("high end", 1, colours.medium))
    for name, side, colour in sides:
        values = [(h.saving_at_low_usd, h.saving_at_high_usd)[side] for h in found]
        figure.add_bar(
            y=list(names),
            x=[value - total for value in values],
            base=total,
            orientation="h",
            name=f"At its {name}",
            marker={"color": colour},
            customdata=[(end[side], usd(value)) for end, value in zip(ends, values, strict=True)],
            hovertemplate="%{y}: %{customdata[0]} saves %{customdata[1]}<extra></extra>",
        )
    figure.add_vline(x=total, line={"color": colours.text, "width": 1})
    figure.update_yaxes(autorange="reversed", title=None)
    figure.update_xaxes(title="Saved in all, $", tickformat="$,.2s")
    figure.update_layout(barmode="overlay", height=90 + 44 * max(len(found), 1))
    return figure
