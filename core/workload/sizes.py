"""How large the requests of a log are beside its usual ones: all that the rougher reading sees.

Input is the query's own length where the log kept it, else the input tokens per message: a
chat resends its history with every turn, and that is not the size of the question. Output
tokens count where they were logged; an estimate says nothing of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.complexity.rough import Pair
from core.logs.tokens import CHARS_PER_TOKEN
from core.workload.workload import UNNAMED

Floats = npt.NDArray[np.float64]

SIZE_COLUMNS: Final = [
    "status", "segment", "model", "text_chars", "turns",
    "input_tokens", "output_tokens", "output_estimated",
]  # fmt: skip

# A segment's own mean counts by half: between the tasks of one public set the larger ones gained
# more from a strong model, between the subjects of another the larger ones were the easier.
SEGMENT_SHARE: Final = 0.5
POOLING: Final = 20.0  # judgement: the mean of so many rows weighs as much as that of the log

_KEYS: Final = ["segment", "model"]
_SIDES: Final = ("input", "output")


@dataclass(frozen=True)
class UsualSizes:
    """What is usual in a log, in log1p(tokens): per segment and model, and how sizes spread.

    `table` has `segment`, `model`, `input` and `output`; `by_chars` says that inputs are the
    queries' own lengths.
    """

    table: pd.DataFrame
    sd: Pair
    by_chars: bool

    def above(self, rows: pa.Table) -> Floats:
        """How far the sizes of canonical rows lie above the usual, NaN where unknown: (n, 2)."""
        own = _sizes(rows, self.by_chars)
        usual = own[_KEYS].merge(self.table, how="left", on=_KEYS)
        return np.column_stack([own[side].to_numpy() - usual[side].to_numpy() for side in _SIDES])


def usual_sizes(queries: Path, chunk_rows: int) -> UsualSizes:
    """What is usual among the calls that went well in a Parquet file of canonical rows."""
    with pq.ParquetFile(queries) as file:
        by_chars = _keeps_lengths(file, chunk_rows)
        parts = [
            _summed(pa.table(batch), by_chars)
            for batch in file.iter_batches(chunk_rows, columns=SIZE_COLUMNS)
        ]
    return _usual(parts, by_chars)
