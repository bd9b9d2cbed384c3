"""When a replay may end early: what it should decide is clear.

A cheaper model may take a tier while the reference gains no more than the tolerance over it. The
data are looked at again and again, so the bounds are wider than for one look: with Z for a look
after every LOOK queries, up to forty looks, a difference that lies right on the tolerance is
called clear in fewer than 10 of 100 replays (`tests/core/quality/test_stopping.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from core.quality.journal import Item

LOOK: Final = 25
FEWEST: Final = 50
Z: Final = 2.6


def is_clear(items: Iterable[Item], reference: str, tolerances: Mapping[str, float]) -> bool:
    """Whether every candidate is clearly within its tolerance of the reference, or clearly not.

    `tolerances` are shares by model id of the candidates.
    """
    ended = [item.scores for item in items if item.scores]
    if len(ended) < FEWEST:
        return False
    for candidate, tolerance in tolerances.items():
        gains = np.array(
            [scores[reference] - scores[candidate] for scores in ended if candidate in scores]
        )
        if len(gains) < FEWEST:
            return False
        # Answers that all agree so far are not certain: a gain as large as the tolerance would
        # spread at least as much as a share of that size.
        spread = np.sqrt(max(float(gains.var()), tolerance * (1 - tolerance)))
        if abs(gains.mean() - tolerance) < Z * spread / np.sqrt(len(gains)):
            return False
    return True
