"""Which calls repeat one ask: retries and the steps of a tool loop.

Two calls belong together when they carry the same last user message at the same place of the
same task (a trace), or of the same conversation or user within MINUTES_APART of each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

MINUTES_APART: Final = 10.0  # judgement: a retry comes at once, the same question again later
AT_ONCE: Final = 1_000_000  # asks compared at a time, so that memory stays flat
_LONGEST: Final = 32_767
_MICROSECONDS: Final = 60e6

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Asks:
    """The asks of some rows of a log, in columns: those rows only that tell what they ask."""

    rows: int  # of the log, those that tell nothing included
    place: Ints  # of each ask among these rows
    print: Ints  # equal for equal asks
    in_trace: Bools
    time: Ints  # microseconds, -1 without

    def save(self, path: Path) -> None:
        """Keep them in a file; `load_asks` gives them back."""
        np.savez(
            path,
            rows=self.rows,
            place=self.place,
            print=self.print,
            in_trace=self.in_trace,
            time=self.time,
        )


def load_asks(path: Path) -> Asks:
    """The asks in a file."""
    with np.load(path, allow_pickle=False) as kept:
        columns = (kept[name] for name in ("place", "print", "in_trace", "time"))
        return Asks(int(kept["rows"]), *columns)


def asks_of(rows: pa.Table, asks: tuple[pa.Array, pa.Array] | None) -> Asks:
    """The asks of rows of `query.SCHEMA`, with what `Canonical.asks` says of them."""
    if asks is None:
        none = np.zeros(0, dtype=np.int64)
        return Asks(rows.num_rows, none, none, np.zeros(0, dtype=np.bool_), none)
    prints, told = asks
    place = np.flatnonzero(prints.is_valid().to_numpy(zero_copy_only=False))
    time = pc.fill_null(pc.cast(rows["time"].combine_chunks(), pa.int64()), -1)
    return Asks(
        rows.num_rows,
        place,
        prints.drop_null().to_numpy(),
        told.to_numpy(zero_copy_only=False)[place],
        time.to_numpy()[place],
    )


def joined_asks(parts: Sequence[Asks]) -> Asks:
    """The asks of rows that follow one another."""
    starts = np.cumsum([0, *(part.rows for part in parts)])
    none = np.zeros(0, dtype=np.int64)
    return Asks(
        int(starts[-1]),
        np.concatenate([none, *(p.place + s for p, s in zip(parts, starts, strict=False))]),
        np.concatenate([none, *(part.print for part in parts)]),
        np.concatenate([none.astype(np.bool_), *(part.in_trace for part in parts)]),
        np.concatenate([none, *(part.time for part in parts)]),
    )


@dataclass(frozen=True)
class Repeats:
    """The rows of a part of a log that repeat an ask, and their numbers, from 2."""

    place: Ints
    number: npt.NDArray[np.int16]

    def numbers(self, start: int, rows: int) -> npt.NDArray[np.int16]:
        """1 for the first call of an ask, 2 for the next one: of so many rows from there on."""
        here = (self.place >= start) & (self.place < start + rows)
        numbers = np.ones(rows, dtype=np.int16)
        numbers[self.place[here] - start] = self.number[here]
        return numbers


def repeats(
    asks: int, fetch: Callable[[int, int], Sequence[Asks]], at_once: int = AT_ONCE
) -> tuple[Repeats, ...] | None:
    """Per part of a log its repeats; None when no row tells.

    `asks` is how many rows tell. `fetch(share, of)` gives per part that share of its asks
    (`share_of`): only equal ones are compared, so about `at_once` at a time will do. Without a
    time a call repeats another one only within a trace.
    """
    if not asks:
        return None
    shares = -(-asks // at_once)
    found: list[list[Repeats]] = []
    for share in range(shares):
        chosen = fetch(share, shares)
        numbers = _numbered(joined_asks(chosen))
        starts = np.cumsum([0, *(len(part.place) for part in chosen)])
        here = []
        for part, start in zip(chosen, starts, strict=False):
            own = numbers[start : start + len(part.place)]
            here.append(Repeats(part.place[own > 1], own[own > 1]))
        found.append(here)
    return tuple(
        Repeats(
            np.concatenate([each.place for each in one]),
            np.concatenate([each.number for each in one]),
        )
        for one in zip(*found, strict=True)
    )


def share_of(asks: Asks, share: int, of: int) -> Asks:
    """Those asks whose fingerprints fall into one of so many shares."""
    if of == 1:
        return asks
    here = np.flatnonzero(asks.print.view(np.uint64) % np.uint64(of) == share)
    return Asks(asks.rows, asks.place[here], asks.print[here], asks.in_trace[here], asks.time[here])


def _numbered(asks: Asks) -> npt.NDArray[np.int16]:
    """The number of each call among those of its ask."""
    order = np.lexsort((asks.time, asks.print))
    time, in_trace = asks.time[order], asks.in_trace[order]
    timed = (time[1:] >= 0) & (time[:-1] >= 0)
    near = in_trace[1:] | (timed & (np.diff(time) <= MINUTES_APART * _MICROSECONDS))
    starts = np.ones(len(order), dtype=np.bool_)
    starts[1:] = (np.diff(asks.print[order]) != 0) | ~near
    places = np.arange(len(order))
    first = np.maximum.accumulate(np.where(starts, places, 0))
    numbers = np.ones(len(order), dtype=np.int16)
    numbers[order] = np.minimum(places - first + 1, _LONGEST)
    return numbers
