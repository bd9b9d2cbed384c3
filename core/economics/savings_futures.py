"""The saving of a plan in thousands of drawn futures, and what it hinges on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from core.economics.draws import BANDS, DRAWS, SEED, pert, pert_quantiles, stream
from core.economics.estimate import Estimate
from core.economics.forecast import Bill, Drivers, bills
from core.economics.outlook import Outlook
from core.routing.simulate import Range

Floats = npt.NDArray[np.float64]

DRIVERS: Final = (
    "monthly_growth", "yearly_price_decline", "monthly_token_drift", "running_monthly_usd",
    "one_off_usd",
)  # fmt: skip
PLANNED: Final = "planned_usd"  # the plan's own range, beside the drivers
_Z: Final = 1.6449  # of a normal distribution, at both ends of a 90% range
_Z_TENTH: Final = 1.2816  # and at its tenth and ninetieth percentile


@dataclass(frozen=True)
class SavingsFutures:
    """What `draws` futures came to: USD saved in all, and the balance after months 0, 1, ...

    `saves` is the share of futures in which anything is saved by the end.
    """

    seed: int
    draws: int
    low_usd: float  # one future in ten is below
    middle_usd: float
    high_usd: float
    saves: float
    bands_usd: Mapping[int, tuple[float, ...]]


@dataclass(frozen=True)
class Hinge:
    """One input between its own P10 and P90: the total saving at both."""

    name: str
    low: float
    high: float
    saving_at_low_usd: float
    saving_at_high_usd: float

    @property
    def swing_usd(self) -> float:
        """How far the saving moves, never negative."""
        return abs(self.saving_at_high_usd - self.saving_at_low_usd)


def savings_futures(
    today: Bill,
    other: Bill,
    planned: Range,
    outlook: Outlook,
    *,
    seed: int = SEED,
    draws: int = DRAWS,
) -> SavingsFutures:
    """The saving of moving from one bill to another; `planned` is the other's range, 5% to 95%.

    Every driver has its own stream of the seed, so that options are compared in the same futures.
    """
    drivers = draw_drivers(outlook, seed=seed, draws=draws)
    usd = draw_planned(planned, other.fixed_usd, seed=seed, draws=draws)
    before, after, started = bills(today, usd, other, outlook, drivers)
    # Month by month in rows that lie together: sorting them is what takes the time.
    balance = np.empty((outlook.months + 1, draws))
    balance[0] = -started
    balance[1:] = np.cumsum((before - after).T, axis=0) - started
    balance.sort(axis=1)
    bands = {b: balance[:, _place(b, draws)] for b in BANDS}
    end = balance[-1]
    return SavingsFutures(
        seed=seed,
        draws=draws,
        low_usd=float(end[_place(10, draws)]),
        middle_usd=float(end[_place(50, draws)]),
        high_usd=float(end[_place(90, draws)]),
        saves=float(np.mean(end > 0)),
        bands_usd={band: tuple(row.tolist()) for band, row in bands.items()},
    )


def hinges(today: Bill, other: Bill, planned: Range, outlook: Outlook) -> tuple[Hinge, ...]:
    """Each input by itself between its own P10 and P90, the widest swing first."""
    found = []
    for name in DRIVERS:
        known: Estimate = getattr(outlook, name)
        if known.low < known.high:
            low, high = pert_quantiles(known, (0.1, 0.9))
            totals = [
                _total(today, other, other.usd, _exactly(outlook, name, value))
                for value in (low, high)
            ]
            found.append(Hinge(name, low, high, *totals))
    low, high = _planned_at(planned, other.fixed_usd, np.array([-_Z_TENTH, _Z_TENTH])).tolist()
    if low < high:
        totals = [_total(today, other, usd, outlook) for usd in (low, high)]
        found.append(Hinge(PLANNED, low, high, *totals))
    return tuple(sorted(found, key=lambda hinge: -hinge.swing_usd))


def draw_drivers(outlook: Outlook, *, seed: int, draws: int) -> Drivers:
    """`draws` values of everything that is not known of the coming months."""
    return Drivers(
        **{name: pert(getattr(outlook, name), draws, stream(seed, name)) for name in DRIVERS}
    )


def draw_planned(planned: Range, fixed_usd: float, *, seed: int, draws: int) -> Floats:
    """`draws` monthly bills of that range, none below the rent in them."""
    return _planned_at(planned, fixed_usd, stream(seed, PLANNED).standard_normal(draws))


def _planned_at(planned: Range, fixed_usd: float, z: Floats) -> Floats:
    """The bills at those normal deviates: two half normals that meet at the central one."""
    width = np.where(z > 0, planned.high - planned.central, planned.central - planned.low)
    return np.asarray(np.maximum(planned.central + z * width / _Z, fixed_usd))


def _total(today: Bill, other: Bill, usd: float, outlook: Outlook) -> float:
    before, after, started = bills(today, np.array([usd]), other, outlook)
    return float((before - after).sum() - started[0])


def _exactly(outlook: Outlook, name: str, value: float) -> Outlook:
    return replace(outlook, **{name: Estimate.exactly(value)})  # type: ignore[arg-type]


def _place(percent: int, draws: int) -> int:
    return min(int(np.ceil(percent / 100 * draws)) - 1, draws - 1)
