"""Ratings by tier and week as lines with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from app.parts.charts import plain_figure
from app.parts.palette import Palette
from app.parts.wording import TIER_NAMES
from core.quality.observed import Rate


def rating_chart(weeks: Sequence[Rate], colours: Palette) -> go.Figure:
    """One line per tier; a week with few ratings has a long bar."""
    figure = plain_figure(colours)
    for code, (tier, name) in enumerate(TIER_NAMES.items()):
        here = [rate for rate in weeks if rate.tier == tier and rate.share is not None]
        if not here:
            continue
        shares = [rate.share or 0.0 for rate in here]
        ends = [rate.interval for rate in here]
        figure.add_scatter(
            x=[rate.week for rate in here],
            y=shares,
            name=name,
            mode="lines+markers",
            line={"color": colours.tiers[code]},
            error_y={
                "type": "data",
                "array": [high - s for s, (_, high) in zip(shares, ends, strict=True)],
                "arrayminus": [s - low for s, (low, _) in zip(shares, ends, strict=True)],
                "thickness": 1,
                "width": 3,
            },
            customdata=[rate.rated for rate in here],
            hovertemplate="%{y:.0%} of %{customdata} ratings<extra>" + name + "</extra>",
        )
    figure.update_layout(height=260)
    figure.update_yaxes(title="Good ratings", tickformat=".0%", rangemode="tozero")
    return figure
