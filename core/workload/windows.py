"""Context windows: requests too long for a tier's model go to a tier that can hold them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from core.workload.grid import BOUNDS
from core.workload.workload import WINDOW_EDGES, Workload

Windows = tuple[int | None, int | None, int | None]  # tokens per tier; None: not known, no limit
NO_WINDOWS: Final[Windows] = (None, None, None)


def longest_fits(window: int | None) -> int | None:
    """The input tokens up to which a request is sent to a model with that context window.

    The largest of WINDOW_EDGES that the window holds, as queries are counted between these; None
    where no limit is known. A window holds the answer too, and edges are round numbers below it.
    """
    if window is None or window > WINDOW_EDGES[-1]:
        return None
    return max((edge for edge in WINDOW_EDGES if edge <= window), default=0)


def within_windows(workload: Workload, windows: Windows) -> Workload:
    """The workload with every query bound to tiers whose models can hold it."""
    if windows == NO_WINDOWS:
        return workload
    cells = workload.cells
    bound = bounds_within(windows)[cells["band"].to_numpy(), cells["bound"].to_numpy()]
    return replace(workload, cells=cells.assign(bound=bound))


def stepped_up(workload: Workload, windows: Windows) -> int:
    """Queries of the log that context windows bind to fewer tiers than rules alone would."""
    other = within_windows(workload, windows).cells["bound"] != workload.cells["bound"]
    return int(workload.cells["queries"][other].sum())


def too_long(workload: Workload, windows: Windows) -> int:
    """Queries of the log that none of the three models can hold."""
    bands = workload.cells["band"].to_numpy()
    held = np.array([bool(_fitting(windows, band)) for band in range(len(WINDOW_EDGES) + 1)])
    return int(workload.cells["queries"].to_numpy()[~held[bands]].sum())


def largest_window(windows: Windows) -> int:
    """The tier with the largest window, the higher one of equals; no window is no limit."""
    return max(range(3), key=lambda tier: (windows[tier] or math.inf, tier))


@cache
def bounds_within(windows: Windows) -> npt.NDArray[np.int64]:
    """The bound of queries by band and by the bound that rules gave, shape (bands, BOUNDS)."""
    found = []
    for band in range(len(WINDOW_EDGES) + 1):
        fitting = _fitting(windows, band)
        found.append([BOUNDS.index(bound_within(windows, fitting, *bound)) for bound in BOUNDS])
    return np.array(found)


def bound_within(windows: Windows, fitting: Sequence[int], low: int, high: int) -> tuple[int, int]:
    """The lowest and highest tier for a request that only the tiers `fitting` can hold.

    It starts at the lowest tier from which every higher one allowed can hold it too. A rule that
    leaves no such tier gives way; what no tier can hold goes to the one with the largest window.
    """
    if not fitting:
        return largest_window(windows), largest_window(windows)
    allowed = [tier for tier in fitting if low <= tier <= high]
    if not allowed:
        above = [tier for tier in fitting if tier > high]
        only = above[0] if above else fitting[-1]
        return only, only
    start = top = allowed[-1]
    while start - 1 in allowed:
        start -= 1
    return start, top


def _fitting(windows: Windows, band: int) -> tuple[int, ...]:
    if band == len(WINDOW_EDGES):
        return tuple(t for t, window in enumerate(windows) if longest_fits(window) is None)
    return tuple(
        tier
        for tier, window in enumerate(windows)
        if (limit := longest_fits(window)) is None or WINDOW_EDGES[band] <= limit
    )
