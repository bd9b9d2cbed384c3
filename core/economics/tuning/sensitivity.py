"""Which input moves the result, one at a time, and the way from the textbook payback to ours.

Neither is a probability: a tornado moves one input and holds the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from core.economics.cashflow import CashFlow, npv_usd, sustained_payback_months
from core.economics.draws import pert_quantiles
from core.economics.estimate import NONE, Estimate
from core.economics.tuning.bounds import BOUNDS
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.flow import expected_future, monthly_net_usd
from core.economics.tuning.verdict import textbook_payback_months
from core.errors import BadInput


@dataclass(frozen=True)
class Change:
    """One input between two of its values, all others as they are."""

    label: str
    low: FineTuneCase
    high: FineTuneCase
    low_value: float
    high_value: float


@dataclass(frozen=True)
class Swing:
    """The net present value (USD, at the end of the months counted) at both ends of a change.

    `break_even_value` is the input at which it is zero with the rest as it is; None where no
    value within the input's bounds makes it so, or nobody asked.
    """

    label: str
    low_value: float
    high_value: float
    npv_at_low_usd: float
    npv_at_high_usd: float
    break_even_value: float | None = None

    @property
    def swing_usd(self) -> float:
        """How far the value moves, never negative."""
        return abs(self.npv_at_high_usd - self.npv_at_low_usd)


def tornado(changes: Sequence[Change]) -> tuple[Swing, ...]:
    """The swing of each change, largest first."""
    swings = [
        Swing(c.label, c.low_value, c.high_value, value_usd(c.low), value_usd(c.high))
        for c in changes
    ]
    return tuple(sorted(swings, key=lambda swing: -swing.swing_usd))


def swings_of(case: FineTuneCase) -> tuple[Swing, ...]:
    """The tornado of a case: every input given as a range, with its break-even value."""
    return tuple(
        replace(swing, break_even_value=break_even_value(case, swing.label))
        for swing in tornado(changes_of(case))
    )


def variance_share(swings: Sequence[Swing]) -> float | None:
    """What the largest swing has of the whole range (0..1); None when nothing moves.

    Inputs are taken to be independent, and then it is the squares of their swings that add up.
    """
    squares = [swing.swing_usd**2 for swing in swings]
    total = sum(squares)
    return max(squares) / total if total > 0 else None


def break_even_value(case: FineTuneCase, name: str) -> float | None:
    """The value of the estimate in field `name` at which the net present value is zero.

    All other inputs stay; it is sought within the field's bounds, on either side of its likely
    value, and the nearer one is taken. None where the value stays on one side of zero.
    """
    likely = _estimate_in(case, name).likely
    found = [
        root for end in _ends(case, name) if (root := _root(case, name, likely, end)) is not None
    ]
    return min(found, key=lambda value: abs(value - likely), default=None)


def value_usd(case: FineTuneCase) -> float:
    """The net present value at the end of the months counted, failure weighed in."""
    return npv_usd(_flow(case), case.yearly_discount_rate)


def _flow(case: FineTuneCase) -> CashFlow:
    """The expected flow of a case, as `assess` sees it."""
    future = expected_future(case)
    net = (1.0 - case.failure_chance) * monthly_net_usd(case, future)[0]
    return CashFlow(float(future.investment_usd[0]), tuple(float(usd) for usd in net))


def _root(case: FineTuneCase, name: str, start: float, end: float) -> float | None:
    """Where the value crosses zero between `start` and `end`, by bracketed bisection."""
    from scipy.optimize import brentq  # slow to import, and only the tornado needs it

    def value(number: float) -> float:
        return value_usd(replace(case, **{name: Estimate.exactly(number)}))  # type: ignore[arg-type]

    at_start, at_end = value(start), value(end)
    if at_start == 0:
        return start
    if not (at_start < 0 < at_end or at_end < 0 < at_start):
        return None
    return float(brentq(value, start, end, xtol=1e-9, rtol=1e-9, maxiter=500))


def _ends(case: FineTuneCase, name: str) -> tuple[float, float]:
    """The lowest and the highest value that the case allows in that field."""
    bound = BOUNDS[name]
    inside = 1e-9 * (bound.high - bound.low)
    low = bound.low + inside * bound.low_open
    high = bound.high - inside * bound.high_open
    if name == "accuracy_gain" and case.accuracy_now is not None:
        missing = 1.0 - case.accuracy_now
        if case.accuracy_gain_kind == "relative":
            return low, missing / case.accuracy_now
        return -case.accuracy_now, missing
    return low, high


def _estimate_in(case: FineTuneCase, name: str) -> Estimate:
    found = case.tuned_cost_ratio if name == "cost_ratio" else getattr(case, name)
    if not isinstance(found, Estimate):
        raise BadInput(f"'{name}' is not given as a range", remedy="Give low, likely and high")
    return found


def changes_of(case: FineTuneCase) -> tuple[Change, ...]:
    """A change for every input of the case given as a range, from its own P10 to its own P90.

    `label` is the field's name.
    """
    found = []
    for field in fields(case):
        estimate = getattr(case, field.name)
        if isinstance(estimate, Estimate) and estimate.low < estimate.high:
            found.append(change(case, field.name, *pert_quantiles(estimate, (0.1, 0.9))))
    if case.cost_ratio is None and case.tuned_monthly_usd is None:  # the default ratio counts too
        ends = pert_quantiles(case.tuned_cost_ratio, (0.1, 0.9))
        found.append(change(case, "cost_ratio", *ends))
    return tuple(found)


def change(case: FineTuneCase, name: str, low_value: float, high_value: float) -> Change:
    """A change of the estimate in field `name` to exactly each of two values."""
    low = replace(case, **{name: Estimate.exactly(low_value)})  # type: ignore[arg-type]
    high = replace(case, **{name: Estimate.exactly(high_value)})  # type: ignore[arg-type]
    return Change(name, low, high, low_value, high_value)


@dataclass(frozen=True)
class BridgeStep:
    """The sustained payback once `label` and all steps before it are counted; None: never."""

    label: str
    payback_months: float | None


BRIDGE: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Accuracy, fallbacks and growth", ("accuracy_gain", "fallback_share", "monthly_growth")),
    (
        "Hosting, evaluation, people",
        (
            "hosting_monthly_usd",
            "evaluation_monthly_usd",
            "monitoring_monthly_usd",
            "people_monthly_usd",
        ),
    ),
    ("Retraining", ("retrain_usd",)),
    ("Lead time", ("lead_months",)),
    (
        "Price decline",
        ("yearly_price_decline", "tuned_yearly_price_decline", "reprice_month"),
    ),
    ("Chance of failure", ("failure_chance",)),
    ("Base model's life", ("asset_life_months",)),
    ("After routing", ("routing_multiplier",)),
)


def bridge(case: FineTuneCase) -> tuple[BridgeStep, ...]:
    """From the textbook payback to the full one, counting one thing more at each step.

    Every step but the first knows the horizon; the last equals the case's own payback.
    """
    current = replace(
        case,
        accuracy_gain=None,
        fallback_share=0.0,
        monthly_growth=NONE,
        hosting_monthly_usd=NONE,
        evaluation_monthly_usd=NONE,
        monitoring_monthly_usd=NONE,
        people_monthly_usd=NONE,
        retrain_usd=0.0,
        lead_months=0,
        yearly_price_decline=NONE,
        tuned_yearly_price_decline=NONE,
        reprice_month=None,
        failure_chance=0.0,
        asset_life_months=case.horizon_months,
        routing_multiplier=1.0,
    )
    steps = [BridgeStep("Textbook", textbook_payback_months(case))]
    for label, names in BRIDGE:
        current = replace(current, **{name: getattr(case, name) for name in names})
        steps.append(BridgeStep(label, sustained_payback_months(_flow(current))))
    return tuple(steps)
