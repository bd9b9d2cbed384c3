"""How volume moves over the year, as far as a log is long enough to tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

SEASON: Final = 12
ENOUGH_MONTHS: Final = 24  # two of each: one alone cannot tell a season from growth


def season_of(queries: Mapping[tuple[int, int], float]) -> tuple[float, ...] | None:
    """Twelve indices, January first and 1 on average, from queries by (year, month).

    The classical decomposition: each month over the mean of the twelve around it (a centred
    moving average), averaged by calendar month. Only whole months may be given, without gaps;
    None for fewer than ENOUGH_MONTHS of them, or where a month is missing or empty.
    """
    months = sorted(queries)
    numbers = [year * SEASON + month - 1 for year, month in months]
    if len(months) < ENOUGH_MONTHS or numbers[-1] - numbers[0] + 1 != len(months):
        return None
    volume = np.array([queries[month] for month in months], dtype=float)
    if not volume.min() > 0:
        return None
    weights = np.full(SEASON + 1, 1 / SEASON)
    weights[[0, -1]] /= 2  # a window of twelve months has no middle; half of both ends gives one
    trend = np.convolve(volume, weights, mode="valid")
    ratio = volume[SEASON // 2 : -(SEASON // 2)] / trend
    calendar = np.array(numbers[SEASON // 2 : -(SEASON // 2)]) % SEASON
    index = np.array([ratio[calendar == month].mean() for month in range(SEASON)])
    return tuple((index / index.mean()).tolist())
