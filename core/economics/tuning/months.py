"""The expected future of a fine-tuning case month by month, line by line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.flow import expected_future, monthly_net_usd, routed_monthly_usd
from core.economics.volume import PriceStep, price_factors, volume_factors

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Months:
    """What months 1, 2, ... hold if the model works; costs are positive, money is USD.

    `routed_usd` less the four costs is `net_usd`. All money is zero before the model is live
    and after the last month that counts.
    """

    live: npt.NDArray[np.bool_]
    volume: Floats  # factors on today's volume and prices
    price: Floats
    tuned_price: Floats
    routed_usd: Floats  # what the slice would cost without the tuned model
    handed_back_usd: Floats
    tuned_usd: Floats
    running_usd: Floats
    retraining_usd: Floats
    net_usd: Floats


def months_of(case: FineTuneCase, count: int | None = None) -> Months:
    """The lines of months 1 to `count`, or of the months that count for the case."""
    rows = count or case.months
    future = expected_future(case)
    steps = (
        ()
        if case.reprice_month is None
        else (PriceStep(month=case.reprice_month, factor=case.reprice_factor),)
    )
    volume = volume_factors(rows, future.monthly_growth)[0]
    price = price_factors(rows, future.yearly_price_decline, steps=steps)[0]
    tuned_price = price_factors(rows, future.tuned_yearly_price_decline)[0]
    t = np.arange(1, rows + 1)
    since_live = t - case.lead_months
    live = (since_live > 0) & (t <= case.months)
    routed = live * routed_monthly_usd(case) * volume * price
    retrains = live & (since_live % case.retrain_every_months == 0) & (t < case.months)
    net = np.zeros(rows)
    known = monthly_net_usd(case, future)[0][:rows]
    net[: known.size] = known
    return Months(
        live=live,
        volume=volume,
        price=price,
        tuned_price=tuned_price,
        routed_usd=routed,
        handed_back_usd=case.fallback_share * routed,
        tuned_usd=live * future.tuned_monthly_usd[0] * volume * tuned_price,
        running_usd=live * future.running_monthly_usd[0],
        retraining_usd=retrains * case.retrain_usd,
        net_usd=net,
    )
