"""Which unknown moves the value most, each between its own P10 and P90, and where it turns."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from app.parts.aligned_table import draw_table
from app.parts.chart_looks import wrapped
from app.parts.charts import plain_figure
from app.parts.figures import draw_chart
from app.parts.palette import Palette, palette
from app.parts.wording import plain, usd
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.futures_words import range_words
from core.economics.tuning.sensitivity import Swing, value_usd
from core.economics.tuning.words import LABELS, value_words

ROWS = 8


def draw_tornado(case: FineTuneCase, swings: Sequence[Swing]) -> None:
    """The finding, the chart, what it means, and the table with the break-even values."""
    moving = [swing for swing in swings if swing.swing_usd >= 0.005]
    if not moving:
        st.subheader("Nothing was given as a range, so nothing moves the value")
        return
    st.subheader(plain(range_words(moving).split(".")[0]))
    words = "; ".join(f"{_label(swing)} moves it by {usd(swing.swing_usd)}" for swing in moving)
    draw_chart(tornado_chart(case, moving[:ROWS], palette()), "tornado", f"Tornado: {words}.")
    st.caption(
        plain(
            "Value: all flows of the months counted in today's money (net present value). Each "
            "bar moves one input from its low to its high end, 1 in 10 futures lying beyond "
            "either, and holds the rest; the value is zero where that input alone makes it so."
        )
    )
    with st.expander("Break-even of every input"):
        rows = pd.DataFrame(
            {
                "Input": [_label(swing) for swing in moving],
                "Break-even at": [_turn(s, case) for s in moving],
                "Low": [value_words(s.label, s.low_value, case) for s in moving],
                "High": [value_words(s.label, s.high_value, case) for s in moving],
                "Value at low": [usd(s.npv_at_low_usd) for s in moving],
                "Value at high": [usd(s.npv_at_high_usd) for s in moving],
                "Moves by": [usd(s.swing_usd) for s in moving],
            }
        )
        draw_table(rows, "Each input at its low and high end, and where the value is zero")


def tornado_chart(case: FineTuneCase, swings: Sequence[Swing], colours: Palette) -> go.Figure:
    """A bar per input around the value as it stands; its break-even under its name."""
    figure = plain_figure(colours)
    middle = value_usd(case)
    names = [
        f"{wrapped(_label(s))}<br><span style='font-size:11px'>{_under(s, case)}</span>"
        for s in swings
    ]
    for end, tint in (("worse", colours.cost), ("better", colours.saving)):
        reached = [
            (min if end == "worse" else max)(
                (s.npv_at_low_usd, s.low_value), (s.npv_at_high_usd, s.high_value)
            )
            for s in swings
        ]
        figure.add_bar(
            y=names,
            x=[value - middle for value, _ in reached],
            base=middle,
            orientation="h",
            name=end,
            marker={"color": tint},
            text=[
                value_words(s.label, at, case).split(" a ")[0].removesuffix(" runs")
                for s, (_, at) in zip(swings, reached, strict=True)
            ],
            textposition="outside",
            textfont={"color": colours.text, "size": 11},
            cliponaxis=False,
            customdata=[usd(value) for value, _ in reached],
            hovertemplate="%{text}: value %{customdata}<extra></extra>",
        )
    ends = [usd_ for s in swings for usd_ in (s.npv_at_low_usd, s.npv_at_high_usd)]
    room = 0.32 * (max(ends) - min(ends))
    figure.add_vline(x=middle, line={"color": colours.text, "width": 1})
    figure.update_layout(barmode="overlay", bargap=0.4, height=110 + 52 * len(swings))
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(
        title=f"Value over {case.months} months",
        tickformat="$~s",
        range=[min(ends) - room, max(ends) + room],
        nticks=5,
        tickangle=0,
    )
    return figure


def _label(swing: Swing) -> str:
    text = LABELS.get(swing.label, swing.label).removeprefix("the ")
    return text[0].upper() + text[1:]


def _turn(swing: Swing, case: FineTuneCase) -> str:
    if swing.break_even_value is None:
        return "nowhere"
    return value_words(swing.label, swing.break_even_value, case)


def _under(swing: Swing, case: FineTuneCase) -> str:
    return "no break-even" if swing.break_even_value is None else f"zero at {_turn(swing, case)}"
