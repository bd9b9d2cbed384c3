"""What a reader of a plan asks next: what it gives up and gets wrong, and whether to cascade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.check import Check
from core.routing.controls import Control, lift_usd
from core.routing.frontier import Choice
from core.routing.misrouting import Misrouting, break_even_redone, misrouting
from core.routing.optimum import optimum
from core.routing.plan import Plan
from core.routing.simulate import Outcome
from core.routing.strategies import Comparison, compare
from core.routing.traffic import Traffic
from core.routing.waiting import Waiting, waiting


@dataclass(frozen=True)
class Findings:
    """Beside a plan's outcome.

    `lift_usd` is what it costs less, per month, than the best mix of controls of its quality;
    `optimum_usd` the least that any rule could cost for its quality and `optimum_quality` the
    best that any rule could reach at its cost; `redone` the share of queries asked again until
    nothing is saved. `misrouting` is for plans that route. `waiting` needs the log's own latency.
    None where undefined.
    """

    lift_usd: float | None
    optimum_usd: float | None
    optimum_quality: float
    misrouting: Misrouting | None
    redone: float | None
    strategies: Comparison
    waiting: Waiting | None = None


def findings(
    traffic: Traffic,
    plan: Plan,
    outcome: Outcome,
    controls: Sequence[Control],
    uncertainty: Uncertainty,
    assumptions: Assumptions | None = None,
    choices: Sequence[Choice] | None = None,
) -> Findings:
    """The findings; a plan without a check is compared with one by its own medium model.

    `choices` is the frontier of these models where it is known already.
    """
    best = optimum(traffic, plan, uncertainty, assumptions)
    check = plan.check or usual_check(plan)
    return Findings(
        lift_usd=lift_usd(list(controls), outcome),
        optimum_usd=best.usd_for(outcome.quality.central),
        optimum_quality=best.quality_at(outcome.planned.central),
        misrouting=None if plan.check else misrouting(traffic, plan, uncertainty),
        redone=break_even_redone(traffic, plan, outcome),
        strategies=compare(traffic, plan, check, uncertainty, assumptions, choices),
        waiting=waiting(traffic.times, plan, outcome) if traffic.times else None,
    )


def usual_check(plan: Plan) -> Check:
    """The medium model as judge, or the first priced one of the others."""
    models = (plan.medium, plan.simple, plan.complex)
    return Check(next(model for model in models if model.price is not None))
