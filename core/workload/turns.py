"""Turns of conversations: what comes after what, for the caches that a change of model loses.

A provider keeps the beginning of a conversation cached for the model that answered it last. So a
cached token is worth its discount under a plan only where the turn before goes to the same model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from core.workload.grid import BINS

TURN_BINS_EACH: Final = 4  # bins of difficulty in one bin of turns: 0.16 logits
TURN_BINS: Final = BINS // TURN_BINS_EACH
TURN_KEYS: Final = ["before", "after"]
TURN_SUMS: Final = ["cache_read_tokens"]

Ints = npt.NDArray[np.int64]


@dataclass
class Conversations:
    """The last turn of every conversation while the queries of a log go by in order."""

    _last: dict[str, int] = field(default_factory=dict)

    def turns(self, sessions: pa.Array, bins: Ints, cache_read_tokens: Ints) -> pd.DataFrame:
        """Per pair of turn bins the cached tokens of queries that follow another one.

        `sessions` is null for a query of no conversation. Columns are TURN_KEYS and TURN_SUMS.
        """
        known = sessions.is_valid().to_numpy(zero_copy_only=False)
        coded = sessions.drop_null().dictionary_encode()
        names, code = coded.dictionary.to_pylist(), coded.indices.to_numpy()
        after = bins[known] // TURN_BINS_EACH
        order = np.argsort(code, kind="stable")
        code, after, tokens = code[order], after[order], cache_read_tokens[known][order]
        first = np.ones(len(code), dtype=np.bool_)
        first[1:] = code[1:] != code[:-1]
        before = np.roll(after, 1)
        before[first] = [self._last.get(names[one], -1) for one in code[first]]
        last = np.roll(first, -1)
        self._last.update(
            zip((names[one] for one in code[last]), after[last].tolist(), strict=True)
        )
        rows = pd.DataFrame({"before": before, "after": after, "cache_read_tokens": tokens})
        return summed_turns(rows[(before >= 0) & (tokens > 0)])


def summed_turns(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per pair that occurs, sorted by it."""
    return rows.groupby(TURN_KEYS, as_index=False, sort=True)[TURN_SUMS].sum()


def no_turns() -> pd.DataFrame:
    """The turns of a log without conversations, or without anything cached."""
    return pd.DataFrame({c: pd.Series(dtype="int64") for c in [*TURN_KEYS, *TURN_SUMS]})


def has_cached_tokens(queries: Path) -> bool:
    """Whether a Parquet file of canonical rows has any token read from a cache."""
    with pq.ParquetFile(queries) as file:
        column = file.schema_arrow.names.index("cache_read_tokens")
        for group in range(file.metadata.num_row_groups):
            statistics = file.metadata.row_group(group).column(column).statistics
            if statistics is None or not statistics.has_min_max or statistics.max > 0:
                return True
    return False
