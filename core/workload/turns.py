"""Turns of conversations: what comes after what, for the caches that a change of model loses.

A provider keeps the beginning of a conversation cached for the model that answered it last. So a
cached token is worth its discount under a plan only where the turn before goes to the same model.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.util import hash_array

from core.logs.query_file import query_files
from core.workload.grid import BINS

TURN_BINS_EACH: Final = 4  # bins of difficulty in one bin of turns: 0.16 logits
TURN_BINS: Final = BINS // TURN_BINS_EACH
TURN_KEYS: Final = ["before", "after"]
TURN_SUMS: Final = ["cache_read_tokens"]

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Ends:
    """The first and the last turn of every conversation in a run of queries, sorted by session."""

    session: npt.NDArray[np.uint64]
    first: Ints  # turn bin
    first_tokens: Ints  # cached ones
    last: Ints  # turn bin


def turns_of(sessions: pa.Array, bins: Ints, cache_read_tokens: Ints) -> tuple[pd.DataFrame, Ends]:
    """Per pair of turn bins the cached tokens of queries that follow another one, and the ends.

    The queries are in order; `sessions` is null for a query of no conversation. Columns are
    TURN_KEYS and TURN_SUMS.
    """
    known = sessions.is_valid().to_numpy(zero_copy_only=False)
    names = sessions.drop_null().cast(pa.binary()).to_numpy(zero_copy_only=False)
    session = np.asarray(hash_array(names, categorize=False), dtype=np.uint64)
    after = bins[known] // TURN_BINS_EACH
    order = np.argsort(session, kind="stable")
    session, after, tokens = session[order], after[order], cache_read_tokens[known][order]
    first = np.ones(len(session), dtype=np.bool_)
    first[1:] = session[1:] != session[:-1]
    last = np.roll(first, -1)
    ends = Ends(session[first], after[first], tokens[first], after[last])
    return _pairs(np.roll(after, 1)[~first], after[~first], tokens[~first]), ends


def follow(before: Ends, after: Ends) -> tuple[pd.DataFrame, Ends]:
    """The turns that follow over the border of two runs of queries, and the ends of both in one."""
    place = np.searchsorted(before.session, after.session)
    place = np.minimum(place, max(len(before.session) - 1, 0))
    if len(before.session):
        goes_on = before.session[place] == after.session
    else:
        goes_on = np.zeros(len(after.session), dtype=np.bool_)
    turns = _pairs(before.last[place[goes_on]], after.first[goes_on], after.first_tokens[goes_on])
    last = before.last.copy()
    last[place[goes_on]] = after.last[goes_on]
    new = ~goes_on
    session = np.concatenate([before.session, after.session[new]])
    order = np.argsort(session, kind="stable")
    columns = (
        np.concatenate([old, more[new]])[order]
        for old, more in (
            (before.first, after.first),
            (before.first_tokens, after.first_tokens),
            (last, after.last),
        )
    )
    return turns, Ends(session[order], *columns)


def no_ends() -> Ends:
    """The ends of queries without conversations."""
    none = np.zeros(0, dtype=np.int64)
    return Ends(none.astype(np.uint64), none, none, none)


def _pairs(before: Ints, after: Ints, tokens: Ints) -> pd.DataFrame:
    rows = pd.DataFrame({"before": before, "after": after, "cache_read_tokens": tokens})
    return summed_turns(rows[tokens > 0])


def summed_turns(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per pair that occurs, sorted by it."""
    return rows.groupby(TURN_KEYS, as_index=False, sort=True)[TURN_SUMS].sum()


def no_turns() -> pd.DataFrame:
    """The turns of a log without conversations, or without anything cached."""
    return pd.DataFrame({c: pd.Series(dtype="int64") for c in [*TURN_KEYS, *TURN_SUMS]})


def has_cached_tokens(queries: Path) -> bool:
    """Whether a Parquet file of canonical rows has any token read from a cache."""
    return any(_has_cached_tokens(file) for file in query_files(queries))


def _has_cached_tokens(file: Path) -> bool:
    with pq.ParquetFile(file) as rows:
        column = rows.schema_arrow.names.index("cache_read_tokens")
        for group in range(rows.metadata.num_row_groups):
            statistics = rows.metadata.row_group(group).column(column).statistics
            if statistics is None or not statistics.has_min_max or statistics.max > 0:
                return True
    return False
