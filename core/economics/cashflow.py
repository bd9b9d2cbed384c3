"""An investment and what it returns each month: payback, present value, rate and ratio.

Money out is positive in `investment_usd` and negative in the monthly nets. The crossing and
discount functions also take one row per simulated future, so that a simulation and a
single case share every formula.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.economics.volume import monthly_rate

Floats = npt.NDArray[np.float64]

ROUNDING_USD = 1e-6  # a balance this close to zero is floating point, not a debt


@dataclass(frozen=True)
class CashFlow:
    """USD invested in month 0 and the net (saving less cost) of months 1, 2, ..."""

    investment_usd: float
    monthly_net_usd: tuple[float, ...]

    @property
    def values_usd(self) -> Floats:
        """The flows of months 0..T, the investment negative."""
        return np.array([-self.investment_usd, *self.monthly_net_usd])


def cumulative_usd(flow: CashFlow) -> Floats:
    """The balance after months 0..T, undiscounted."""
    return np.asarray(np.cumsum(flow.values_usd), dtype=np.float64)


def payback_months(flow: CashFlow) -> float | None:
    """Months until the balance first reaches zero, linear inside a month; None if never."""
    return _or_none(first_crossing(cumulative_usd(flow)))


def sustained_payback_months(flow: CashFlow) -> float | None:
    """Months after which the balance stays at or above zero to the end; None if it does not.

    The headline: retraining can push a balance that was positive below zero again.
    """
    return _or_none(sustained_crossing(cumulative_usd(flow)))


def discounted_payback_months(flow: CashFlow, yearly_rate: float) -> float | None:
    """Sustained payback of the discounted flows; None if it does not happen."""
    return _or_none(sustained_crossing(np.cumsum(discounted(flow.values_usd, yearly_rate))))


def npv_usd(flow: CashFlow, yearly_rate: float, months: int | None = None) -> float:
    """Net present value of months 0..`months` (all when None), month 0 undiscounted.

    Months after the last one of the flow bring nothing.
    """
    values = flow.values_usd if months is None else flow.values_usd[: months + 1]
    return float(np.sum(discounted(values, yearly_rate)))


def roi(flow: CashFlow, months: int) -> float | None:
    """Net gain by month `months` over the investment (1 is 100%); None without investment.

    Running costs are netted in the gain, not added to the investment.
    """
    if flow.investment_usd <= 0:
        return None
    return float(np.sum(flow.values_usd[: months + 1])) / flow.investment_usd


def irr_monthly(flow: CashFlow) -> float | None:
    """The monthly rate at which the present value is zero, where that rate means something.

    None unless the balance crosses zero exactly once and ends above it (Norstrom 1972):
    then one positive rate exists, and otherwise there may be several or none.
    """
    balance = cumulative_usd(flow)
    above = balance > ROUNDING_USD
    if balance[0] >= -ROUNDING_USD or not above[-1] or np.count_nonzero(np.diff(above)) != 1:
        return None
    # in x = 1 / (1 + rate) the value is -investment at x = 0 and positive at x = 1
    powers = np.arange(balance.size)
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2.0
        if float(np.sum(flow.values_usd * middle**powers)) < 0:
            low = middle
        else:
            high = middle
    return 1.0 / high - 1.0 if high > 0 else None


def discounted(values_usd: Floats, yearly_rate: float) -> Floats:
    """Flows of months 0..T (last axis) in today's money, at the effective monthly rate."""
    months = np.arange(values_usd.shape[-1])
    return np.asarray(values_usd / (1.0 + monthly_rate(yearly_rate)) ** months, dtype=np.float64)


def first_crossing(balance_usd: Floats) -> Floats:
    """Months until each balance (months 0..T on the last axis) first reaches zero, or inf."""
    reached = balance_usd >= -ROUNDING_USD
    month = np.argmax(reached, axis=-1)
    return np.where(np.any(reached, axis=-1), _inside_month(balance_usd, month), np.inf)


def sustained_crossing(balance_usd: Floats) -> Floats:
    """Months after which each balance stays at or above zero, or inf."""
    below = balance_usd < -ROUNDING_USD
    last = balance_usd.shape[-1] - 1
    month = np.where(np.any(below, axis=-1), last + 1 - np.argmax(below[..., ::-1], axis=-1), 0)
    return np.where(month <= last, _inside_month(balance_usd, np.minimum(month, last)), np.inf)


def _inside_month(balance_usd: Floats, month: npt.NDArray[np.intp]) -> Floats:
    """The moment inside `month`, whose end is at or above zero, when zero was reached."""
    before = np.take_along_axis(balance_usd, np.maximum(month - 1, 0)[..., None], axis=-1)[..., 0]
    after = np.take_along_axis(balance_usd, np.asarray(month)[..., None], axis=-1)[..., 0]
    step = after - before
    part = np.divide(-before, step, out=np.ones_like(step), where=step > 0)
    return np.where(month > 0, month - 1 + np.clip(part, 0.0, 1.0), 0.0)


def _or_none(months: Floats) -> float | None:
    value = float(months)
    return value if math.isfinite(value) else None
