"""What stands beside a plan, as JSON and in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import Final, cast

from core.catalog.model import Origin
from core.commands.result import Json, finite
from core.economics.claim import CLAIMED_SAVING
from core.economics.log_claims import MOVED, USUAL, LogClaims
from core.reports.words import usd
from core.routing.findings import Findings
from core.routing.on_labels import LabelControls
from core.routing.plan import Plan
from core.routing.rule_effects import RuleEffect
from core.routing.simulate import Outcome
from core.routing.strategies import Comparison
from core.routing.waiting import Waiting
from core.workload.windows import stepped_up, too_long
from core.workload.workload import Workload

KNOWN_FROM: Final[dict[Origin, str]] = {
    "measured": "measured",
    "quoted": "quoted",
    "benchmark": "from a benchmark",
    "judgement": "a judgement",
}


def findings_json(plan: Plan, found: Findings, claims: LogClaims | None) -> dict[str, Json]:
    """The findings for scripts; null where undefined."""
    both = found.strategies
    return {
        "strategy": plan.strategy,
        "check": {
            "model": plan.check.model.id,
            "accepts_good": plan.check.accepts_good,
            "accepts_bad": plan.check.accepts_bad,
        }
        if plan.check
        else None,
        "lift_over_controls_usd": found.lift_usd,
        "optimum": {"usd_for_quality": found.optimum_usd, "quality_at_usd": found.optimum_quality},
        "misrouted": cast(Json, asdict(found.misrouting)) if found.misrouting else None,
        "break_even_redone_share": found.redone,
        "claims": cast(Json, asdict(claims)) if claims else None,
        "published_metrics": cast(Json, asdict(found.published)),
        "waiting": cast(Json, asdict(found.waiting)) if found.waiting else None,
        "route_or_cascade": {
            "better": both.better,
            "reason": both.reason,
            "cascade_monthly_usd": both.cascade_usd,
            "cascade_quality": both.cascade_quality,
            "route_monthly_usd": both.routed.usd if both.routed else None,
            "accepted_share": both.accepted,
            "break_even_accepted_share": finite(both.break_even),
            "second_call_share": both.second_calls,
            "third_call_share": both.third_calls,
        },
    }


def findings_words(
    plan: Plan, outcome: Outcome, found: Findings, claims: LogClaims | None
) -> list[str]:
    """The findings for people."""
    words = [_lift_words(found)]
    if found.optimum_usd is not None and not plan.check:
        gap = outcome.planned.central - found.optimum_usd
        words.append(f"Any rule on the same reading could cost {usd(max(gap, 0.0))} less at most.")
    if found.misrouting:
        words.append(
            f"Expected to be sent too low {found.misrouting.too_low:.1%}, too high "
            f"{found.misrouting.too_high:.1%} of queries."
        )
    if found.redone is not None:
        words.append(
            f"The saving is gone when {found.redone:.0%} of queries have to be asked again of "
            f"{plan.complex.name}."
        )
    words += claims_words(plan, claims) if claims else []
    words.append(strategy_words(plan, found.strategies))
    if found.waiting:
        words.append(waiting_words(plan, found.waiting))
    return words


def waiting_words(plan: Plan, found: Waiting) -> str:
    """How long users wait for the answer that they get."""
    if not plan.check and len(found.taken_as_today) == found.tiers_used:
        return (
            f"How long users would wait is not known: none of these models is in the log (today "
            f"half of the answers come within {found.today_p50:.1f} s, 95 of 100 within "
            f"{found.today_p95:.1f} s)."
        )
    words = (
        f"Half of the answers come within {found.p50:.1f} s and 95 of 100 within {found.p95:.1f} s "
        f"(today {found.today_p50:.1f} and {found.today_p95:.1f})"
    )
    if plan.check:
        words += f", every check taken as {plan.check.seconds:g} s"
    unknown = [plan.models[tier].name for tier in found.taken_as_today]
    if unknown:
        names = " and ".join(dict.fromkeys(unknown))
        words += f"; how fast {names} would be is not in the log, so it is taken as today's answers"
    return f"{words}."


def label_words(found: LabelControls) -> list[str]:
    """The plan on its own labelled queries, in words; verified, as far as it goes."""
    plan, oracle = found.rows[0], found.rows[-1]
    quality, against = plan.quality, plan.against_complex
    return [
        f"Measured on {found.queries:,} labelled queries: this plan answers "
        f"{quality.central:.0%} acceptably ({quality.low:.0%} to {quality.high:.0%}), "
        f"{100 * against.central:+.1f} points ({100 * against.low:+.1f} to "
        f"{100 * against.high:+.1f}) against the complex model alone. An oracle that always knew "
        f"would reach {oracle.quality.central:.0%}. Sent too low {found.too_low:.0%}, too high "
        f"{found.too_high:.0%}. The plan learned from these same queries."
    ]


def window_words(workload: Workload, plan: Plan) -> list[str]:
    """How many queries of the log are too long for a tier's model, and where they go."""
    moved, lost = stepped_up(workload, plan.windows), too_long(workload, plan.windows)
    found = []
    if moved:
        found.append(
            f"{moved:,} queries of the log are too long for a model of the plan and go to one "
            "that can hold them."
        )
    if lost:
        found.append(
            f"{lost:,} queries of the log are too long for all three models: they need another "
            "model or shorter requests."
        )
    return found


