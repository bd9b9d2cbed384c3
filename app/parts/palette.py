"""One palette for every chart, light and dark: the same three colours for the same three tiers."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Palette:
    """Colours by meaning; text and lines reach AA contrast on the page's background."""

    simple: str
    medium: str
    complex: str
    baseline: str
    saving: str
    cost: str
    on_tiers: tuple[str, str, str]  # words on simple, medium and complex
    text: str
    faint: str
    band: str

    @property
    def tiers(self) -> tuple[str, str, str]:
        """The colours of simple, medium and complex."""
        return self.simple, self.medium, self.complex


LIGHT = Palette(
    simple="#2a9d8f",
    medium="#d9912b",
    complex="#4c5fb8",
    baseline="#7a828c",
    saving="#1f7a4d",
    cost="#b3372f",
    on_tiers=("#10151a", "#10151a", "#ffffff"),
    text="#24292f",
    faint="#e3e6ea",
    band="rgba(31, 122, 77, 0.16)",
)
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
