"""Data to figure: every chart of the app, drawn with one palette."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import plotly.graph_objects as go

from app.parts.palette import Palette
from app.parts.wording import TIER_NAMES, usd
from core.economics.projection import Bar, Projection
from core.routing.controls import Control
from core.routing.frontier import Choice
from core.routing.simulate import Outcome
from core.workload.grid import bin_centres

Floats = npt.NDArray[np.float64]


def difficulty_chart(by_tier: Floats, colours: Palette) -> go.Figure:
    """Queries by difficulty, coloured by tier; difficulty in logits, harder to the right.

    `by_tier` counts queries per tier and bin.
    """
    centres = bin_centres()
    used = np.flatnonzero(by_tier.sum(axis=0))
    if len(used) == 0:
        return plain_figure(colours)
    # Bars five bins wide: the eye needs shape, the arithmetic keeps the fine bins.
    first, last = int(used[0]) // 5 * 5, int(used[-1]) + 1
    figure = plain_figure(colours)
    for code, name in enumerate(TIER_NAMES.values()):
        heights = np.add.reduceat(by_tier[code][first:last], np.arange(0, last - first, 5))
        middles = centres[first:last:5] + 2 * (centres[1] - centres[0])
        figure.add_bar(
            x=middles,
            y=heights,
            width=5 * (centres[1] - centres[0]),
            name=name,
            marker={"color": colours.tiers[code], "line": {"width": 0}},
            hovertemplate="%{y:,.0f} queries<extra>" + name + "</extra>",
        )
    figure.update_layout(barmode="stack", bargap=0, height=260)
    figure.update_xaxes(title="Looks easier  ←  difficulty  →  looks harder", showticklabels=False)
    figure.update_yaxes(title="Queries")
    return figure


def shares_chart(rows: Sequence[tuple[str, Sequence[float]]], colours: Palette) -> go.Figure:
    """One bar per row, cut into the three tiers' shares (0..1)."""
    figure = plain_figure(colours)
    names = [html.escape(name) for name, _ in rows]  # Plotly reads tags in labels
    for code, tier in enumerate(TIER_NAMES.values()):
        values = [shares[code] for _, shares in rows]
        figure.add_bar(
            y=names,
            x=values,
            name=tier,
            orientation="h",
            marker={"color": colours.tiers[code]},
            text=[f"{v:.0%}" if v >= 0.05 else "" for v in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": colours.on_tiers[code]},
            hovertemplate="%{x:.1%} of %{y}<extra>" + tier + "</extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.35, height=70 + 46 * len(rows))
    figure.update_xaxes(tickformat=".0%", range=[0, 1], showgrid=False)
    figure.update_yaxes(autorange="reversed")
    return figure


def frontier_chart(
    best: Sequence[Choice], outcome: Outcome, found: Sequence[Control], colours: Palette
) -> go.Figure:
    """Cost against quality kept: the plan on its frontier, the controls beside it."""
    figure = plain_figure(colours)
    figure.add_scatter(
        x=[c.usd for c in best],
        y=[c.quality_kept for c in best],
        mode="lines+markers",
        name="All plans with these models",
        line={"color": colours.saving, "width": 2},
        marker={"size": 5},
        customdata=list(range(len(best))),
        hovertemplate="$%{x:,.0f} a month, %{y:.1%}<extra></extra>",
    )
    figure.add_scatter(
        x=[c.monthly_usd for c in found],
        y=[c.quality_kept for c in found],
        mode="markers",
        name="Without a classifier",
        text=[c.name for c in found],
        marker={"color": colours.baseline, "size": 8, "symbol": "diamond"},
        hovertemplate="%{text}: $%{x:,.0f} a month, %{y:.1%}<extra></extra>",
    )
    figure.add_scatter(
        x=[outcome.planned.central],
        y=[outcome.quality_kept.central],
        mode="markers+text",
        name="This plan",
        text=["this plan"],
        textposition="bottom right",
        marker={"color": colours.saving, "size": 13, "line": {"color": colours.text, "width": 1}},
        hovertemplate="This plan: $%{x:,.0f} a month, %{y:.1%}<extra></extra>",
    )
    figure.update_xaxes(
        title="Cost per month", tickformat=_dollars(figure, "x"), rangemode="tozero"
    )
    figure.update_yaxes(title="Quality, against today's", tickformat=".0%")
    figure.update_layout(height=330)
    return figure


def waterfall_chart(bars: Sequence[Bar], colours: Palette) -> go.Figure:
    """From today's monthly bill to the planned one; totals solid, dearer steps in red."""
    figure = plain_figure(colours)
    tint = {"total": colours.baseline}
    figure.add_bar(
        x=[bar.name for bar in bars],
        y=[abs(bar.end_usd - bar.start_usd) for bar in bars],
        base=[min(bar.start_usd, bar.end_usd) for bar in bars],
        marker={
            "color": [
                tint.get(bar.kind) or (colours.saving if bar.amount_usd <= 0 else colours.cost)
                for bar in bars
            ]
        },
        text=[usd(bar.amount_usd) for bar in bars],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{text} a month<extra></extra>",
        showlegend=False,
    )
    figure.update_layout(bargap=0.4, height=330)
    figure.update_xaxes(tickangle=0)
    figure.update_yaxes(title="Per month", tickformat=_dollars(figure), rangemode="tozero")
    return figure


def projection_chart(
    central: Projection, low: Projection, high: Projection, colours: Palette
) -> go.Figure:
    """Saving so far, month by month, with the range of the saving around it."""
    figure = plain_figure(colours)
    x = [0, *central.months]
    top, bottom = [0.0, *high.cumulative_usd], [0.0, *low.cumulative_usd]
    _add_band(figure, x, bottom, top, "90% range", colours)
    figure.add_scatter(
        x=x,
        y=[0.0, *central.cumulative_usd],
        mode="lines",
        name="Saved so far",
        line={"color": colours.saving, "width": 3},
        hovertemplate="Month %{x}: $%{y:,.0f} saved<extra></extra>",
    )
    figure.update_xaxes(title="Months from the switch", dtick=max(1, len(x) // 12))
    figure.update_yaxes(title="Saved so far", tickformat=_dollars(figure))
    figure.update_layout(height=330)
    return figure


def compare_chart(names: Sequence[str], bills: Sequence[float], colours: Palette) -> go.Figure:
    """Monthly bills side by side; the first is today's."""
    figure = plain_figure(colours)
    figure.add_bar(
        x=[html.escape(name) for name in names],
        y=list(bills),
        marker={"color": [colours.baseline] + [colours.saving] * (len(bills) - 1)},
        text=[usd(b) for b in bills],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x}: %{text} a month<extra></extra>",
        showlegend=False,
    )
    figure.update_layout(bargap=0.45, height=300)
    figure.update_yaxes(title="Per month", tickformat=_dollars(figure), rangemode="tozero")
    return figure


def _add_band(
    figure: go.Figure,
    x: Sequence[int],
    low: Sequence[float],
    high: Sequence[float],
    name: str,
    colours: Palette,
) -> None:
    """A shaded range between two lines."""
    figure.add_scatter(
        x=[*x, *reversed(x)],
        y=[*high, *reversed(low)],
        fill="toself",
        fillcolor=colours.band,
        line={"width": 0},
        name=name,
        hoverinfo="skip",
    )


def _dollars(figure: go.Figure, axis: str = "y") -> str:
    """The tick format for money on that axis: $6k for large bills, cents for small ones.

    Plotly's short form would write a tenth of a dollar as $100m.
    """
    largest = max((abs(v) for trace in figure.data for v in trace[axis] or ()), default=0.0)
    return "$~s" if largest >= 20 else "$.2f"


def plain_figure(colours: Palette) -> go.Figure:
    """An empty figure in the app's manner: legend above, quiet grid, room for labels."""
    figure = go.Figure()
    figure.update_layout(
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend={
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "title": None,
            "traceorder": "normal",
        },
        hoverlabel={"namelength": -1},
        font={"color": colours.text},
        dragmode=False,
    )
    figure.update_xaxes(fixedrange=True, automargin=True, gridcolor=colours.faint, zeroline=False)
    figure.update_yaxes(fixedrange=True, automargin=True, gridcolor=colours.faint, zeroline=False)
    return figure
