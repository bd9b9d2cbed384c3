"""From a plan and its log to a replay that can be confirmed: the sample and its price."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.catalog.model import Model
from core.quality.checks import Checks
from core.quality.estimate import Estimate, estimate_replay
from core.quality.prompts import Prompt, prompts_of
from core.quality.replay import MOST_OUTPUT, Candidate, Replay
from core.quality.sample import Frame, draw_sample
from core.routing.exports.files import slug
from core.routing.plan import Plan


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
    size: int,
    cap_usd: float,
    seed: int = 0,
    checks: Checks | None = None,
    most_output: int = MOST_OUTPUT,
) -> Prepared:
    """A sample of so many queries for the distinct models of a plan, the complex one as reference.

    Raises BadInput for a plan of one model, a model without a price, or nothing to replay.
    """
    sample = draw_sample(frame, size, seed)
    candidates = candidates_of(plan)
    prompts = prompts_of(queries, sample.row.tolist())
    judging = Candidate(judge, slug(judge))
    return Prepared(
        Replay(
            id=replay_id,
            log_digest=log_digest,
            plan=plan_name,
            candidates=candidates,
            judge=judging,
            rows=tuple(sample.row.tolist()),
            weights=tuple(sample.weight.tolist()),
            cap_usd=cap_usd,
            checks=checks or Checks(),
            most_output=most_output,
            covered=frame.covered,
        ),
        prompts,
        estimate_replay(prompts.values(), candidates, judging, most_output),
    )


def candidates_of(plan: Plan) -> tuple[Candidate, ...]:
    """The distinct models of a plan as they are called, that of the complex tier last."""
    found: dict[str, Candidate] = {}
    for model, settings in zip(plan.models.values(), plan.settings, strict=True):
        found.pop(model.id, None)  # of a model in two tiers the higher one's effort counts
        found[model.id] = Candidate(model, slug(model), settings.effort)
    return tuple(found.values())