def labels_json(found: LabelControls | None) -> Json:
    """The plan and its controls on labelled queries, for scripts; null without any."""
    if found is None:
        return None
    return {
        "queries": found.queries,
        "sent_too_low": found.too_low,
        "sent_too_high": found.too_high,
        "rows": {
            row.name: {
                "usd_per_1000": row.usd_per_1000,
                "quality": row.quality.central,
                "quality_range": [row.quality.low, row.quality.high],
                "against_complex": row.against_complex.central,
                "against_complex_range": [row.against_complex.low, row.against_complex.high],
            }
            for row in found.rows
        },
    }


def claims_words(plan: Plan, claims: LogClaims) -> list[str]:
    """What is claimed for routing, and what it comes to here."""
    everything = f"{plan.complex.name} for everything"
    return [
        f'"Routing saves {USUAL[0]:.0%} to {USUAL[1]:.0%}": this plan saves '
        f"{claims.saved_of_today:.0%} of today's bill and {claims.saved_of_complex:.0%} of that of "
        f"{everything}; to save {USUAL[0]:.0%} of the latter, "
        f"{_share_to(plan, claims.moved_for_usual)}.",
        f'"{MOVED:.0%} to a cheap model saves {CLAIMED_SAVING:.0%}": with {plan.simple.name} at '
        f"{claims.price_ratio:.0%} of {plan.complex.name}'s cost it saves "
        f"{claims.saved_by_moved:.0%} here; for {CLAIMED_SAVING:.0%}, "
        f"{_share_to(plan, claims.moved_for_claimed)}.",
    ]


def _share_to(plan: Plan, share: float | None) -> str:
    if share is None:
        return "no share would be enough"
    return f"{share:.0%} of average queries would have to go to {plan.simple.name}"


def effect_json(effect: RuleEffect) -> Json:
    """A rule with what it moves and costs, for scripts."""
    return {
        "rule": effect.rule.words,
        "monthly_queries": effect.queries,
        "moved": effect.moved,
        "monthly_usd": effect.usd,
    }


def effect_words(effect: RuleEffect) -> str:
    """A rule with what it moves and costs, per month."""
    start = f"{effect.rule.words}: fits {effect.queries:,.0f} queries a month"
    if effect.moved is None or effect.usd is None:
        return f"{start}."
    if not effect.moved:
        return f"{start} and moves none of them."
    change = f"{usd(effect.usd)} more" if effect.usd >= 0 else f"{usd(-effect.usd)} less"
    return f"{start}, moves {effect.moved:,.0f} of them, and costs {change}."


def strategy_words(plan: Plan, both: Comparison) -> str:
    """Route or cascade, which is better here and why."""
    check = both.check
    start = (
        f"A cascade whose check passes {check.accepts_good:.0%} of acceptable and "
        f"{check.accepts_bad:.0%} of other answers ({KNOWN_FROM[check.origin]}) "
        f"would have {both.cascade_quality:.1%} acceptable for {usd(both.cascade_usd)} a month; "
        f"{both.second_calls:.0%} wait for a second answer, {both.third_calls:.0%} for a third"
    )
    accepted = (
        f"{both.accepted:.0%} of {plan.simple.name}'s answers would pass the check; trying it "
        f"first pays from {both.break_even:.0%}, against going straight to {plan.medium.name}."
        if both.break_even <= 1
        else f"Trying {plan.simple.name} first never pays: with the check it costs as much as "
        f"{plan.medium.name}."
    )
    if both.routed is None:
        return f"{start}. No routing of these models reaches that quality. {accepted}"
    verdict = "better" if both.better == "cascade" else "worse"
    return (
        f"{start}. That is the {verdict} strategy here: routing reaches the same quality for "
        f"{usd(both.routed.usd)}. {accepted}"
    )


def _lift_words(found: Findings) -> str:
    if found.lift_usd is None:
        return "No control, nor any mix of controls, reaches the plan's quality."
    if found.lift_usd >= 0:
        return f"The best mix of controls of the same quality costs {usd(found.lift_usd)} more."
    return (
        f"A mix of controls reaches the same quality for {usd(-found.lift_usd)} less: the "
        "classifier earns nothing here."
    )
