"""Hosting costs as a staircase against an API's line, with today's volume marked."""

from __future__ import annotations

import html

import plotly.graph_objects as go

from app.parts.charts import plain_figure
from app.parts.palette import Palette
from core.economics.hosting.cost import Comparison
from core.economics.hosting.stairs import Staircase


def staircase_chart(
    stairs: Staircase, found: Comparison, compared_with: str, colours: Palette
) -> go.Figure:
    """Monthly bills by monthly volume; `compared_with` names the API and is shown as typed."""
    figure = plain_figure(colours)
    ends = [min(step.to_queries, stairs.until_queries) for step in stairs.steps]
    figure.add_scatter(
        x=[
            x
            for step, end in zip(stairs.steps, ends, strict=True)
            for x in (step.from_queries, end)
        ],
        y=[step.usd for step in stairs.steps for _ in range(2)],
        text=[f"{step.replicas:,} replicas" for step in stairs.steps for _ in range(2)],
        mode="lines",
        name="Hosting",
        line={"color": colours.complex, "width": 3},
        hovertemplate="%{text}: $%{y:,.0f} at %{x:,.0f} queries<extra></extra>",
    )
    figure.add_scatter(
        x=[0.0, stairs.until_queries],
        y=[0.0, stairs.until_api_usd],
        mode="lines",
        name=html.escape(compared_with),  # Plotly reads tags in names
        line={"color": colours.baseline, "width": 2, "dash": "dash"},
        hoverinfo="skip",
    )
    crossings = {
        crossing.monthly_queries: crossing.usd
        for crossing in (found.break_even.first, found.break_even.lasting)
        if crossing is not None
    }
    if crossings:
        figure.add_scatter(
            x=list(crossings),
            y=list(crossings.values()),
            mode="markers",
            name="Break-even",
            marker={"color": colours.text, "size": 11, "symbol": "diamond"},
            hovertemplate="Break-even: $%{y:,.0f} at %{x:,.0f} queries<extra></extra>",
        )
    _mark_today(figure, stairs, found, colours)
    highest = max([stairs.until_api_usd, *(step.usd for step in stairs.steps)])
    figure.update_layout(height=330)
    figure.update_xaxes(title="Queries per month", tickformat="~s", range=[0, stairs.until_queries])
    figure.update_yaxes(
        title="Per month",
        tickformat="$~s" if highest >= 20 else "$.2f",  # "~s" writes ten cents as $100m
        rangemode="tozero",
    )
    return figure


def _mark_today(figure: go.Figure, stairs: Staircase, found: Comparison, colours: Palette) -> None:
    """A line at today's volume, and both bills on it."""
    today = found.month.monthly_queries
    figure.add_vline(
        x=today,
        line={"color": colours.text, "width": 1, "dash": "dot"},
        annotation={
            "text": "today",
            "xanchor": "left" if today < stairs.until_queries / 2 else "right",
            "yanchor": "top",
            "font": {"color": colours.text},
        },
    )
    figure.add_scatter(
        x=[today, today],
        y=[found.month.total_usd, found.api_usd],
        text=["hosting", "by API"],
        mode="markers",
        name="Today",
        marker={"color": [colours.complex, colours.baseline], "size": 9},
        showlegend=False,
        hovertemplate="Today, %{text}: $%{y:,.0f}<extra></extra>",
    )
