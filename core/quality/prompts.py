"""The texts of the queries to replay, read from the local working copy of their log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.logs.query_file import query_batches

_ROWS = 65_536  # at a time
_COLUMNS = [
    "request_id", "text", "system_text", "input_tokens", "output_tokens", "model", "answer",
]  # fmt: skip


@dataclass(frozen=True)
class Prompt:
    """One query as the log has it, redacted; token counts are the log's, 0 where unknown.

    `answer` is what the log's own `model` said, None where the log does not tell both.
    """

    request_id: str
    text: str
    system: str | None
    input_tokens: int
    output_tokens: int
    model: str | None = None
    answer: str | None = None


def prompts_of(queries: Path, rows: Sequence[int]) -> dict[int, Prompt]:
    """The prompts at those places of the log."""
    wanted = np.unique(np.asarray(rows, dtype=np.int64))
    found: dict[int, Prompt] = {}
    start = 0
    for batch in query_batches(queries, _COLUMNS, _ROWS):
        here = wanted[(wanted >= start) & (wanted < start + len(batch))]
        picked = batch.take(pa.array(here - start)).to_pylist()
        for row, values in zip(here.tolist(), picked, strict=True):
            found[row] = Prompt(
                values["request_id"],
                values["text"] or "",
                values["system_text"],
                values["input_tokens"] or 0,
                values["output_tokens"] or 0,
                values["model"],
                values["answer"],
            )
        start += len(batch)
    return found
