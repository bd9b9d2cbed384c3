"""A replay in words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from core.commands.result import Json
from core.quality.prepare import Prepared
from core.quality.replay import Replay
from core.quality.results import Shown
from core.quality.run import Ran
from core.reports.words import usd
from core.routing.simulate import Range


def estimate_words(prepared: Prepared) -> str:
    """What a replay will do and cost, in words."""
    found = prepared.estimate
    replay = prepared.replay
    own = sum(replay.logged_model(prompt) is not None for prompt in prepared.prompts.values())
    against = (
        f" Held against the log's own answers for {own:,} of them."
        if own
        else f" The log keeps no answers: held against those of {replay.reference.model.name}."
    )
    return (
        f"{len(replay.rows):,} queries to {len(replay.candidates)} models: {found.answers:,} "
        f"answers and up to {found.verdicts:,} verdicts, about ${found.usd:.2f} "
        f"(${found.low:.2f} to ${found.high:.2f}), never more than ${replay.cap_usd:.2f}. "
        f"{replay.covered:.0%} of the log's queries can be replayed.{against}"
    )


def replay_json(
    ran: Ran, found: Shown | None, estimate: list[Json] | None, replay: Replay
) -> dict[str, Json]:
    """How a replay stands, for scripts."""
    return {
        "replay": replay.id,
        "estimate_usd": estimate,
        "spent_usd": ran.spent_usd,
        "doubtful_usd": ran.doubtful_usd,
        "cap_usd": replay.cap_usd,
        "ending": ran.ending,
        "done": ran.done,
        "failed": ran.failed,
        "left": ran.left,
        "agreement_of_orders": found.agreement if found else None,
        "today": _ends(found.today) if found and found.today else None,
        "models": {model: _ends(rate) for model, rate in (found.models if found else {}).items()},
        "plan_less_strongest": _ends(found.against_reference) if found else None,
        "plan_less_today": _ends(found.against_today) if found and found.against_today else None,
        "quality": _ends(found.plan) if found else None,
        "quality_by_tier": {
            tier.tier: {
                "rate": tier.quality.central,
                "low": tier.quality.low,
                "high": tier.quality.high,
                "n": tier.n,
            }
            for tier in (found.tiers if found else ())
        },
    }


def replay_lines(ran: Ran, found: Shown | None, replay: Replay) -> Iterator[str]:
    """How a replay stands, for people."""
    how = {
        "done": "Done",
        "clear": "Ended early, as the decision is clear",
        "cap": "Stopped at the cap",
        "stopped": "Stopped",
    }[ran.ending]
    yield (
        f"{how}: {ran.done:,} queries judged, {ran.failed:,} failed, {ran.left:,} left; spent "
        f"{usd(ran.spent_usd)}"
        + (f" ({usd(_not_spent(ran))} not spent)" if ran.ending == "clear" else "")
        + (f", and perhaps {usd(ran.doubtful_usd)} more" if ran.doubtful_usd else "")
        + "."
    )
    if found is None:
        return
    for tier in found.tiers:
        yield (
            f"  {tier.tier:8} {tier.quality.central:.0%} acceptable ({tier.quality.low:.0%} to "
            f"{tier.quality.high:.0%}), {tier.n} judged"
        )
    yield f"  plan     {_rate(found.plan)}"
    if found.today:
        yield f"  today    {_rate(found.today)}, the log's own answers"
    against = f"{replay.reference.model.name} {_points(found.against_reference)}"
    if found.against_today:
        against = f"today {_points(found.against_today)}, {against}"
    yield f"  the plan less: {against}"
    yield "Each model for everything:"
    for candidate in replay.candidates:
        yield f"  {candidate.model.name} {_rate(found.models[candidate.model.id])}"
    if found.agreement is not None:
        yield f"The judge said the same in both orders of {found.agreement:.0%} of the pairs."
    if ran.left and ran.ending != "clear":
        yield "Go on with: --resume"


def _ends(found: Range) -> list[Json]:
    return [found.low, found.central, found.high]


def _rate(rate: Range) -> str:
    return f"{rate.central:.0%} ({rate.low:.0%} to {rate.high:.0%})"


def _points(difference: Range) -> str:
    low, middle, high = difference.low, difference.central, difference.high
    return f"{100 * middle:+.0f} points ({100 * low:+.0f} to {100 * high:+.0f})"


def _not_spent(ran: Ran) -> float:
    """What the queries that are left would have cost."""
    return ran.spent_usd / max(ran.done + ran.failed, 1) * ran.left
