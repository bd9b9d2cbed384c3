"""OpenRouter: the activity export, one row per generation and no text."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.logs import amounts
from core.logs.mapping import Mapping
from core.logs.sources.source import Look, Source, by_columns

_MAPPING: Final = Mapping(
    source="openrouter",
    request_id="generation_id",
    time="created_at",
    model="model_permaslug",
    input_tokens="tokens_prompt",
    cached_tokens="tokens_cached",
    output_tokens="tokens_completion",
    reasoning_tokens="tokens_reasoning",
    cost="call cost",
    latency="generation_time_ms",
    segment="app_name",
    user="user",
    status="call status",  # these are made here
    tags="call tags",
)


def _recognises(look: Look) -> bool:
    return look.has("generation_id", "model_permaslug", "tokens_prompt")


def _derived(rows: pa.Table) -> dict[str, pa.Array]:
    return {"call status": _statuses(rows), "call tags": _tags(rows), "call cost": _costs(rows)}


def _statuses(rows: pa.Table) -> pa.Array:
    cancelled = pc.match_substring_regex(_cells(rows, "cancelled"), r"(?i)^\s*(true|1)\s*$")
    failed = pc.match_substring_regex(
        _cells(rows, "finish_reason_normalized"), r"(?i)^\s*error\s*$"
    )
    return pc.if_else(cancelled, "cancelled", pc.if_else(failed, "error", "ok"))


def _tags(rows: pa.Table) -> pa.Array:
    """Who served the call, and its variant unless it is the standard one; "" for neither."""
    provider, variant = _cells(rows, "provider_name"), _cells(rows, "variant")
    usual = pc.is_in(variant, value_set=pa.array(["", "standard"]))
    nameless = pc.equal(provider, "")
    served_by = pc.if_else(nameless, "", pc.binary_join_element_wise("provider: ", provider, ""))
    gap = pc.if_else(pc.or_(nameless, usual), "", ", ")
    kind = pc.if_else(usual, "", pc.binary_join_element_wise("variant: ", variant, ""))
    return pc.binary_join_element_wise(served_by, gap, kind, "")


def _costs(rows: pa.Table) -> pa.Array:
    """The credits spent, and what a key of one's own cost at the provider.

    OpenRouter counts calls with one's own key apart: cost_total holds only its fee there, and
    its activity page adds the two. A free variant costs nothing.
    """
    credits = _cells(rows, "cost_total")
    own_key, _ = amounts.parse(_cells(rows, "byok_usage_inference"))
    if pc.any(pc.greater(own_key, 0.0)).as_py():
        spent, _ = amounts.parse(credits)
        both = pc.cast(pc.add(pc.fill_null(spent, 0.0), own_key), pa.string())
        credits = pc.if_else(pc.fill_null(pc.greater(own_key, 0.0), False), both, credits)
    free = pc.and_(pc.equal(credits, ""), pc.equal(_cells(rows, "variant"), "free"))
    return pc.if_else(free, "0", credits)


def _cells(rows: pa.Table, name: str) -> pa.Array:
    """The column with "" for missing cells; all "" when the file has none."""
    if name not in rows.column_names:
        return pa.repeat("", rows.num_rows)
    column = pc.fill_null(rows.column(name), "")
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


OPENROUTER: Final = Source(
    "openrouter",
    "OpenRouter activity export",
    _recognises,
    by_columns(_MAPPING, derive=_derived),
)
