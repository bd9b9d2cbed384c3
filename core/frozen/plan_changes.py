"""How two plans differ: models per tier, tolerances, strategy and check, rules, settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from core.catalog.model import Model
from core.complexity.scale import TIERS
from core.frozen.saying import called, instead, number, percent, points
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.settings import TierSettings
from core.workload.routing_rules import RoutingRule

Show = Callable[[float, int], str]
_SHARES: Final[Mapping[str, str]] = {
    "retry_share": "calls repeated",
    "cached_share": "input read from the cache",
    "output_share": "output over what was logged",
}
_CHECKED: Final[Mapping[str, tuple[str, Show]]] = {
    "accepts_good": ("good answers that pass", percent),
    "accepts_bad": ("bad answers that pass", percent),
    "judged": ("answers judged to know it", number),
    "seconds": ("seconds that it takes", number),
}


def tier_changes(before: Plan, after: Plan) -> Iterator[str]:
    """Tiers that name another model."""
    for tier in TIERS:
        then, now = before.models[tier], after.models[tier]
        if then.id != now.id:
            yield f"{tier.capitalize()} tier: {becomes(then, now)}"


def tolerance_changes(before: Plan, after: Plan) -> Iterator[str]:
    """How much quality a cheaper tier may give up."""
    for field, step in (("to_medium", "medium"), ("to_complex", "complex")):
        then, now = getattr(before, field), getattr(after, field)
        if then != now:
            yield f"Tolerance to {step}: {instead(then, now, points, '')}"


def strategy_changes(before: Plan, after: Plan) -> Iterator[str]:
    """Route or cascade, and who checks how well."""
    then, now = before.check, after.check
    if then is None and now is not None:
        yield "Strategy: cascade instead of route"
        yield f"Check: {_check(now)}"
    elif then is not None and now is None:
        yield f"Strategy: route instead of cascade, without the check by {called(then.model.name)}"
    elif then is not None and now is not None:
        if then.model.id != now.model.id:
            yield f"Check: {becomes(then.model, now.model)}"
        for field, (what, show) in _CHECKED.items():
            old, new = getattr(then, field), getattr(now, field)
            if old != new:
                yield f"Check: {what}, {instead(old, new, show, '')}"
        if then.origin != now.origin:
            yield f"Check: known by {now.origin} instead of {then.origin}"


def rule_changes(before: Plan, after: Plan) -> Iterator[str]:
    """Rules that came, went, say something else, or are tried in another order."""
    then, now = before.rules, after.rules
    gone = [rule for rule in then if rule not in now]
    come = [rule for rule in now if rule not in then]
    for rule in come:
        old = next((each for each in gone if _condition(each) == _condition(rule)), None)
        if old is None:
            yield f"Rule added: {called(rule.words)}"
        else:
            gone.remove(old)
            yield f"Rule changed: {called(rule.words)}, instead of {_then(old)}"
    yield from (f"Rule removed: {called(rule.words)}" for rule in gone)
    if then != now and not come and sorted(map(repr, then)) == sorted(map(repr, now)):
        yield "Rules: tried in another order"
    elif then != now and len(then) != len(now) and set(then) == set(now):
        yield f"Rules: {len(now)} instead of {len(then)}, some of them twice"


def settings_changes(before: Plan, after: Plan) -> Iterator[str]:
    """How a tier calls its model."""
    for tier, then, now in zip(TIERS, before.settings, after.settings, strict=True):
        yield from (f"{tier.capitalize()} tier: {words}" for words in _settings(then, now))


def becomes(then: Model, now: Model) -> str:
    """One model in place of another, by name; by id where both have the same name."""
    if then.name == now.name:
        return f"{called(then.id)} becomes {called(now.id)}"
    return f"{called(then.name)} becomes {called(now.name)}"


def _settings(then: TierSettings, now: TierSettings) -> Iterator[str]:
    ids = [each.fallback.id if each.fallback else None for each in (then, now)]
    if ids[0] != ids[1]:
        old, new = (called(each.fallback.name) if each.fallback else "none" for each in (then, now))
        yield f"fallback {new} instead of {old}"
    if then.effort != now.effort:
        efforts = [each.effort or "as logged" for each in (now, then)]
        yield f"reasoning effort {' instead of '.join(efforts)}"
    for field, what in _SHARES.items():
        old_share, new_share = getattr(then, field), getattr(now, field)
        if old_share != new_share:
            yield f"{what}, {instead(old_share, new_share, percent, 'as logged')}"
    if then.seconds != now.seconds:
        yield f"seconds per answer, {instead(then.seconds, now.seconds, number, 'as logged')}"


def _check(check: Check) -> str:
    return (
        f"{called(check.model.name)} reads every cheaper answer and passes "
        f"{percent(check.accepts_good)} of the good and {percent(check.accepts_bad)} of the bad"
    )


def _condition(rule: RoutingRule) -> tuple[str, str]:
    return rule.test, rule.value.strip()


def _then(rule: RoutingRule) -> str:
    return rule.words.rpartition(": ")[2]
