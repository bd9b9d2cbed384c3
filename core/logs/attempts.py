"""Which calls repeat one ask: retries and the steps of a tool loop.

Two calls belong together when they carry the same last user message at the same place of the
same task (a trace), or of the same conversation or user within MINUTES_APART of each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

MINUTES_APART: Final = 10.0  # judgement: a retry comes at once, the same question again later
_LONGEST: Final = 32_767
_MICROSECONDS: Final = 60e6

Ints = npt.NDArray[np.int64]


@dataclass
class Asks:
    """The fingerprints of a log's asks while it is read: 17 bytes a row, or none at all."""

    _rows: int = 0
    _parts: list[tuple[Ints, npt.NDArray[np.bool_], npt.NDArray[np.bool_], Ints]] = field(
        default_factory=list
    )

    def add(self, rows: pa.Table, asks: tuple[pa.Array, pa.Array] | None) -> None:
        """Take in the next rows of `query.SCHEMA` with what `Canonical.asks` says of them."""
        if asks is None:
            prints, told = pa.nulls(rows.num_rows, pa.int64()), pa.repeat(False, rows.num_rows)
        else:
            prints, told = asks
        time = pc.cast(rows["time"].combine_chunks(), pa.int64())
        self._rows += rows.num_rows
        self._parts.append(
            (
                pc.fill_null(prints, 0).to_numpy(),
                pc.is_valid(prints).to_numpy(zero_copy_only=False),
                told.to_numpy(zero_copy_only=False),
                pc.fill_null(time, -1).to_numpy(),
            )
        )

    def attempts(self) -> npt.NDArray[np.int16] | None:
        """1 for the first call of an ask, 2 for the next one; None when no row tells.

        Without a time a call repeats another one only within a trace.
        """
        if not any(known.any() for _, known, _, _ in self._parts):
            return None
        columns = zip(*self._parts, strict=True)
        prints, known, in_trace, time = (np.concatenate(column) for column in columns)
        order = np.lexsort((time, prints))
        order = order[known[order]]
        gap = np.diff(time[order])
        timed = (time[order][1:] >= 0) & (time[order][:-1] >= 0)
        near = in_trace[order][1:] | (timed & (gap <= MINUTES_APART * _MICROSECONDS))
        starts = np.concatenate([[True], (np.diff(prints[order]) != 0) | ~near])
        places = np.arange(len(order))
        first = np.maximum.accumulate(np.where(starts, places, 0))
        attempts = np.ones(self._rows, dtype=np.int16)
        attempts[order] = np.minimum(places - first + 1, _LONGEST)
        return attempts
