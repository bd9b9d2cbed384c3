"""How far a log has moved from the one that a plan was made on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from core.quality.stability import stability
from core.quality.topic_drift import TopicDrift
from core.workload.workload import Workload

Floats = npt.NDArray[np.float64]
Extent = Literal["none", "some", "large"]

SOME: Final = 0.10  # the usual marks of the population stability index
LARGE: Final = 0.25
_PARTS: Final = 10


@dataclass(frozen=True)
class Drift:
    """Population stability indices of difficulty, segments and topics, and what is new.

    `segments` is None where the logs do not name any: clusters of one are not those of the other.
    `new_segments` names those that the plan's log did not have, `new_share` is their share.
    `topics` is None where the texts of one of them are not here.
    """

    difficulty: float
    segments: float | None
    new_segments: tuple[str, ...]
    new_share: float
    topics: TopicDrift | None = None

    @property
    def extent(self) -> Extent:
        """The largest of them, in a word."""
        topics = self.topics.stability if self.topics else 0.0
        largest = max(self.difficulty, self.segments or 0.0, topics)
        return "large" if largest > LARGE else "some" if largest > SOME else "none"


def drift(
    before: Workload, now: Workload, *, topics: TopicDrift | None = None, named: bool = True
) -> Drift:
    """How the queries of `now` are spread beside those of `before`.

    `named` says that both logs name their segments, so that these can be compared.
    """
    edges = _deciles(before.by_bin())
    then, today = _by_segment(before), _by_segment(now)
    # Logs without one name in common are told apart by other means than their names.
    named = named and bool(then.keys() & today.keys())
    names = sorted(then.keys() | today.keys())
    new = tuple(name for name in names if name not in then) if named else ()
    total = sum(today.values()) or 1
    counts = (
        np.array([found.get(name, 0) for name in names], dtype=float) for found in (then, today)
    )
    return Drift(
        difficulty=stability(_parts(before.by_bin(), edges), _parts(now.by_bin(), edges)),
        segments=stability(*counts) if named else None,
        new_segments=new,
        new_share=sum(today[name] for name in new) / total,
        topics=topics,
    )


def _deciles(queries: Floats) -> npt.NDArray[np.int64]:
    reached = np.cumsum(queries) / max(queries.sum(), 1.0)
    return np.unique(np.searchsorted(reached, np.arange(1, _PARTS) / _PARTS) + 1)


def _parts(queries: Floats, edges: npt.NDArray[np.int64]) -> Floats:
    return np.array([part.sum() for part in np.split(queries, edges)])


def _by_segment(workload: Workload) -> dict[str, int]:
    counts = workload.cells.groupby("segment")["queries"].sum()
    return {str(name): int(count) for name, count in counts.items()}
