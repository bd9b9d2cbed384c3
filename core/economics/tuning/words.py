"""The verdict on a fine-tuning case in sentences, the answer first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.verdict import BREAK_EVEN_MONTHS, FineTuneResult

LABELS: Final[Mapping[str, str]] = {
    "tuned_monthly_usd": "the tuned model's bill",
    "cost_ratio": "how much cheaper the tuned model is",
    "data_preparation_usd": "data preparation",
    "compute_per_run_usd": "compute per run",
    "training_runs": "the number of training runs",
    "teacher_generation_usd": "the teacher's answers",
    "other_one_off_usd": "test set, engineering and integration",
    "accuracy_gain": "the gain in accuracy",
    "hosting_monthly_usd": "hosting",
    "evaluation_monthly_usd": "evaluation",
    "monitoring_monthly_usd": "monitoring",
    "people_monthly_usd": "people",
    "monthly_growth": "the growth of traffic",
    "yearly_price_decline": "the fall of today's price",
    "tuned_yearly_price_decline": "the fall of the tuned model's price",
}


def value_words(name: str, value: float, case: FineTuneCase) -> str:
    """A value of the input in that field with its unit: "$1,200 a month", "30% a year"."""
    if name == "cost_ratio":
        return f"{value:,.3g} times" if value < 1000 else f"{value:,.0f} times"
    if name == "training_runs":
        return f"{value:,.1f} runs"
    if name == "accuracy_gain":
        return f"{100 * value:+.1f} " + ("points" if case.accuracy_gain_kind == "points" else "%")
    if name == "monthly_growth":
        return f"{100 * value:.2g}% a month"
    if name.endswith("_decline"):
        return f"{100 * value:.3g}% a year"
    return _usd(value) + (" a month" if name.endswith("_monthly_usd") else "")


def sentences(case: FineTuneCase, result: FineTuneResult) -> tuple[str, ...]:
    """Plain English: the answer, then what a reader needs to judge it."""
    parts = (
        answer(case, result),
        _swing(result),
        _textbook(result),
        _routing(case, result),
        _failure(case, result),
        _break_even(case, result),
        _ceiling(result),
        _life(case),
    )
    return tuple(part for part in parts if part)


def answer(case: FineTuneCase, result: FineTuneResult) -> str:
    """One sentence: when the case pays back, or that it does not and why."""
    if result.investment_mean_usd == 0 and result.sustained_payback_months == 0:
        return "There is nothing to pay back: the case has no investment."
    if result.sustained_payback_months is not None:
        return f"Pays back in {result.sustained_payback_months:.1f} months."
    return f"Does not pay back: {_why(case, result)}."


def _why(case: FineTuneCase, result: FineTuneResult) -> str:
    routed, tuned = result.routed_monthly_usd, result.tuned_monthly_usd
    match result.no_payback_reason:
        case "no traffic":
            return "the slice costs nothing today, so there is nothing to save"
        case "routed model as cheap":
            return (
                f"after routing the slice costs {_usd(routed)} a month and the tuned model "
                f"{_usd(tuned)}" + (", fallbacks not counted" if case.fallback_share else "")
            )
        case "running cost above saving":
            retraining = case.retrain_usd / case.retrain_every_months
            saving = routed * (1 - case.fallback_share) - tuned
            return (
                f"it costs {_usd(result.running_monthly_usd + retraining)} a month to run and "
                f"retrain, more than the {_usd(saving)} a month that it saves"
            )
        case "base model retires first":
            return f"the base model retires after {case.asset_life_months} months, before that"
        case "saving shrinks":
            return (
                "the saving shrinks as the price of the model it replaces falls or volume drops, "
                f"before {result.months} months have paid for it"
            )
        case _:
            return f"not within {_months(result.months)}"


def _swing(result: FineTuneResult) -> str:
    first, kept = result.payback_months, result.sustained_payback_months
    if first is None:
        return ""
    if kept is None and result.investment_mean_usd > 0:
        return f"It breaks even after {first:.1f} months and then falls below zero again."
    if kept is not None and kept - first > 0.05:
        return (
            f"It first breaks even after {first:.1f} months, but later months take it below zero "
            f"again until month {kept:.1f}."
        )
    return ""


def _textbook(result: FineTuneResult) -> str:
    if result.textbook_payback_months is None:
        return "By the textbook too it never pays back: the tuned model costs as much as today's."
    return (
        f"The textbook figure is {result.textbook_payback_months:.1f} months: investment over the "
        "saving before routing, without running cost, lead time, price decline or failure."
    )


def _routing(case: FineTuneCase, result: FineTuneResult) -> str:
    if case.routing_multiplier == 1 or result.slice_monthly_usd == 0:
        return ""
    return (
        f"Routing has already cut the slice from {_usd(result.slice_monthly_usd)} to "
        f"{_usd(result.routed_monthly_usd)} a month; fine-tuning can only save on the rest."
    )


def _failure(case: FineTuneCase, result: FineTuneResult) -> str:
    if case.failure_chance == 0:
        return ""
    text = (
        f"A {case.failure_chance:.0%} chance that the model misses its quality gate is weighed in"
    )
    if result.payback_if_it_works_months is None:
        return f"{text}; even if it works it does not pay back."
    return f"{text}; if it works, it pays back in {result.payback_if_it_works_months:.1f} months."


def _break_even(case: FineTuneCase, result: FineTuneResult) -> str:
    if result.break_even_volume is None:
        return ""
    head = f"To pay back within {_months(min(BREAK_EVEN_MONTHS, result.months))} it needs "
    if result.break_even_queries is not None:
        return f"{head}{result.break_even_queries:,} queries a month."
    return f"{head}{result.break_even_volume:.1f} times today's volume."


def _ceiling(result: FineTuneResult) -> str:
    if result.ceiling_months is None or result.investment_mean_usd == 0:
        return ""
    return (
        f"Even if the tuned model ran for free, today's bill could not pay for it in less than "
        f"{result.ceiling_months:.1f} months."
    )


def _life(case: FineTuneCase) -> str:
    if case.asset_life_months >= case.horizon_months:
        return ""
    return f"Nothing is counted after month {case.asset_life_months}, when the base model retires."


def _months(count: int) -> str:
    return "1 month" if count == 1 else f"{count} months"


def _usd(amount: float) -> str:
    return f"-${-amount:,.0f}" if amount < 0 else f"${amount:,.0f}"
