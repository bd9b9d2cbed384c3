"""The known sources, the most particular first."""

from __future__ import annotations

from typing import Final

from core.errors import BadInput
from core.logs.sources.anthropic_batch import ANTHROPIC_BATCH, ANTHROPIC_BATCH_INPUT
from core.logs.sources.anthropic_console import ANTHROPIC_COST, ANTHROPIC_USAGE
from core.logs.sources.azure_llm import AZURE_LLM
from core.logs.sources.braintrust import BRAINTRUST
from core.logs.sources.burstgpt import BURSTGPT
from core.logs.sources.deepseek import DEEPSEEK_COST, DEEPSEEK_USAGE
from core.logs.sources.generic import GENERIC
from core.logs.sources.helicone import HELICONE
from core.logs.sources.langfuse import LANGFUSE
from core.logs.sources.langsmith import LANGSMITH
from core.logs.sources.litellm import LITELLM_SPENDLOGS, LITELLM_STANDARD
from core.logs.sources.litellm_daily import LITELLM_DAILY, LITELLM_DAILY_TAGS, LITELLM_TEAM
from core.logs.sources.llm_json import LLM_JSON
from core.logs.sources.llm_sqlite import LLM_SQLITE
from core.logs.sources.openai_batch import OPENAI_BATCH_INPUT, OPENAI_BATCH_OUTPUT
from core.logs.sources.openai_cost import OPENAI_COST
from core.logs.sources.openai_finetune import OPENAI_FINETUNE
from core.logs.sources.openai_stored import OPENAI_STORED
from core.logs.sources.openai_usage import OPENAI_USAGE
from core.logs.sources.openrouter import OPENROUTER
from core.logs.sources.openrouter_usage import OPENROUTER_USAGE
from core.logs.sources.otel_span import OTEL_SPAN
from core.logs.sources.otlp import OTLP
from core.logs.sources.phoenix import PHOENIX_DATAFRAME, PHOENIX_SPAN
from core.logs.sources.portkey import PORTKEY
from core.logs.sources.source import Look, Source
from core.logs.sources.weave import WEAVE

SOURCES: Final[tuple[Source, ...]] = (
    LLM_SQLITE,
    BRAINTRUST,
    LITELLM_SPENDLOGS,
    LITELLM_STANDARD,
    LITELLM_DAILY_TAGS,
    LITELLM_DAILY,
    LITELLM_TEAM,
    LANGSMITH,
    PORTKEY,
    WEAVE,
    OPENROUTER,
    OPENROUTER_USAGE,
    *HELICONE,
    *LANGFUSE,
    OTLP,
    PHOENIX_DATAFRAME,
    PHOENIX_SPAN,
    OTEL_SPAN,
    OPENAI_BATCH_OUTPUT,
    OPENAI_BATCH_INPUT,
    ANTHROPIC_BATCH,
    ANTHROPIC_BATCH_INPUT,
    OPENAI_STORED,
    OPENAI_USAGE,
    OPENAI_COST,
    ANTHROPIC_USAGE,
    ANTHROPIC_COST,
    DEEPSEEK_USAGE,
    DEEPSEEK_COST,
    LLM_JSON,
    BURSTGPT,
    AZURE_LLM,
    OPENAI_FINETUNE,  # conversations and nothing else
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
