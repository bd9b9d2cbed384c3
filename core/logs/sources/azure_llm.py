"""Azure's public inference traces of 2023 and 2025: times and token counts, nothing else."""

from __future__ import annotations

from typing import Final

from core.logs.mapping import Mapping
from core.logs.sources.source import Look, Source, by_columns


def _recognises(look: Look) -> bool:
    return look.has("ContextTokens", "GeneratedTokens")


AZURE_LLM: Final = Source(
    "azure_llm",
    "Azure LLM inference trace",
    _recognises,
    by_columns(
        Mapping(
            source="azure_llm",
            time="TIMESTAMP",
            input_tokens="ContextTokens",
            output_tokens="GeneratedTokens",
        )
    ),
)
