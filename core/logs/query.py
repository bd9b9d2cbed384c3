"""The canonical row: what every log becomes, whatever tool wrote it."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

MOST_TURNS_ALONE: Final = 2  # instructions and one question: more is a later turn

SCHEMA: Final = pa.schema(
    [
        pa.field("request_id", pa.string(), nullable=False),  # the log's own, else "row-<n>"
        pa.field("time", pa.timestamp("us", "UTC")),  # never invented
        pa.field("model", pa.string()),  # as logged; null when the log does not say
        pa.field("segment", pa.string()),  # feature, tag or label; null when the log has none
        pa.field("tags", pa.string()),  # all tags, joined with ", "
        pa.field("text", pa.string()),  # last user message, redacted; null without text
        pa.field("text_chars", pa.int32(), nullable=False),  # length before redaction and cutting
        pa.field("system_text", pa.string()),  # the instructions apart from the query, redacted
        # What was answered, redacted and cut; kept where the query stands alone, else null.
        pa.field("answer", pa.string()),
        pa.field("turns", pa.int16(), nullable=False),  # messages in the request, 1 when unknown
        pa.field("tools", pa.string()),  # names of tools offered or called, joined with ", "
        pa.field("user", pa.string()),  # keyed hash, 16 hex digits
        pa.field("session", pa.string()),  # keyed hash of the conversation, 16 hex digits
        pa.field("requests", pa.int64(), nullable=False),  # calls in the row: 1, but in aggregates
        pa.field("input_tokens", pa.int64()),  # total, cached included
        pa.field("cache_read_tokens", pa.int64(), nullable=False),  # subset of input
        pa.field("cache_write_tokens", pa.int64(), nullable=False),  # subset of input, disjoint
        pa.field("output_tokens", pa.int64()),  # total, reasoning included
        pa.field("reasoning_tokens", pa.int64()),  # subset of output; null when not stated
        pa.field("input_estimated", pa.bool_(), nullable=False),
        pa.field("output_estimated", pa.bool_(), nullable=False),
        pa.field("cost_usd", pa.float64()),  # as logged; null when the log does not say
        pa.field("latency_ms", pa.float64()),
        # 0..1, higher is better: ratings, in logs without them what the next two say
        pa.field("feedback", pa.float64()),
        pa.field("escalated", pa.bool_()),  # a person or a stronger model took over
        pa.field("edited", pa.bool_()),  # the user changed the answer
        pa.field("status", pa.string(), nullable=False),  # ok | error | cancelled
        pa.field("attempt", pa.int16(), nullable=False),  # 1, or 2.. for a repeat of the same ask
    ]
)
