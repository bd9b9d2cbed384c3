"""A fine-tuning case as a monthly series, for one future or for thousands at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.economics.attempts import retry_factor
from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase
from core.economics.volume import PriceStep, price_factors, volume_factors

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Futures:
    """What is not known about a case, one value per future (arrays of one length)."""

    investment_usd: Floats
    tuned_monthly_usd: Floats  # at today's volume, retries saved
    running_monthly_usd: Floats
    monthly_growth: Floats
    yearly_price_decline: Floats
    tuned_yearly_price_decline: Floats


def expected_future(case: FineTuneCase) -> Futures:
    """The single future behind the point figures.

    Money adds up, so it enters at its PERT mean; ratios, gains and rates enter at their
    likely value.
    """
    gain = None if case.accuracy_gain is None else np.array([case.accuracy_gain.likely])
    ratio = case.tuned_cost_ratio.likely
    tuned = (
        case.tuned_monthly_usd.mean if case.tuned_monthly_usd else case.slice_monthly_usd / ratio
    )
    return Futures(
        investment_usd=np.array(
            [
                case.data_preparation_usd.mean
                + case.training_runs.mean * case.compute_per_run_usd.mean
                + case.teacher_generation_usd.mean
                + case.other_one_off_usd.mean
            ]
        ),
        tuned_monthly_usd=after_retries_usd(case, np.array([tuned]), gain),
        running_monthly_usd=np.array([sum(part.mean for part in running_parts(case))]),
        monthly_growth=np.array([case.monthly_growth.likely]),
        yearly_price_decline=np.array([case.yearly_price_decline.likely]),
        tuned_yearly_price_decline=np.array([case.tuned_yearly_price_decline.likely]),
    )


def running_parts(case: FineTuneCase) -> tuple[Estimate, ...]:
    """What the tuned model costs each month whether or not it is asked anything."""
    return (
        case.hosting_monthly_usd,
        case.evaluation_monthly_usd,
        case.monitoring_monthly_usd,
        case.people_monthly_usd,
    )


def after_retries_usd(case: FineTuneCase, tuned_usd: Floats, gain: Floats | None) -> Floats:
    """The tuned model's monthly bill once its accuracy has changed the number of attempts."""
    if case.accuracy_now is None or gain is None:
        return tuned_usd
    kind, retries = case.accuracy_gain_kind, case.max_retries
    return tuned_usd * retry_factor(case.accuracy_now, gain, kind, retries)


def routed_monthly_usd(case: FineTuneCase) -> float:
    """Today's bill of the slice once routing has taken its part."""
    return case.slice_monthly_usd * case.routing_multiplier


def gross_monthly_usd(case: FineTuneCase, future: Futures) -> Floats:
    """The saving of one month at today's volume and prices, before running costs."""
    routed = routed_monthly_usd(case)
    return routed - future.tuned_monthly_usd - case.fallback_share * routed


def monthly_net_usd(case: FineTuneCase, future: Futures) -> Floats:
    """Saving less running and retraining cost, shape (futures, months), if the model works.

    Months up to the lead time are zero. Retraining falls `retrain_every_months` after going
    live and again at that interval, but not in the last month counted, which would buy
    nothing.
    """
    count = case.months
    steps = (
        ()
        if case.reprice_month is None
        else (PriceStep(month=case.reprice_month, factor=case.reprice_factor),)
    )
    volume = volume_factors(count, future.monthly_growth)
    baseline = (
        routed_monthly_usd(case)
        * volume
        * price_factors(count, future.yearly_price_decline, steps=steps)
    )
    tuned = (
        future.tuned_monthly_usd[:, None]
        * volume
        * price_factors(count, future.tuned_yearly_price_decline)
    )
    t = np.arange(1, count + 1)
    since_live = t - case.lead_months
    retrains = (since_live > 0) & (since_live % case.retrain_every_months == 0) & (t < count)
    net = (
        baseline * (1.0 - case.fallback_share)
        - tuned
        - future.running_monthly_usd[:, None]
        - retrains * case.retrain_usd
    )
    return np.asarray(np.where(since_live > 0, net, 0.0), dtype=np.float64)
