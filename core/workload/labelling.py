"""Which queries to get outcomes for next, and what these outcomes are worth.

A segment's queries go to the stronger model when it gains more than the tolerance there. New
outcomes are worth something where they may turn that decision: large segments whose gain is
uncertain and near the tolerance (the knowledge gradient; Frazier, Powell and Dayanik 2008).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.learned import SegmentGain

BATCH: Final = 50
_STEP: Final = 5  # outcomes given to one segment at a time
PAIR_VARIANCE: Final = 0.3  # of one query's gain: two answers that are right half the time
_Z90: Final = 1.645

Floats = npt.NDArray[np.float64]

# The chance of a standard normal value above this one. SciPy has it too, and takes a fifth of a
# second to import, for a few dozen segments.
_beyond = np.vectorize(lambda z: erfc(z / sqrt(2)) / 2, otypes=[np.float64])


@dataclass(frozen=True)
class NextLabels:
    """How many of the next outcomes each segment should get, and what they are worth.

    `usd_per_month` is the expected gain from better decisions, at the rate at which the
    tolerance trades money for quality; None where prices are unknown.
    """

    per_segment: dict[str, int]
    quality_points: float  # of all queries, in shares of acceptable answers
    usd_per_month: float | None


def next_labels(
    gains: Sequence[SegmentGain],
    queries_per_month: Sequence[float],
    *,
    tolerance: float,
    extra_usd_per_query: float | None,
    batch: int = BATCH,
) -> NextLabels:
    """The best use of `batch` paired outcomes over segments, in the order of `gains`.

    `extra_usd_per_query` is what the stronger model costs more. Who takes it for a gain of
    `tolerance` and more, says that a whole acceptable answer is worth that cost divided by the
    tolerance.
    """
    mean = np.array([g.gain for g in gains])
    sd = np.array([(g.high - g.low) / 2.0 / _Z90 for g in gains])
    size = np.array(queries_per_month, dtype=np.float64)
    given = np.zeros(len(gains))
    for _ in range(batch // _STEP if len(gains) else 0):
        more = size * (_worth(mean, sd, given + _STEP, tolerance))
        given[int(np.argmax(more - size * _worth(mean, sd, given, tolerance)))] += _STEP
    answers = float((size * _worth(mean, sd, given, tolerance)).sum())
    usd = None
    if extra_usd_per_query is not None and tolerance > 0:
        usd = answers * max(extra_usd_per_query, 0.0) / tolerance
    total = float(size.sum())
    counts = {g.segment: int(n) for g, n in zip(gains, given, strict=True) if n}
    return NextLabels(counts, answers / total if total else 0.0, usd)


def _worth(mean: Floats, sd: Floats, labels: Floats, tolerance: float) -> Floats:
    """Expected gain of the decision per query of a segment, in shares of acceptable answers."""
    noise = PAIR_VARIANCE / np.maximum(labels, 1e-9)
    moved = sd**2 / np.sqrt(np.maximum(sd**2 + noise, 1e-12))
    distance = np.abs(mean - tolerance)
    z = distance / np.maximum(moved, 1e-12)
    density = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)
    worth = moved * density - distance * _beyond(z)
    return np.asarray(np.where(labels > 0, np.maximum(worth, 0.0), 0.0), dtype=np.float64)
