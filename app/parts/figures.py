"""A row of key figures, each with its range or its comparison underneath."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from app.parts.wording import plain

Figure = tuple[str, str, str]  # label, value, note


def draw_figures(figures: Sequence[Figure]) -> None:
    """The figures side by side, their notes in grey: a note is never good or bad news."""
    for column, (label, value, note) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(
            label,
            plain(value),
            delta=plain(note) if note else None,
            delta_color="off",
            delta_arrow="off",
            border=True,
        )


def draw_chart(figure: go.Figure, key: str, alt: str) -> None:
    """A chart with its text alternative and without a toolbar."""
    st.plotly_chart(figure, key=key, config={"displayModeBar": False}, alt=alt)
