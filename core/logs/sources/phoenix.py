"""Arize Phoenix: a DataFrame of spans saved as a file, and the span download of its screens."""

from __future__ import annotations

from typing import Final

from core.logs.sources.otel_span import read_span
from core.logs.sources.source import Look, Source
from core.logs.sources.span_values import attributes_of
from core.logs.sources.spans import by_span

_LEAD: Final = "attributes."
_OWN: Final = tuple(
    f"{_LEAD}{name}"
    for name in ("llm.", "openinference.", "input.", "output.", "embedding.", "retrieval.")
)
_KINDS: Final = frozenset(
    {
        "LLM", "EMBEDDING", "CHAIN", "RETRIEVER", "RERANKER", "TOOL", "AGENT", "GUARDRAIL",
        "EVALUATOR", "PROMPT",
    }
)  # fmt: skip
_ROW_CAP: Final = 1_000  # the client's default limit


def _recognises_dataframe(look: Look) -> bool:
    if f"{_LEAD}llm.token_count.prompt" in look.columns:
        return True
    own = any(column.startswith(_OWN) for column in look.columns)
    return own and not look.columns.isdisjoint({"context.span_id", "context.trace_id", "span_kind"})


def _recognises_span(look: Look) -> bool:
    if not look.has("span_kind", "attributes"):
        return False
    kinds = {str(record.get("span_kind")).upper() for record in look.records}
    return bool(kinds & _KINDS) or any(
        "openinference.span.kind" in attributes_of(record.get("attributes"))
        for record in look.records
    )


PHOENIX_DATAFRAME: Final = Source(
    "phoenix_dataframe",
    "Arize Phoenix spans (DataFrame)",
    _recognises_dataframe,
    by_span("phoenix_dataframe", read_span),
    row_cap=_ROW_CAP,
)
PHOENIX_SPAN: Final = Source(
    "phoenix_span",
    "Arize Phoenix spans",
    _recognises_span,
    by_span("phoenix_span", read_span),
    row_cap=_ROW_CAP,
)
