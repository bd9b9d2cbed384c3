"""Does training our own model pay back? The verdict on a fine-tuning case."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from core.economics.cashflow import (
    CashFlow,
    cumulative_usd,
    discounted_payback_months,
    irr_monthly,
    npv_usd,
    payback_months,
    roi,
    sustained_payback_months,
)
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.flow import (
    expected_future,
    gross_monthly_usd,
    monthly_net_usd,
    routed_monthly_usd,
)

MILESTONES: Final = (12, 24, 36)
BREAK_EVEN_MONTHS: Final = 12

Reason = Literal[
    "no traffic",
    "routed model as cheap",
    "running cost above saving",
    "base model retires first",
    "saving shrinks",
    "beyond horizon",
]


@dataclass(frozen=True)
class FineTuneResult:
    """What a case is worth; None means "does not happen" or "means nothing here".

    Paybacks, values and the series are on the bill after routing and weigh in the chance
    that the project fails; only the textbook payback is on the bill before routing. Values
    at 12, 24 and 36 months stand still once the base model has retired, and are None beyond
    the horizon.
    """

    investment_low_usd: float
    investment_likely_usd: float
    investment_high_usd: float
    investment_mean_usd: float  # PERT means; the point figures use it
    slice_monthly_usd: float
    routed_monthly_usd: float
    tuned_monthly_usd: float
    running_monthly_usd: float  # without retraining
    textbook_payback_months: float | None
    payback_months: float | None
    sustained_payback_months: float | None
    discounted_payback_months: float | None
    payback_if_it_works_months: float | None  # sustained, were failure ruled out
    npv_usd: Mapping[int, float | None]
    roi: Mapping[int, float | None]
    irr_yearly: float | None
    ceiling_months: float | None  # no payback is shorter at today's bill, even if tuned were free
    break_even_volume: float | None  # times today's, to pay back within BREAK_EVEN_MONTHS
    break_even_queries: int | None  # the same a month, counted as the case counts them
    running_break_even_queries: (
        int | None
    )  # only to cover running and retraining, at today's prices
    monthly_net_usd: tuple[float, ...]
    cumulative_usd: tuple[float, ...]  # months 0, 1, ...
    months: int
    no_payback_reason: Reason | None


def assess(case: FineTuneCase) -> FineTuneResult:
    """The verdict on `case`; money at its PERT mean, ratios and rates at their likely value."""
    future = expected_future(case)
    investment = float(future.investment_usd[0])
    tuned = float(future.tuned_monthly_usd[0])
    running = float(future.running_monthly_usd[0])
    works = CashFlow(investment, _tuple(monthly_net_usd(case, future)[0]))
    flow = replace(
        works,
        monthly_net_usd=tuple((1 - case.failure_chance) * net for net in works.monthly_net_usd),
    )
    sustained = sustained_payback_months(flow)
    rate = case.yearly_discount_rate
    irr = irr_monthly(flow)
    needed_volume = _break_even_volume(case)
    running_volume = _ratio(
        _running_with_retraining_usd(case), float(gross_monthly_usd(case, future)[0])
    )
    return FineTuneResult(
        investment_low_usd=_investment(case, "low"),
        investment_likely_usd=_investment(case, "likely"),
        investment_high_usd=_investment(case, "high"),
        investment_mean_usd=investment,
        slice_monthly_usd=case.slice_monthly_usd,
        routed_monthly_usd=routed_monthly_usd(case),
        tuned_monthly_usd=tuned,
        running_monthly_usd=running,
        textbook_payback_months=textbook_payback_months(case),
        payback_months=payback_months(flow),
        sustained_payback_months=sustained,
        discounted_payback_months=discounted_payback_months(flow, rate),
        payback_if_it_works_months=sustained_payback_months(works),
        npv_usd={m: npv_usd(flow, rate, m) if _counted(case, m) else None for m in MILESTONES},
        roi={m: roi(flow, m) if _counted(case, m) else None for m in MILESTONES},
        irr_yearly=None if irr is None else (1 + irr) ** 12 - 1,
        ceiling_months=_ratio(investment, case.slice_monthly_usd),
        break_even_volume=needed_volume,
        break_even_queries=_queries(case, needed_volume),
        running_break_even_queries=_queries(case, running_volume),
        monthly_net_usd=flow.monthly_net_usd,
        cumulative_usd=_tuple(cumulative_usd(flow)),
        months=case.months,
        no_payback_reason=None if sustained is not None else _reason(case, works),
    )


def textbook_payback_months(case: FineTuneCase) -> float | None:
    """Investment over (current minus projected monthly cost); None when nothing is saved.

    The formula people know: before routing, and without running cost, retries, lead time,
    price decline, failure or the model's life. Shown beside the full payback, never alone.
    """
    future = expected_future(replace(case, accuracy_gain=None))
    saving = case.slice_monthly_usd - float(future.tuned_monthly_usd[0])
    return _ratio(float(future.investment_usd[0]), saving)


def _break_even_volume(case: FineTuneCase) -> float | None:
    """Times today's volume at which the balance is zero after BREAK_EVEN_MONTHS.

    Savings grow with volume and the other costs do not, so the balance is a line in volume.
    """
    future = expected_future(case)
    months = min(BREAK_EVEN_MONTHS, case.months)
    idle = replace(future, tuned_monthly_usd=np.zeros(1))
    fixed = float(np.sum(monthly_net_usd(replace(case, slice_share=0.0), idle)[:, :months]))
    saved = float(np.sum(monthly_net_usd(case, future)[:, :months])) - fixed
    needed = float(future.investment_usd[0]) / (1 - case.failure_chance) - fixed
    return _ratio(needed, saved)


def _running_with_retraining_usd(case: FineTuneCase) -> float:
    running = float(expected_future(case).running_monthly_usd[0])
    return running + case.retrain_usd / case.retrain_every_months


def _reason(case: FineTuneCase, works: CashFlow) -> Reason:
    gross = float(gross_monthly_usd(case, expected_future(case))[0])
    if routed_monthly_usd(case) <= 0:
        return "no traffic"
    if gross <= 0:
        return "routed model as cheap"
    if gross <= _running_with_retraining_usd(case):
        return "running cost above saving"
    if case.asset_life_months < case.horizon_months:
        longer = assess(replace(case, asset_life_months=case.horizon_months))
        if longer.sustained_payback_months is not None:
            return "base model retires first"
    if works.monthly_net_usd[-1] < 0:  # never a retraining month
        return "saving shrinks"
    return "beyond horizon"


def _investment(case: FineTuneCase, which: Literal["low", "likely", "high"]) -> float:
    def pick(name: str) -> float:
        return float(getattr(getattr(case, name), which))

    return (
        pick("data_preparation_usd")
        + pick("training_runs") * pick("compute_per_run_usd")
        + pick("teacher_generation_usd")
        + pick("other_one_off_usd")
    )


def _counted(case: FineTuneCase, month: int) -> bool:
    return month <= case.horizon_months


def _queries(case: FineTuneCase, volume: float | None) -> int | None:
    if volume is None or not case.monthly_queries:
        return None
    # a hair less before rounding up, so that an exact whole number stays itself
    return math.ceil(volume * case.monthly_queries * (1 - 1e-12))


def _ratio(amount: float, per_month: float) -> float | None:
    return amount / per_month if per_month > 1e-9 else None


def _tuple(values: npt.NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
