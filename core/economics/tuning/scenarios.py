"""A few coherent futures of one case side by side: neither forecasts nor probabilities.

A scenario is a correlated set of inputs. The conservative one takes the worse half of every
range (money and the fall of today's price in their upper half; the cost ratio, the gain in
accuracy, growth and the fall of the tuned model's price in their lower half), the optimistic
one the better half; numbers that were given without a range stay. A half keeps the shape of
its range, and every input its own stream of the one seed, so each simulated future of the
conservative scenario is the same future of the base case made worse: common random numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal

from core.economics.draws import DRAWS, SEED
from core.economics.estimate import NONE, Estimate
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.flow import routed_monthly_usd
from core.economics.tuning.sensitivity import value_usd
from core.economics.tuning.uncertainty import chance_of_loss
from core.economics.tuning.verdict import assess

Name = Literal["conservative", "base", "optimistic", "do nothing", "swap model only"]

# Inputs of which more is better for fine-tuning; of all others less is.
WELCOME: Final = frozenset(
    {"cost_ratio", "accuracy_gain", "monthly_growth", "tuned_yearly_price_decline"}
)


@dataclass(frozen=True)
class Scenario:
    """What one scenario comes to against keeping the slice as routing leaves it.

    Values run to the end of the months counted; `roi` is None beyond the horizon and without
    an investment, `payback_months` where it does not pay back. `case` is None where nothing is
    trained.
    """

    name: Name
    case: FineTuneCase | None
    investment_usd: float
    first_year_monthly_usd: float  # mean net of months 1 to 12, or of those counted
    payback_months: float | None
    value_usd: float
    roi: Mapping[int, float | None]
    chance_of_loss: float


def scenarios(
    case: FineTuneCase,
    swap_monthly_usd: float | None = None,
    *,
    base_loss: float | None = None,
    seed: int = SEED,
    draws: int = DRAWS,
) -> tuple[Scenario, ...]:
    """Conservative, base, optimistic, do nothing and, where its bill is known, swap only.

    `swap_monthly_usd` is the monthly bill of the slice if all of it went, untrained, to one
    cheaper model; its price is taken to fall as the routed models' do. None leaves it out.
    `base_loss` is the base case's chance of a loss where it was simulated already.
    """
    trained: dict[Name, FineTuneCase] = {
        "conservative": conservative(case),
        "base": case,
        "optimistic": optimistic(case),
    }
    found = [
        _row(
            name,
            each,
            base_loss
            if name == "base" and base_loss is not None
            else chance_of_loss(each, seed=seed, draws=draws),
            each,
        )
        for name, each in trained.items()
    ]
    found.append(_row("do nothing", _untrained(case, NONE, slice_share=0.0), 0.0))
    if swap_monthly_usd is not None:
        saved = routed_monthly_usd(case) - swap_monthly_usd
        # Both bills move with the same volume and price, so no draw changes which is lower.
        found.append(_row("swap model only", _swapped(case, saved), float(saved < 0)))
    return tuple(found)


def conservative(case: FineTuneCase) -> FineTuneCase:
    """The case with every range cut to the half that speaks against fine-tuning."""
    return _halved(case, better=False)


def optimistic(case: FineTuneCase) -> FineTuneCase:
    """The case with every range cut to the half that speaks for fine-tuning."""
    return _halved(case, better=True)


def _halved(case: FineTuneCase, *, better: bool) -> FineTuneCase:
    changed: dict[str, Any] = {}
    for field in fields(case):
        known = getattr(case, field.name)
        if field.name == "cost_ratio" and case.tuned_monthly_usd is None:
            known = case.tuned_cost_ratio  # the default ratio counts too
        if isinstance(known, Estimate) and known.low < known.high:
            changed[field.name] = _half(known, upper=better == (field.name in WELCOME))
    return replace(case, **changed)


def _half(known: Estimate, *, upper: bool) -> Estimate:
    """The range on one side of the likely value, its own likely value as far along as before."""
    low, high = (known.likely, known.high) if upper else (known.low, known.likely)
    along = (known.likely - known.low) / (known.high - known.low)
    return Estimate(low, min(max(low + (high - low) * along, low), high), high)


def _swapped(case: FineTuneCase, saved_usd: float) -> FineTuneCase:
    """A case whose monthly net is what a swap saves today, at each month's volume and prices."""
    if saved_usd < 0:
        return _untrained(case, Estimate.exactly(-saved_usd), slice_share=0.0)
    routed = routed_monthly_usd(case)
    part = saved_usd / routed if routed else 0.0
    return _untrained(case, NONE, routing_multiplier=part * case.routing_multiplier)


def _untrained(case: FineTuneCase, bill_usd: Estimate, **changes: Any) -> FineTuneCase:
    """A case that costs and waits for nothing, and leaves the slice with that monthly bill."""
    values: dict[str, Any] = {
        "tuned_monthly_usd": bill_usd,
        "cost_ratio": None,
        "fallback_share": 0.0,
        "accuracy_gain": None,
        "retrain_usd": 0.0,
        "lead_months": 0,
        "tuned_yearly_price_decline": case.yearly_price_decline,
        "failure_chance": 0.0,
    }
    costs = (
        "data_preparation_usd", "compute_per_run_usd", "teacher_generation_usd",
        "other_one_off_usd", "hosting_monthly_usd", "evaluation_monthly_usd",
        "monitoring_monthly_usd", "people_monthly_usd",
    )  # fmt: skip
    values |= dict.fromkeys(costs, NONE)
    return replace(case, **{**values, **changes})


def _row(
    name: Name, assessed: FineTuneCase, loss: float, case: FineTuneCase | None = None
) -> Scenario:
    result = assess(assessed)
    first_year = result.monthly_net_usd[:12]
    return Scenario(
        name=name,
        case=case,
        investment_usd=result.investment_mean_usd,
        first_year_monthly_usd=sum(first_year) / len(first_year),
        payback_months=result.sustained_payback_months,
        value_usd=value_usd(assessed),
        roi=result.roi,
        chance_of_loss=loss,
    )
