"""The known sources, the most particular first."""

from __future__ import annotations

from typing import Final

from core.errors import BadInput
from core.logs.sources.azure_llm import AZURE_LLM
from core.logs.sources.braintrust import BRAINTRUST
from core.logs.sources.generic import GENERIC
from core.logs.sources.llm_sqlite import LLM_SQLITE
from core.logs.sources.source import Look, Source

SOURCES: Final[tuple[Source, ...]] = (
    LLM_SQLITE,
    BRAINTRUST,
    AZURE_LLM,
    GENERIC,  # takes the rest and stays last
)


def pick_source(look: Look) -> Source:
    """The first source that recognises the rows."""
    return next(source for source in SOURCES if source.recognises(look))


def source_of(name: str) -> Source:
    """The source of that id; BadInput when there is none."""
    for source in SOURCES:
        if source.id == name:
            return source
    raise BadInput(f"No log format is called {name!r}", remedy="Import the file again")
