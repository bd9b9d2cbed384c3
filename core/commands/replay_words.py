"""A replay in words, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from core.commands.result import Json, usd
from core.quality.prepare import Prepared
from core.quality.replay import Replay
from core.quality.results import Shown
from core.quality.run import Ran


def estimate_words(prepared: Prepared) -> str:
    """What a replay will do and cost, in words."""
    found = prepared.estimate
    replay = prepared.replay
    return (
        f"{len(replay.rows):,} queries to {len(replay.candidates)} models: {found.answers:,} "
        f"answers and up to {found.verdicts:,} verdicts, about ${found.usd:.2f} "
        f"(${found.low:.2f} to ${found.high:.2f}), never more than ${replay.cap_usd:.2f}. "
        f"{replay.covered:.0%} of the log's queries can be replayed."
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
        "quality": [found.plan.low, found.plan.central, found.plan.high] if found else None,
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
    yield (
        f"  plan     {found.plan.central:.0%} ({found.plan.low:.0%} to {found.plan.high:.0%}); "
        f"{replay.reference.model.name} for everything {found.reference.central:.0%}"
    )
    if found.agreement is not None:
        yield f"The judge said the same in both orders of {found.agreement:.0%} of the pairs."
    if ran.left and ran.ending != "clear":
        yield "Go on with: --resume"


def _not_spent(ran: Ran) -> float:
    """What the queries that are left would have cost."""
    return ran.spent_usd / max(ran.done + ran.failed, 1) * ran.left
