"""The population stability index."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def stability(before: Floats, now: Floats) -> float:
    """The population stability index of two counts over the same parts; 0 is no change.

    Half a query is added to every part, so that an empty one is no infinity.
    """
    first, second = before + 0.5, now + 0.5
    first, second = first / first.sum(), second / second.sum()
    return float(((second - first) * np.log(second / first)).sum())
