"""The balance of a fine-tuning project month by month, with the range of its futures."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app.parts.aligned_table import draw_table
from app.parts.chart_looks import faded
from app.parts.charts import plain_figure
from app.parts.figures import draw_chart
from app.parts.palette import Palette, palette
from app.parts.wording import plain, usd
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.uncertainty import Simulation
from core.economics.tuning.verdict import FineTuneResult

BANDS = ((10, 90, "8 in 10 futures", 0.16), (25, 75, "half of the futures", 0.30))  # and how faint


def draw_cash_fan(case: FineTuneCase, result: FineTuneResult, futures: Simulation) -> None:
    """The finding, the chart, what its bands are, and the table behind it."""
    title = fan_title(result, futures)
    st.subheader(plain(title))
    figure = fan_chart(case, result, futures, palette())
    draw_chart(figure, "payback", f"Balance over {result.months} months. {title}.")
    st.caption(
        plain(
            "Balance: all that was saved so far less all that was spent, in dollars of the day. "
            f"The line is the expected one, with a {case.failure_chance:.0%} chance of failure in "
            f"it; the bands are {futures.draws:,} simulated futures (seed {futures.seed})."
        )
    )
    with st.expander("The balance month by month"):
        bands = futures.bands_usd
        rows = pd.DataFrame(
            {
                "Month": [str(month) for month in range(len(result.cumulative_usd))],
                "Expected": map(usd, result.cumulative_usd),
                "1 in 10 is below": map(usd, bands[10]),
                "1 in 4 is below": map(usd, bands[25]),
                "Half are below": map(usd, bands[50]),
                "1 in 4 is above": map(usd, bands[75]),
                "1 in 10 is above": map(usd, bands[90]),
            }
        )
        draw_table(rows, "The balance month by month, expected and in the simulated futures")


def fan_title(result: FineTuneResult, futures: Simulation) -> str:
    """What the chart shows, in a sentence without its full stop."""
    low, high = futures.bands_usd[10][-1], futures.bands_usd[90][-1]
    ends = f"8 in 10 futures end between {usd(low)} and {usd(high)}"
    back = result.sustained_payback_months
    if back is None:
        return f"The money is not back within {result.months} months: {ends}"
    return (
        f"The money is back after {back:.1f} months: {ends}" if back else f"From the start, {ends}"
    )


def fan_chart(
    case: FineTuneCase, result: FineTuneResult, futures: Simulation, colours: Palette
) -> go.Figure:
    """Both bands, the expected balance, its payback, and the end of the base model."""
    figure = plain_figure(colours)
    months = list(range(len(result.cumulative_usd)))
    for low, high, name, alpha in BANDS:
        figure.add_scatter(
            x=[*months, *reversed(months)],
            y=[*futures.bands_usd[high], *reversed(futures.bands_usd[low])],
            fill="toself",
            fillcolor=faded(colours.saving, alpha),
            line={"width": 0},
            name=name,
            hoverinfo="skip",
        )
    payback = result.sustained_payback_months
    figure.add_scatter(
        x=months,
        y=list(result.cumulative_usd),
        mode="lines",
        name="expected",
        line={"color": colours.cost if payback is None else colours.saving, "width": 3},
        hovertemplate="Month %{x}: $%{y:,.0f}<extra></extra>",
    )
    figure.add_hline(y=0, line={"color": colours.text, "width": 1})
    if payback is not None:
        figure.add_scatter(
            x=[payback],
            y=[0.0],
            mode="markers+text",
            name="pays back",
            text=[f"month {payback:.1f}"],
            textposition="top center",
            textfont={"color": colours.text},
            marker={"color": colours.text, "size": 11},
            hovertemplate="Pays back after %{x:.1f} months<extra></extra>",
        )
    if case.asset_life_months <= case.horizon_months:
        figure.add_vline(
            x=case.asset_life_months,
            line={"color": colours.baseline, "width": 2, "dash": "dash"},
            annotation={
                "text": "base model retires",
                "font": {"color": colours.text},
                "xanchor": "right",
                "yanchor": "bottom",
                "yref": "paper",
                "y": 0,
            },
        )
    figure.update_xaxes(
        title="Months from the decision", dtick=_step(result.months), range=[0, result.months + 0.6]
    )
    figure.update_yaxes(title="Balance", tickformat="$~s")
    figure.update_layout(height=360)
    return figure


def _step(months: int) -> int:
    return next((step for step in (1, 2, 3, 6, 12) if months / step <= 12), 12)
