"""Growth, seasons and prices as monthly factors on today's volume and today's price.

Month 1 is the first month after today, and already grown: a factor series starts at t = 1.
Rates may be one number (the series has shape (months,)) or one per simulated future
(shape (futures, months)).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.errors import BadInput

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PriceStep:
    """A repricing or a move to a cheaper successor: from `month` on, prices times `factor`."""

    month: int
    factor: float
    migration_usd: float = 0.0  # evaluating and moving, paid once in that month


def monthly_rate(yearly_rate: float) -> float:
    """The effective monthly rate of a yearly one: (1 + G)^(1/12) - 1, never G / 12."""
    _require_above_minus_one(yearly_rate, "rate")
    return float((1.0 + yearly_rate) ** (1.0 / 12.0) - 1.0)


def decline_from_fold(fold_per_year: float) -> float:
    """The yearly decline (0..1) behind "k times cheaper every year": 1 - 1/k."""
    if fold_per_year <= 0:
        raise BadInput(f"a fold of {fold_per_year:g}", remedy="Use a number above 0")
    return 1.0 - 1.0 / fold_per_year


def volume_factors(
    months: int,
    monthly_growth: npt.ArrayLike,
    *,
    season: Sequence[float] | None = None,
    first_calendar_month: int = 1,
) -> Floats:
    """Volume of months 1..`months` over today's: (1 + g)^t, times the season's index.

    `season` holds twelve indices, January first, taken relative to their mean so that they
    move volume within a year and do not add to it; `first_calendar_month` (1..12) says
    which calendar month t = 1 is. Raises BadInput for growth of -100% or less.
    """
    growth = np.asarray(monthly_growth, dtype=np.float64)[..., None]
    _require_above_minus_one(float(np.min(growth)), "monthly growth")
    t = _month_numbers(months)
    factors = np.asarray((1.0 + growth) ** t, dtype=np.float64)
    if season is None:
        return factors
    index = np.asarray(season, dtype=np.float64)
    if index.shape != (12,) or not np.all(index >= 0) or not np.mean(index) > 0:
        raise BadInput(
            f"{index.size} seasonal indices, lowest {np.min(index, initial=0.0):g}",
            remedy="Give twelve, one per month from January, none negative and not all zero",
        )
    calendar = (first_calendar_month - 1 + t.astype(np.int64) - 1) % 12
    return np.asarray(factors * (index / np.mean(index))[calendar], dtype=np.float64)


def price_factors(
    months: int, yearly_decline: npt.ArrayLike, *, steps: Sequence[PriceStep] = ()
) -> Floats:
    """Price of months 1..`months` over today's: (1 - d)^(t/12), times the steps so far.

    Raises BadInput for a decline of 100% or more; a negative decline is a rise.
    """
    decline = np.asarray(yearly_decline, dtype=np.float64)[..., None]
    if not float(np.max(decline)) < 1:
        raise BadInput(
            f"a yearly price decline of {100 * float(np.max(decline)):g}%",
            remedy="Use a rate below 100% (0.3 means 30%)",
        )
    t = _month_numbers(months)
    factors = np.asarray((1.0 - decline) ** (t / 12.0), dtype=np.float64)
    for step in steps:
        if step.factor < 0:
            raise BadInput(f"a price factor of {step.factor:g}", remedy="Use 0 or more")
        factors = factors * np.where(t >= step.month, step.factor, 1.0)
    return factors


def migration_costs_usd(months: int, steps: Sequence[PriceStep]) -> Floats:
    """USD paid in months 1..`months` for evaluating and moving at each price step."""
    costs = np.zeros(months)
    for step in steps:
        if 1 <= step.month <= months:
            costs[step.month - 1] += step.migration_usd
    return costs


def _month_numbers(months: int) -> Floats:
    if months < 1:
        raise BadInput(f"a horizon of {months} months", remedy="Use 1 month or more")
    return np.arange(1, months + 1, dtype=np.float64)


def _require_above_minus_one(rate: float, name: str) -> None:
    if not rate > -1:
        raise BadInput(
            f"a {name} of {100 * rate:g}%", remedy="Use a rate above -100% (-0.02 means -2%)"
        )
