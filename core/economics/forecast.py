"""Today's bill and another one, month by month, in one future or in thousands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from core.economics.outlook import Outlook
from core.economics.projection import Projection
from core.economics.volume import migration_costs_usd, price_factors, volume_factors
from core.errors import BadInput

Floats = npt.NDArray[np.float64]

WEEKS_PER_MONTH: Final = 365.25 / 12 / 7
_STEPS: Final = 1_000  # of a month, for the mean of a rollout that moves within it


@dataclass(frozen=True, eq=False)
class Drivers:
    """What is not known of the coming months, one value per future (arrays of one length)."""

    monthly_growth: Floats
    yearly_price_decline: Floats
    monthly_token_drift: Floats
    running_monthly_usd: Floats
    one_off_usd: Floats


@dataclass(frozen=True)
class Bill:
    """A monthly bill in USD at today's volume and prices.

    `fixed_usd` is the part that follows neither volume nor prices: rent. `extra_usd` is what comes
    on top in months 1, 2, ... by itself, such as a fine-tune's net, negative where it saves.
    `started_usd` is spent before month 1, on top of the outlook's own.
    """

    usd: float
    fixed_usd: float = 0.0
    extra_usd: tuple[float, ...] = ()
    started_usd: float = 0.0

    def __post_init__(self) -> None:
        if not (self.usd >= 0 and 0 <= self.fixed_usd <= self.usd + 1e-6):
            raise BadInput(
                f"a bill of {self.usd:g} USD a month, {self.fixed_usd:g} of it fixed",
                remedy="Use 0 or more",
            )


def expected_drivers(outlook: Outlook) -> Drivers:
    """The one future behind the point figures: rates at their likely value, money at its mean."""
    return Drivers(
        monthly_growth=np.array([outlook.monthly_growth.likely]),
        yearly_price_decline=np.array([outlook.yearly_price_decline.likely]),
        monthly_token_drift=np.array([outlook.monthly_token_drift.likely]),
        running_monthly_usd=np.array([outlook.running_monthly_usd.mean]),
        one_off_usd=np.array([outlook.one_off_usd.mean]),
    )


def forecast(today: Bill, other: Bill, outlook: Outlook) -> Projection:
    """Both bills over the outlook's months, in its expected future."""
    before, after, started = bills(today, np.array([other.usd]), other, outlook)
    saving = before[0] - after[0]
    return Projection(
        tuple(before[0].tolist()),
        tuple(after[0].tolist()),
        tuple(saving.tolist()),
        tuple((np.cumsum(saving) - started[0]).tolist()),
    )


def bills(
    today: Bill, other_usd: Floats, other: Bill, outlook: Outlook, drivers: Drivers | None = None
) -> tuple[Floats, Floats, Floats]:
    """The bill as today and the other one, shape (futures, months), and what is spent before.

    `other_usd` is the other bill per future at today's volume and prices, rent and all. Until the
    rollout is complete the rest of the traffic pays as today.
    """
    drivers = drivers or expected_drivers(outlook)
    known = _factors(outlook, drivers)
    factor = known.volume * known.tokens * known.prices
    ramp = monthly_ramp(outlook.weekly_ramp, outlook.months)
    before = today.fixed_usd + (today.usd - today.fixed_usd) * factor
    routed = (other_usd - other.fixed_usd)[:, None] * factor
    # An endpoint is rented whole as soon as anything is sent to it.
    running = (drivers.running_monthly_usd[:, None] + other.fixed_usd) * (ramp > 0)
    extra = np.zeros(outlook.months)
    own = other.extra_usd[: outlook.months]
    extra[: len(own)] = own
    after = (
        ramp * routed
        + (1 - ramp) * before
        + running
        + extra
        + migration_costs_usd(outlook.months, outlook.steps)
    )
    return before, after, drivers.one_off_usd + other.started_usd


def nothing_changes(outlook: Outlook) -> Outlook:
    """The same months without what a change costs: for the option of doing nothing."""
    none = outlook.one_off_usd.exactly(0.0)
    return replace(outlook, running_monthly_usd=none, one_off_usd=none, reprice_usd=0.0)


def monthly_ramp(weekly: tuple[float, ...], months: int) -> Floats:
    """The share routed in months 1..`months`, from that of week 1, 2, ..., the last one holding."""
    moments = (np.arange(months * _STEPS) + 0.5) / _STEPS * WEEKS_PER_MONTH
    week = np.minimum(moments.astype(np.int64), len(weekly) - 1)
    return np.asarray(np.array(weekly)[week].reshape(months, _STEPS).mean(axis=1))


@dataclass(frozen=True, eq=False)
class Factors:
    """Volume, tokens per query and prices of each month over today's, shape (futures, months).

    `season` has the part of the season in the volume, shape (months,).
    """

    volume: Floats
    season: Floats
    tokens: Floats
    prices: Floats


def month_factors(outlook: Outlook) -> Factors:
    """The factors of the expected future, each of shape (months,)."""
    found = _factors(outlook, expected_drivers(outlook))
    return Factors(found.volume[0], found.season, found.tokens[0], found.prices[0])


def _factors(outlook: Outlook, drivers: Drivers) -> Factors:
    count = outlook.months
    season = volume_factors(
        count, 0.0, season=outlook.season or None, first_calendar_month=outlook.first_month
    )
    if outlook.volume_plan:
        plan = np.array(outlook.volume_plan)  # it has its seasons in it
        held = plan[np.minimum(np.arange(count), len(plan) - 1)]
        volume = np.broadcast_to(held, (len(drivers.monthly_growth), count))
    else:
        volume = volume_factors(count, drivers.monthly_growth) * season
    return Factors(
        volume=volume,
        season=season,
        tokens=volume_factors(count, drivers.monthly_token_drift),
        prices=price_factors(count, drivers.yearly_price_decline, steps=outlook.steps),
    )
