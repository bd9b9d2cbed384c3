"""The way from the payback that people know to the full one, one thing more at each step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app.parts.aligned_table import draw_table
from app.parts.chart_looks import wrapped
from app.parts.charts import plain_figure
from app.parts.figures import draw_chart
from app.parts.palette import Palette, palette
from app.parts.wording import months, plain
from core.economics.tuning.sensitivity import BridgeStep

COUNTED = {  # what a step is called inside a sentence, where not by its label
    "Lead time": "the lead time",
    "Price decline": "the price decline",
    "Chance of failure": "the chance of failure",
    "Base model's life": "the base model's life",
    "After routing": "routing",
}


def draw_bridge(steps: Sequence[BridgeStep]) -> None:
    """The finding, the chart and its table."""
    title = bridge_title(steps)
    st.subheader(plain(title))
    words = "; ".join(f"{step.label} {months(step.payback_months)}" for step in steps)
    draw_chart(bridge_chart(steps, palette()), "bridge", f"{title}. {words}.")
    with st.expander("The steps as a table"):
        rows = pd.DataFrame(
            {
                "With everything up to": [step.label for step in steps],
                "Adds": ["", *map(_added, steps, steps[1:])],
                "Payback": [months(step.payback_months) for step in steps],
            }
        )
        draw_table(rows, "The payback as one thing more is counted at each step")


def bridge_title(steps: Sequence[BridgeStep]) -> str:
    """Where the textbook's payback goes, in a sentence without its full stop."""
    first, last = steps[0].payback_months, steps[-1].payback_months
    if first is None:
        return "Not even the textbook figure pays back"
    if last is not None:
        return f"The textbook's {first:.1f} months become {last:.1f} once everything is counted"
    lost = next(
        after.label
        for before, after in pairwise(steps)
        if before.payback_months is not None and after.payback_months is None
    )
    what = COUNTED.get(lost, lost.lower())
    return f"The textbook says {first:.1f} months; with {what} counted it is never"


def bridge_chart(steps: Sequence[BridgeStep], colours: Palette) -> go.Figure:
    """A bar per step from the payback before it to the one after; never reaches the edge."""
    figure = plain_figure(colours)
    known = [step.payback_months for step in steps if step.payback_months is not None]
    edge = 1.25 * max(known, default=1.0) or 1.0
    rows = [*steps, BridgeStep("Everything counted", steps[-1].payback_months)]
    reached = [edge if row.payback_months is None else row.payback_months for row in rows]
    before = [0.0, *reached[:-2], 0.0]  # both totals start at nothing
    tints = [
        colours.cost if end >= start else colours.saving
        for start, end in zip(before, reached, strict=True)
    ]
    for place, (start, end) in enumerate(zip(before, reached, strict=True)):
        if abs(end - start) < edge / 500:  # nothing added, or never and never before it
            tints[place] = colours.faint
    for place in (0, -1):
        if rows[place].payback_months is not None:
            tints[place] = colours.baseline
    figure.add_bar(
        y=[wrapped(row.label) for row in rows],
        x=[max(abs(end - start), edge / 250) for start, end in zip(before, reached, strict=True)],
        base=[min(start, end) for start, end in zip(before, reached, strict=True)],
        orientation="h",
        marker={
            "color": tints,  # a bar that only says "never" is hatched: its end is no month
            "pattern": {"shape": ["/" if row.payback_months is None else "" for row in rows]},
        },
        text=[
            "never" if row.payback_months is None else f"{row.payback_months:.1f}" for row in rows
        ],
        textposition="outside",
        textfont={"color": colours.text},
        cliponaxis=False,
        hovertemplate="%{y}: %{text}<extra></extra>",
        showlegend=False,
    )
    figure.update_layout(height=70 + 40 * len(rows), bargap=0.35)
    figure.update_layout(margin={"t": 8})
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(title="Payback in months", range=[0, 1.12 * edge], rangemode="tozero")
    return figure


def _added(before: BridgeStep, after: BridgeStep) -> str:
    if before.payback_months is None or after.payback_months is None:
        return "" if before.payback_months == after.payback_months else "-"
    added = after.payback_months - before.payback_months
    return f"{added:+.1f}" if abs(added) >= 0.05 else "0.0"
