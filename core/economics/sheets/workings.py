"""The figures between a case's inputs and its cash flow, each with a name of its own."""

from __future__ import annotations

from typing import Final

from core.economics.attempts import accuracy_after, expected_attempts
from core.economics.sheets.figures import NOT_APPLICABLE, Figure
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.flow import expected_future
from core.economics.tuning.verdict import FineTuneResult
from core.economics.volume import monthly_rate

TINY_ACCURACY: Final = 1e-9  # below it (1 - r^n) / (1 - r) is all rounding, and n is the limit


def workings(case: FineTuneCase, result: FineTuneResult) -> tuple[Figure, ...]:
    """Bills, attempts, running cost, the months that count and the monthly discount rate."""
    future = expected_future(case)
    full = case.tuned_monthly_usd.mean if case.tuned_monthly_usd else None
    now, after, accuracy = _attempts(case)
    slice_usd = result.slice_monthly_usd
    return (
        Figure(
            "Slice's bill today, before routing",
            "=IF(ISNUMBER(current_monthly_usd),current_monthly_usd,"
            "monthly_queries*cost_per_query_usd)*slice_share",
            slice_usd,
            "usd",
            "A month.",
            "slice_bill",
        ),
        Figure(
            "Slice's bill after routing",
            "=slice_bill*routing_multiplier",
            result.routed_monthly_usd,
            "usd",
            "A month, at today's volume and prices: what the tuned model is compared with.",
            "routed_bill",
        ),
        Figure(
            "Tuned model's bill before retries",
            "=IF(ISNUMBER(tuned_monthly_usd),tuned_monthly_usd,slice_bill/cost_ratio)",
            slice_usd / case.tuned_cost_ratio.likely if full is None else full,
            "usd",
            "A month.",
            "tuned_full_bill",
        ),
        Figure(
            "Accuracy after tuning",
            "=IF(AND(ISNUMBER(accuracy_now),ISNUMBER(accuracy_gain)),MIN(1,MAX(0,"
            'IF(accuracy_gain_kind="relative",accuracy_now*(1+accuracy_gain),'
            f'accuracy_now+accuracy_gain))),"{NOT_APPLICABLE}")',
            accuracy,
            "share",
            "",
            "tuned_accuracy",
            checked=False,
        ),
        Figure(
            "Attempts a task, now",
            f"=IF(ISNUMBER(tuned_accuracy),{_attempts_formula('accuracy_now')},1)",
            now,
            "factor",
            "1 + r + r^2 + ... up to the retries allowed, r being the share of bad answers.",
            "attempts_now",
            checked=False,
        ),
        Figure(
            "Attempts a task, tuned",
            f"=IF(ISNUMBER(tuned_accuracy),{_attempts_formula('tuned_accuracy')},1)",
            after,
            "factor",
            "",
            "attempts_tuned",
            checked=False,
        ),
        Figure(
            "Tuned model's bill",
            "=tuned_full_bill*attempts_tuned/attempts_now",
            float(future.tuned_monthly_usd[0]),
            "usd",
            "A month, at today's volume and prices.",
            "tuned_bill",
        ),
        Figure(
            "Running cost",
            "=hosting_monthly_usd+evaluation_monthly_usd+monitoring_monthly_usd+people_monthly_usd",
            result.running_monthly_usd,
            "usd",
            "A month once live, without retraining.",
            "running_cost",
        ),
        Figure(
            "Months that count",
            "=MIN(horizon_months,asset_life_months)",
            float(result.months),
            "whole",
            "The horizon, cut by the life of the base model.",
            "months_counted",
        ),
        Figure(
            "Discount rate a month",
            "=(1+yearly_discount_rate)^(1/12)-1",
            monthly_rate(case.yearly_discount_rate),
            "factor",
            "Effective, not a twelfth.",
            "monthly_discount",
            checked=False,
        ),
    )


def _attempts(case: FineTuneCase) -> tuple[float, float, float | str]:
    """Attempts now and tuned, and the accuracy that the latter assumes."""
    if case.accuracy_now is None or case.accuracy_gain is None:
        return 1.0, 1.0, NOT_APPLICABLE
    gain, kind = case.accuracy_gain.likely, case.accuracy_gain_kind
    tuned = float(accuracy_after(case.accuracy_now, gain, kind))
    now, after = (expected_attempts(1.0 - a, case.max_retries) for a in (case.accuracy_now, tuned))
    return now, after, tuned


def _attempts_formula(accuracy: str) -> str:
    return (
        f"IF({accuracy}<{TINY_ACCURACY:.9f},max_retries+1,"
        f"(1-(1-{accuracy})^(max_retries+1))/{accuracy})"
    )
