"""The palette: the same three colours for the same three tiers, on screens and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


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


LIGHT: Final = Palette(
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
