"""One palette for every chart, light and dark: the same three colours for the same three tiers."""

from __future__ import annotations

import streamlit as st

from core.reports.colours import LIGHT, Palette

DARK = Palette(
    simple="#54c7b8",
    medium="#edb458",
    complex="#94a4f4",
    baseline="#a2aab4",
    saving="#5fcf97",
    cost="#f0837a",
    on_tiers=("#10151a", "#10151a", "#10151a"),
    text="#e6e9ee",
    faint="#343a44",
    band="rgba(95, 207, 151, 0.20)",
)


def palette() -> Palette:
    """The palette for the theme that the reader has chosen."""
    return DARK if st.context.theme.type == "dark" else LIGHT
