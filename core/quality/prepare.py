"""From a plan and its log to a replay that can be confirmed: the sample and its price."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.catalog.model import Model
from core.quality.checks import Checks
from core.quality.estimate import Estimate, estimate_replay
from core.quality.prompts import Prompt, prompts_of
from core.quality.replay import MOST_OUTPUT, Candidate, Replay
from core.quality.sample import Frame, Ints, draw_sample, draw_where
from core.routing.exports.files import slug
from core.routing.plan import Plan
from core.workload.pricing import Names

MAY_BE_WEAKER: Final = 0.5  # logits: judging is easier than answering


@dataclass(frozen=True)
class Prepared:
    """A replay that nobody has confirmed yet, its prompts, and what it will cost."""

    replay: Replay
    prompts: dict[int, Prompt]
    estimate: Estimate


def prepare(
    frame: Frame,
    queries: Path,
    plan: Plan,
    judge: Model,
    *,
    replay_id: str,
    log_digest: str,
    plan_name: str,
    names: Names,
    size: int,
    cap_usd: float,
    seed: int = 0,
    checks: Checks | None = None,
    most_output: int = MOST_OUTPUT,
    stop_early: bool = True,
    wanted: Mapping[str, int] | None = None,
    without: Ints | None = None,
    also: Sequence[Model] = (),
) -> Prepared:
    """A sample of so many queries for the distinct models of a plan, and `also` for others.

    `names` says which models gave the log's answers. With `wanted` the queries are drawn from
    these segments only, so many from each; `without` are rows that were replayed before.
    Raises BadInput for a plan of one model, a model without a price, or nothing to replay.
    """
    if wanted is None:
        sample = draw_sample(frame, size, seed, without=without)
    else:
        sample = draw_where(frame, wanted, seed, without=without)
    spoken_for = float(sample.weight.sum()) / max(len(frame.row), 1)
    candidates = candidates_of(plan, also)
    prompts = prompts_of(queries, sample.row.tolist())
    replay = Replay(
        id=replay_id,
        log_digest=log_digest,
        plan=plan_name,
        candidates=candidates,
        judge=Candidate(judge, slug(judge)),
        rows=tuple(sample.row.tolist()),
        weights=tuple(sample.weight.tolist()),
        cap_usd=cap_usd,
        checks=checks or Checks(),
        most_output=most_output,
        covered=frame.covered * min(spoken_for, 1.0),
        tolerances=tolerances_of(plan) if stop_early else {},
        logged=_logged(prompts.values(), names, candidates),
    )
    return Prepared(replay, prompts, estimate_replay(prompts.values(), replay))


def _logged(
    prompts: Iterable[Prompt], names: Names, candidates: Iterable[Candidate]
) -> dict[str, str]:
    """By name in the log the models whose logged answers count.

    A candidate that is called with an effort of its own would answer otherwise than it did.
    """
    other = {c.model.id for c in candidates if c.effort is not None}
    named = sorted({p.model for p in prompts if p.model and p.answer})
    found = {name: model.id if (model := names.get(name)) else name for name in named}
    return {name: model for name, model in found.items() if model not in other}


def tolerances_of(plan: Plan) -> dict[str, float]:
    """By model id what a cheaper model may lose against the complex one before a query goes up."""
    found = {plan.medium.id: plan.to_complex, plan.simple.id: plan.to_medium + plan.to_complex}
    found.pop(plan.complex.id, None)
    return found


def usual_judge(plan: Plan, models: Iterable[Model], logged: Collection[str] = ()) -> Model:
    """The cheapest model of the complex one's provider that is no candidate and hardly weaker.

    A model leans towards its own answers, so one whose answers are not in the log either is
    better still (`logged` are ids); and one server mostly has one provider's models. It is the
    complex model itself where there is no such other.
    """
    candidates = {model.id for model in plan.models.values()}
    able = plan.medium.ability.mean - MAY_BE_WEAKER
    fit = [
        model
        for model in models
        if model.provider == plan.complex.provider
        and model.id not in candidates
        and model.price is not None
        and model.retires is None
        and model.ability.mean >= able
    ]

    def rank(model: Model) -> tuple[bool, float]:
        return model.id in logged, model.price.input_usd_per_mtok if model.price else 0.0

    return min(fit, key=rank, default=plan.complex)


def candidates_of(plan: Plan, also: Sequence[Model] = ()) -> tuple[Candidate, ...]:
    """The distinct models as they are called, that of the complex tier last."""
    found = {model.id: Candidate(model, slug(model)) for model in also}
    for model, settings in zip(plan.models.values(), plan.settings, strict=True):
        found.pop(model.id, None)  # of a model in two tiers the higher one's effort counts
        found[model.id] = Candidate(model, slug(model), settings.effort)
    return tuple(found.values())
