"""The known sources, the most particular first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.logs.sources.generic import GENERIC
from core.logs.sources.source import Source

SOURCES: Final[tuple[Source, ...]] = (GENERIC,)  # GENERIC takes the rest and stays last


def pick_source(columns: Sequence[str]) -> Source:
    """The first source that recognises the columns."""
    return next(source for source in SOURCES if source.recognises(columns))
