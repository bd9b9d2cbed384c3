"""The payback at other volumes and other falls of today's price, as a heat map."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app.parts.aligned_table import draw_table
from app.parts.chart_looks import faded
from app.parts.charts import plain_figure
from app.parts.figures import draw_chart
from app.parts.palette import Palette, palette
from app.parts.wording import plain
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.payback_map import PaybackMap


def draw_payback_map(case: FineTuneCase, found: PaybackMap) -> None:
    """The finding, the map and its table."""
    title = map_title(case, found)
    st.subheader(plain(title))
    if any(month is not None for row in found.months for month in row):
        draw_chart(map_chart(case, found, palette()), "payback-map", f"{title}.")
    st.caption(
        "Months to payback at each monthly volume and yearly fall of today's price, all else as "
        f"assumed; a blank never pays back within the {case.months} months counted."
    )
    with st.expander("The map as a table"):
        rows = pd.DataFrame({"Volume": [_volume(case, times) for times in found.volumes]})
        for place, decline in enumerate(found.declines):
            rows[f"{decline:.0%} a year"] = [
                "never" if row[place] is None else f"{row[place]:.1f}" for row in found.months
            ]
        draw_table(rows, "Months to payback by volume and by yearly fall of today's price")


def map_title(case: FineTuneCase, found: PaybackMap) -> str:
    """From which volume it pays back, in a sentence without its full stop."""
    likely = case.yearly_price_decline.likely
    place = min(range(len(found.declines)), key=lambda n: abs(found.declines[n] - likely))
    decline = found.declines[place]
    pays = [t for t, row in zip(found.volumes, found.months, strict=True) if row[place] is not None]
    if not pays:
        return f"With prices falling {decline:.0%} a year it pays back at none of these volumes"
    volume = _volume(case, pays[0]).removesuffix(" (today)")
    month = " a month in all" if case.monthly_queries else ""
    return f"With prices falling {decline:.0%} a year it pays back from {volume}{month}"


def map_chart(case: FineTuneCase, found: PaybackMap, colours: Palette) -> go.Figure:
    """Months in each cell, greener the sooner; today's volume framed."""
    figure = plain_figure(colours)
    declines = [f"{decline:.0%}" for decline in found.declines]
    volumes = [_volume(case, times) for times in found.volumes]
    figure.add_heatmap(
        x=declines,
        y=volumes,
        z=found.months,
        text=[["" if m is None else f"{m:.0f}" for m in row] for row in found.months],
        texttemplate="%{text}",
        colorscale=[[0.0, faded(colours.saving, 0.45)], [1.0, faded(colours.saving, 0.08)]],
        textfont={"color": colours.text},
        zmin=0,
        zmax=case.months,
        xgap=2,
        ygap=2,
        showscale=False,
        hoverongaps=False,
        hovertemplate="%{y}, prices falling %{x} a year: %{z:.1f} months<extra></extra>",
    )
    if 1.0 in found.volumes:
        today = found.volumes.index(1.0)
        figure.add_shape(
            type="rect",
            x0=-0.5,
            x1=len(declines) - 0.5,
            y0=today - 0.5,
            y1=today + 0.5,
            line={"color": colours.text, "width": 1, "dash": "dot"},
        )
    figure.update_layout(height=110 + 32 * len(volumes), margin={"t": 8})
    figure.update_xaxes(title="Fall of today's price, a year", type="category", showgrid=False)
    figure.update_yaxes(type="category", showgrid=False)
    return figure


def _volume(case: FineTuneCase, times: float) -> str:
    """A volume in queries a month where the case knows them, else in times today's."""
    if not case.monthly_queries:
        return "today's volume" if times == 1 else f"{times:,g} times today's"
    queries = times * case.monthly_queries
    if queries >= 1e6:
        short = f"{queries / 1e6:,.3g}M"
    else:
        short = f"{queries / 1e3:,.3g}k" if queries >= 1e3 else f"{queries:,.0f}"
    return f"{short} queries" + (" (today)" if times == 1 else "")
