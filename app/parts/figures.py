"""A row of key figures, each with its range or its comparison underneath."""

from __future__ import annotations

import hashlib
import pickle
import re
from collections.abc import Callable, Sequence

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


def kept_figure(draw: Callable[..., go.Figure], *arguments: object) -> go.Figure:
    """The figure that `draw` makes of plain data, kept by what that is, and not to be changed.

    For pages that many read: Plotly takes longer over two charts than all the rest of a page does.
    """
    said = pickle.dumps((draw.__qualname__, arguments))
    return _kept_figure(hashlib.blake2b(said, digest_size=16).hexdigest(), draw, arguments)


@st.cache_resource(max_entries=64, show_spinner=False)
def _kept_figure(
    key: str, _draw: Callable[..., go.Figure], _arguments: tuple[object, ...]
) -> go.Figure:
    return _draw(*_arguments)


def draw_chart(
    figure: go.Figure, key: str, alt: str, *, on_point: Callable[[], None] | None = None
) -> None:
    """A chart with its text alternative; `on_point` hears of clicks.

    Its toolbar, seen under the pointer, has one button: the browser itself saves a PNG.
    """
    config = _toolbar(key)
    if on_point is None:
        st.plotly_chart(figure, key=key, config=config, alt=alt)
    else:
        st.plotly_chart(
            figure, key=key, config=config, alt=alt, on_select=on_point, selection_mode="points"
        )


def _toolbar(key: str) -> dict[str, object]:
    """Plotly's settings for a toolbar of one button; the file is called after the chart."""
    name = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-") or "chart"
    return {
        "displayModeBar": "hover",
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": f"tierwise-{name}", "scale": 2},
    }
