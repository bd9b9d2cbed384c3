"""How far a log has moved from the one that a plan was made on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from core.workload.workload import Workload

Floats = npt.NDArray[np.float64]
Extent = Literal["none", "some", "large"]

SOME: Final = 0.10  # the usual marks of the population stability index
LARGE: Final = 0.25
_PARTS: Final = 10


@dataclass(frozen=True)
class Drift:
    """Population stability indices of difficulty and of segments, and what is new.

    `new_segments` names those that the plan's log did not have, `new_share` is their share.
    """

    difficulty: float
    segments: float
    new_segments: tuple[str, ...]
    new_share: float

    @property
    def extent(self) -> Extent:
        """The larger of the two, in a word."""
        largest = max(self.difficulty, self.segments)
        return "large" if largest > LARGE else "some" if largest > SOME else "none"


def drift(before: Workload, now: Workload) -> Drift:
    """How the queries of `now` are spread beside those of `before`."""
    edges = _deciles(before.by_bin())
    then, today = _by_segment(before), _by_segment(now)
    names = sorted(then.keys() | today.keys())
    new = tuple(name for name in names if name not in then)
    total = sum(today.values()) or 1
    return Drift(
        difficulty=stability(_parts(before.by_bin(), edges), _parts(now.by_bin(), edges)),
        segments=stability(
            np.array([then.get(name, 0) for name in names], dtype=float),
            np.array([today.get(name, 0) for name in names], dtype=float),
        ),
        new_segments=new,
        new_share=sum(today[name] for name in new) / total,
    )


def stability(before: Floats, now: Floats) -> float:
    """The population stability index of two counts over the same parts; 0 is no change.

    Half a query is added to every part, so that an empty one is no infinity.
    """
    first, second = before + 0.5, now + 0.5
    first, second = first / first.sum(), second / second.sum()
    return float(((second - first) * np.log(second / first)).sum())


def _deciles(queries: Floats) -> npt.NDArray[np.int64]:
    reached = np.cumsum(queries) / max(queries.sum(), 1.0)
    return np.unique(np.searchsorted(reached, np.arange(1, _PARTS) / _PARTS) + 1)


def _parts(queries: Floats, edges: npt.NDArray[np.int64]) -> Floats:
    return np.array([part.sum() for part in np.split(queries, edges)])


def _by_segment(workload: Workload) -> dict[str, int]:
    counts = workload.cells.groupby("segment")["queries"].sum()
    return {str(name): int(count) for name, count in counts.items()}
