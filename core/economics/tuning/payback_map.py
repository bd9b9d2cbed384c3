"""When a case pays back at another volume, and at another fall of prices.

Savings grow with volume and all other costs stay, so every month's net is a line in volume:
two series, what is saved at today's volume and what is paid at any, answer for all volumes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from core.economics.cashflow import sustained_crossing
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.flow import Futures, expected_future, monthly_net_usd

Floats = npt.NDArray[np.float64]

DECLINES: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)  # a year; none, the default, its high end
FARTHEST: Final = 1e6  # times today's volume; beyond it "at no volume" is the honest word


@dataclass(frozen=True)
class PaybackMap:
    """The sustained payback in months for each volume and each yearly fall of today's price."""

    volumes: tuple[float, ...]  # times today's, smallest first
    declines: tuple[float, ...]  # yearly, 0..1
    months: tuple[tuple[float | None, ...], ...]  # [volume][decline]; None: never


def payback_map(
    case: FineTuneCase,
    volumes: Sequence[float] | None = None,
    declines: Sequence[float] = DECLINES,
) -> PaybackMap:
    """Paybacks as `assess` gives them, at each volume (times today's) and each price decline.

    Without `volumes` they are today's and some around the break-even.
    """
    chosen = tuple(volumes) if volumes is not None else _volumes_around(case)
    future = replace(expected_future(case), yearly_price_decline=np.array(declines, dtype=float))
    saved, paid = _saved_and_paid(case, future)
    rows = []
    for volume in chosen:
        net = (1.0 - case.failure_chance) * (volume * saved - paid)
        start = np.full((len(declines), 1), -float(future.investment_usd[0]))
        crossing = sustained_crossing(np.cumsum(np.hstack([start, net]), axis=1))
        rows.append(tuple(float(m) if math.isfinite(m) else None for m in crossing))
    return PaybackMap(chosen, tuple(declines), tuple(rows))


def volume_to_pay_back(case: FineTuneCase) -> float | None:
    """Times today's volume from which the case pays back within the months counted.

    None where it would take more than FARTHEST times today's, or no volume does.
    """
    future = expected_future(case)
    saved, paid = _saved_and_paid(case, future)
    total = float(np.sum(saved))
    if total <= 0:
        return None
    invested = float(future.investment_usd[0]) / (1.0 - case.failure_chance)
    times = max(invested + float(np.sum(paid)), 0.0) / total
    return times if times <= FARTHEST else None


def _saved_and_paid(case: FineTuneCase, future: Futures) -> tuple[Floats, Floats]:
    """The saving of each month at today's volume, and what is paid at any volume."""
    idle = replace(case, slice_share=0.0)
    paid = -monthly_net_usd(idle, replace(future, tuned_monthly_usd=np.zeros(1)))
    return monthly_net_usd(case, future) + paid, paid


def _volumes_around(case: FineTuneCase) -> tuple[float, ...]:
    """Today's volume, and doublings from a quarter of the break-even to 32 times it."""
    needed = volume_to_pay_back(case) or 1.0
    ladder = {float(f"{needed * 2.0**power:.2g}") for power in range(-2, 4)}  # two digits: 7.1, 410
    apart = {times for times in ladder if times > 0 and not 0.75 < times < 1.33}
    return tuple(sorted(apart | {1.0}))
