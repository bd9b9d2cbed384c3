"""What a reader of a plan asks next: what it gives up and gets wrong, and whether to cascade."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.routing.assumptions import Assumptions, Uncertainty
from core.routing.check import Check
from core.routing.controls import Control, lift_usd
from core.routing.frontier import Choice, frontier
from core.routing.metrics import aiq, delta_ibc, router_arena_score
from core.routing.misrouting import Misrouting, break_even_redone, misrouting
from core.routing.optimum import optimum
from core.routing.plan import Plan
from core.routing.simulate import Outcome
from core.routing.strategies import Comparison, compare
from core.routing.traffic import Traffic
from core.routing.waiting import Waiting, waiting


@dataclass(frozen=True)
class Published:
    """Figures of merit that papers and leaderboards use; unverified as the quality behind them.

    `aiq` is that of all plans with these models, `delta_ibc` of this one against mixing its
    simple and complex models at random. None where undefined.
    """

    aiq: float | None
    delta_ibc: float | None
    router_arena_score: float | None


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
    published: Published
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
    if choices is None:
        choices = frontier(traffic, plan, uncertainty, assumptions)
    check = plan.check or usual_check(plan)
    return Findings(
        lift_usd=lift_usd(list(controls), outcome),
        optimum_usd=best.usd_for(outcome.quality.central),
        optimum_quality=best.quality_at(outcome.planned.central),
        misrouting=None if plan.check else misrouting(traffic, plan, uncertainty),
        redone=break_even_redone(traffic, plan, outcome),
        strategies=compare(traffic, plan, check, uncertainty, assumptions, choices),
        published=_published(traffic, plan, outcome, controls, choices),
        waiting=waiting(traffic.times, plan, outcome) if traffic.times else None,
    )


def _published(
    traffic: Traffic,
    plan: Plan,
    outcome: Outcome,
    controls: Sequence[Control],
    choices: Sequence[Choice],
) -> Published:
    alone = {c.name: (c.monthly_usd, c.quality) for c in controls}
    cheap, strong = (alone[f"always {m.name}"] for m in (plan.simple, plan.complex))
    mine = outcome.planned.central, outcome.quality.central
    per_1000 = 1000 * mine[0] / traffic.monthly_queries if traffic.monthly_queries else 0.0
    return Published(
        aiq=aiq([c.usd for c in choices], [c.quality for c in choices]) if choices else None,
        delta_ibc=delta_ibc(cheap, strong, mine),
        router_arena_score=router_arena_score(mine[1], per_1000) if per_1000 > 0 else None,
    )


def usual_check(plan: Plan) -> Check:
    """The medium model as judge, or the first priced one of the others."""
    models = (plan.medium, plan.simple, plan.complex)
    return Check(next(model for model in models if model.price is not None))
