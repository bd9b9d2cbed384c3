"""Today's bill against the planned one, month by month, and the waterfall between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import numpy as np
import numpy.typing as npt

from core.economics.volume import PriceStep, migration_costs_usd, price_factors, volume_factors
from core.errors import BadInput

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Projection:
    """USD of months 1, 2, ...; every series has one value per month.

    `planned_usd` holds the extra monthly cost; `cumulative_usd` is the saving so far less
    the one-off cost.
    """

    baseline_usd: tuple[float, ...]
    planned_usd: tuple[float, ...]
    saving_usd: tuple[float, ...]
    cumulative_usd: tuple[float, ...]

    @property
    def months(self) -> tuple[int, ...]:
        """The month numbers, from 1."""
        return tuple(range(1, len(self.baseline_usd) + 1))

    @property
    def total_saving_usd(self) -> float:
        """What the plan saves over the horizon, net of the one-off cost."""
        return self.cumulative_usd[-1]


def project(
    baseline_monthly_usd: float,
    planned_monthly_usd: float,
    *,
    months: int = 12,
    monthly_growth: float = 0.0,
    yearly_price_decline: float = 0.0,
    planned_yearly_price_decline: float | None = None,
    one_off_usd: float = 0.0,
    extra_monthly_usd: float = 0.0,
    season: Sequence[float] | None = None,
    first_calendar_month: int = 1,
    steps: Sequence[PriceStep] = (),
) -> Projection:
    """Both bills over `months`, given today's monthly ones, and what their difference sums to.

    Volume moves both bills; prices fall alike unless `planned_yearly_price_decline` differs
    (rented hardware does not follow API prices). `steps` reprice both bills and charge their
    migration to the plan. `one_off_usd` is spent before month 1; `extra_monthly_usd` (a
    router, evaluation) neither grows nor falls. For a range, project its low and its high
    planned bill. Raises BadInput for impossible rates and negative bills.
    """
    for name, value in (("baseline", baseline_monthly_usd), ("planned", planned_monthly_usd)):
        if not value >= 0:
            raise BadInput(f"a {name} bill of {value:g} USD a month", remedy="Use 0 or more")
    if planned_yearly_price_decline is None:
        planned_yearly_price_decline = yearly_price_decline
    volume = volume_factors(
        months, monthly_growth, season=season, first_calendar_month=first_calendar_month
    )
    baseline = (
        baseline_monthly_usd * volume * price_factors(months, yearly_price_decline, steps=steps)
    )
    planned = (
        planned_monthly_usd
        * volume
        * price_factors(months, planned_yearly_price_decline, steps=steps)
        + extra_monthly_usd
        + migration_costs_usd(months, steps)
    )
    saving = baseline - planned
    return Projection(
        _series(baseline),
        _series(planned),
        _series(saving),
        _series(np.cumsum(saving) - one_off_usd),
    )


@dataclass(frozen=True)
class Bar:
    """One bar of a waterfall, in USD a month, in whole cents; a total starts at zero."""

    name: str
    kind: Literal["total", "step"]
    amount_usd: float
    start_usd: float
    end_usd: float


def waterfall(
    today_usd: float,
    steps: Mapping[str, float],
    planned_usd: float,
    *,
    first: str = "Today",
    last: str = "Planned",
) -> tuple[Bar, ...]:
    """Bars from today's monthly bill to the planned one, a step for each named change.

    Each bar is the difference of running totals rounded half up to cents, so the steps and
    both totals agree to the cent with a table of rounded figures. Raises BadInput when the
    steps do not lead from one bill to the other.
    """
    running = today_usd + sum(steps.values())
    if abs(running - planned_usd) > 0.005:
        raise BadInput(
            f"the steps lead from {today_usd:,.2f} to {running:,.2f} USD, "
            f"but the planned bill is {planned_usd:,.2f}",
            where="waterfall",
            remedy="Give one step for every difference between the two bills",
        )
    bars = [Bar(first, "total", _cents(today_usd), 0.0, _cents(today_usd))]
    exact, start = today_usd, _cents(today_usd)
    for position, (name, change) in enumerate(steps.items(), start=1):
        exact += change
        end = _cents(planned_usd if position == len(steps) else exact)
        bars.append(Bar(name, "step", _cents(end - start), start, end))
        start = end
    return (*bars, Bar(last, "total", _cents(planned_usd), 0.0, _cents(planned_usd)))


def _series(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _cents(usd: float) -> float:
    return float(Decimal(repr(float(usd))).quantize(CENT, ROUND_HALF_UP))
