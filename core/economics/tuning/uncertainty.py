"""The same case in thousands of drawn futures: chances instead of one number.

Every low, likely, high is drawn as PERT, each input from its own stream (`draws`). A future that
never pays back counts as infinitely long, which keeps percentiles honest. Draws are independent
of one another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.economics.cashflow import sustained_crossing
from core.economics.draws import BANDS, DRAWS, SEED, pert, stream
from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.flow import (
    Futures,
    after_retries_usd,
    monthly_net_usd,
    running_parts,
)
from core.economics.tuning.verdict import MILESTONES
from core.economics.volume import monthly_rate

Floats = npt.NDArray[np.float64]

PAYBACK_WITHIN: Final = (6, 12, 18, 24, 36)


@dataclass(frozen=True)
class Percentiles:
    """One in ten futures lies below `p10`, half below `p50`, nine in ten below `p90`.

    None stands for "never within the horizon".
    """

    p10: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True)
class Simulation:
    """What `draws` futures of one case came to; chances are 0..1, money USD."""

    seed: int
    draws: int
    probability_payback_within_months: Mapping[int, float]  # sustained payback
    probability_of_payback: float  # within the horizon
    payback_months: Percentiles
    npv_usd: Mapping[int, Percentiles | None]  # None beyond the horizon
    value_usd: Percentiles  # net present value at the end of the months counted
    probability_of_loss: float  # that this value is below zero
    expected_loss_usd: float | None  # mean loss of the futures that lose; None when none do
    investment_usd: Percentiles
    bands_usd: Mapping[int, tuple[float, ...]]  # percentile -> balance after months 0, 1, ...


def simulate(case: FineTuneCase, *, seed: int = SEED, draws: int = DRAWS) -> Simulation:
    """The chances of `case` over `draws` futures; the same seed gives the same result.

    A future in which the model misses its quality gate has spent the investment and saves
    and costs nothing afterwards.
    """
    flows = _drawn_flows(case, seed, draws)
    balance = np.asarray(np.cumsum(flows, axis=1), dtype=np.float64)
    payback = sustained_crossing(balance)
    values = {m: _values_usd(case, flows, m) for m in MILESTONES if m <= case.horizon_months}
    end = _values_usd(case, flows, case.months)
    loses = end < 0
    return Simulation(
        seed=seed,
        draws=draws,
        probability_payback_within_months={m: chance_within(payback, m) for m in PAYBACK_WITHIN},
        probability_of_payback=float(np.mean(np.isfinite(payback))),
        payback_months=percentiles(payback),
        npv_usd={m: percentiles(values[m]) if m in values else None for m in MILESTONES},
        value_usd=percentiles(end),
        probability_of_loss=float(np.mean(loses)),
        expected_loss_usd=float(-np.mean(end[loses])) if np.any(loses) else None,
        investment_usd=percentiles(-flows[:, 0]),
        bands_usd={
            band: tuple(float(usd) for usd in row)
            for band, row in zip(BANDS, np.percentile(balance, BANDS, axis=0), strict=True)
        },
    )


def chance_of_loss(case: FineTuneCase, *, seed: int = SEED, draws: int = DRAWS) -> float:
    """`simulate(...).probability_of_loss` alone, without the time that percentiles take."""
    flows = _drawn_flows(case, seed, draws)
    return float(np.mean(_values_usd(case, flows, case.months) < 0))


def _drawn_flows(case: FineTuneCase, seed: int, draws: int) -> Floats:
    """The flows of months 0, 1, ... in each future, shape (draws, months + 1)."""
    future = draw_futures(case, seed=seed, draws=draws)
    works = stream(seed, "failure").random(draws) >= case.failure_chance
    flows = np.empty((draws, case.months + 1))
    flows[:, 0] = -future.investment_usd
    flows[:, 1:] = monthly_net_usd(case, future)
    flows[~works, 1:] = 0.0
    return flows


def _values_usd(case: FineTuneCase, flows: Floats, months: int) -> Floats:
    """The net present value of each future after so many months, all when there are fewer."""
    kept = flows[:, : months + 1]
    factors = (1.0 + monthly_rate(case.yearly_discount_rate)) ** -np.arange(kept.shape[1])
    return np.asarray(kept @ factors, dtype=np.float64)


def draw_futures(case: FineTuneCase, *, seed: int, draws: int) -> Futures:
    """`draws` values of everything that is not known about the case.

    What is certain comes as one value, which holds in every future: powers of rates over all
    months are the dearest part of a simulation.
    """

    def drawn(name: str, estimate: Estimate) -> Floats:
        return pert(estimate, draws, stream(seed, name))

    def cost(*names: str) -> Floats:
        return np.asarray(
            np.sum([drawn(name, getattr(case, name)) for name in names], axis=0), dtype=np.float64
        )

    def rate(name: str) -> Floats:
        known: Estimate = getattr(case, name)
        return drawn(name, known) if known.low < known.high else np.array([known.likely])

    runs = drawn("training_runs", case.training_runs)
    if case.tuned_monthly_usd is not None:
        tuned = drawn("tuned_monthly_usd", case.tuned_monthly_usd)
    else:
        tuned = case.slice_monthly_usd / drawn("cost_ratio", case.tuned_cost_ratio)
    gain = None if case.accuracy_gain is None else drawn("accuracy_gain", case.accuracy_gain)
    return Futures(
        investment_usd=cost("data_preparation_usd", "teacher_generation_usd", "other_one_off_usd")
        + runs * drawn("compute_per_run_usd", case.compute_per_run_usd),
        tuned_monthly_usd=after_retries_usd(case, tuned, gain),
        running_monthly_usd=np.sum(
            [drawn(f"running {i}", part) for i, part in enumerate(running_parts(case))], axis=0
        ),
        monthly_growth=rate("monthly_growth"),
        yearly_price_decline=rate("yearly_price_decline"),
        tuned_yearly_price_decline=rate("tuned_yearly_price_decline"),
    )


def chance_within(payback_months: Floats, months: int) -> float:
    """The share (0..1) of futures that pay back within `months`."""
    return float(np.mean(payback_months <= months))


def percentiles(values: Floats) -> Percentiles:
    """The 10th, 50th and 90th percentile, None where infinite (never interpolated)."""
    found = np.quantile(values, (0.1, 0.5, 0.9), method="inverted_cdf")
    p10, p50, p90 = (float(value) if math.isfinite(value) else None for value in found)
    return Percentiles(p10, p50, p90)
