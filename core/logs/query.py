"""The canonical query row: what every log becomes, whatever tool wrote it."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

SCHEMA: Final = pa.schema(
    [
        pa.field("request_id", pa.string(), nullable=False),  # the log's own, else "row-<n>"
        pa.field("time", pa.timestamp("us", "UTC")),  # never invented
        pa.field("model", pa.string()),  # as logged; null when the log does not say
        pa.field("segment", pa.string()),  # feature, tag or label; null when the log has none
        pa.field("text", pa.string()),  # last user message, redacted; null without text
        pa.field("text_chars", pa.int32(), nullable=False),  # length before redaction and cutting
        pa.field("turns", pa.int16(), nullable=False),  # messages in the request, 1 when unknown
        pa.field("input_tokens", pa.int64()),  # total, cached included
        pa.field("cache_read_tokens", pa.int64(), nullable=False),  # subset of input
        pa.field("output_tokens", pa.int64()),  # total, reasoning included
        pa.field("input_estimated", pa.bool_(), nullable=False),
        pa.field("output_estimated", pa.bool_(), nullable=False),
        pa.field("cost_usd", pa.float64()),  # as logged; null when the log does not say
        pa.field("latency_ms", pa.float64()),
        pa.field("feedback", pa.float64()),  # 0..1, higher is better
        pa.field("ok", pa.bool_(), nullable=False),  # False: the call failed or was cancelled
    ]
)
