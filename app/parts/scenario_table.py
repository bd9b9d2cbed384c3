"""Coherent scenarios of a fine-tuning case side by side, with what each one takes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.parts.aligned_table import draw_table
from app.parts.wording import months, plain, share, usd
from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.scenarios import Scenario
from core.economics.tuning.verdict import MILESTONES
from core.economics.tuning.words import LABELS, value_words


def draw_scenarios(case: FineTuneCase, found: Sequence[Scenario], swap_name: str) -> None:
    """The finding, the table, how to read it, and the inputs of each scenario."""
    st.subheader(plain(scenario_title(found)))
    rows = pd.DataFrame(
        {
            "Scenario": [_called(s, swap_name) for s in found],
            "Investment": [_money(s.investment_usd) for s in found],
            "Net a month, year 1": [_money(s.first_year_monthly_usd) for s in found],
            "Payback": [_payback(s) for s in found],
            f"Value, {case.months} months": [_money(s.value_usd) for s in found],
            **{f"ROI, {month} months": [_roi(s.roi[month]) for s in found] for month in MILESTONES},
            "Chance of a loss": [share(s.chance_of_loss) for s in found],
        }
    )
    draw_table(
        rows, "The scenarios: investment, monthly net, payback, value, ROI, chance of a loss"
    )
    st.caption(
        plain(
            "Against keeping the slice as the routing plan leaves it. Conservative takes the worse "
            "half of every range at once (money and the fall of today's price high, the cost "
            "ratio, accuracy and growth low), optimistic the better half; neither is a "
            "probability. ROI is the net gain by that month over the investment; the chance of a "
            "loss is over the same simulated futures in each."
            + (
                " A swap needs no investment, but its quality is not judged here."
                if swap_name
                else ""
            )
        )
    )
    with st.expander("What each scenario takes"):
        trained = [s for s in found if s.case is not None]
        names = _ranged(case, trained)
        table = {"Input": [_capital(LABELS.get(name, name)) for name in names]}
        for scenario in trained:
            assert scenario.case is not None
            table[_called(scenario, "")] = [_range(scenario.case, name) for name in names]
        draw_table(pd.DataFrame(table), "The low and the high value of each input by scenario")


def scenario_title(found: Sequence[Scenario]) -> str:
    """The best of the options, in a sentence without its full stop."""
    by_name = {scenario.name: scenario for scenario in found}
    base, swap = by_name["base"], by_name.get("swap model only")
    if swap is not None and swap.value_usd > max(base.value_usd, 0.0):
        return f"Swapping the model without training is worth more: {usd(swap.value_usd)}"
    if base.value_usd > 0:
        worst = by_name["conservative"].value_usd
        also = "and even conservatively" if worst > 0 else "but conservatively"
        return f"Training is worth {usd(base.value_usd)}, {also} {usd(worst)}"
    return "Doing nothing is worth more than training"


def _called(scenario: Scenario, swap_name: str) -> str:
    if scenario.name == "swap model only" and swap_name:
        return f"Swap model only ({swap_name})"
    return _capital(scenario.name)


def _money(amount: float) -> str:
    return "$0" if amount == 0 else usd(amount)


def _payback(scenario: Scenario) -> str:
    if scenario.investment_usd == 0:
        return "no investment"
    return months(scenario.payback_months)


def _roi(value: float | None) -> str:
    return "n/a" if value is None else f"{value:,.0%}"


def _ranged(case: FineTuneCase, trained: Sequence[Scenario]) -> list[str]:
    """The inputs that differ between the scenarios."""
    return [
        name
        for name in LABELS
        if len({getattr(scenario.case, name) for scenario in trained} - {None}) > 1
    ]


def _range(case: FineTuneCase, name: str) -> str:
    known: Estimate = case.tuned_cost_ratio if name == "cost_ratio" else getattr(case, name)
    low, high = (value_words(name, value, case) for value in (known.low, known.high))
    return low if low == high else f"{low} to {high}"


def _capital(text: str) -> str:
    text = text.removeprefix("the ")
    return text[0].upper() + text[1:]
