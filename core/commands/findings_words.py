"""What stands beside a plan, as JSON and in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from core.commands.result import Json, finite, usd
from core.routing.claims import CLAIMED, MOVED
from core.routing.findings import Findings
from core.routing.plan import Plan
from core.routing.rule_effects import RuleEffect
from core.routing.simulate import Outcome
from core.routing.strategies import Comparison


def findings_json(plan: Plan, found: Findings) -> dict[str, Json]:
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
        "claims": cast(Json, asdict(found.claims)) if found.claims else None,
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


def findings_words(plan: Plan, outcome: Outcome, found: Findings) -> list[str]:
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
    if found.claims:
        claim = found.claims
        needed = (
            f"it would take {claim.moved_needed:.0%}"
            if claim.moved_needed is not None
            else "no share would do"
        )
        words.append(
            f'"{MOVED:.0%} to a cheap model saves {CLAIMED:.0%}": with {plan.simple.name} at '
            f"{claim.price_ratio:.0%} of {plan.complex.name}'s cost it saves "
            f"{claim.saved_by_moved:.0%} here; {needed}."
        )
    words.append(strategy_words(plan, found.strategies))
    return words


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
        f"{check.accepts_bad:.0%} of other answers (a {check.origin}) "
        f"would have {both.cascade_quality:.1%} acceptable for {usd(both.cascade_usd)} a month; "
        f"{both.second_calls:.0%} wait for a second answer, {both.third_calls:.0%} for a third"
    )
    accepted = (
        f"{both.accepted:.0%} of {plan.simple.name}'s answers would pass the check; trying it "
        f"first pays from {both.break_even:.0%}."
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
