"""Two versions that were made from the same one: what each changed, and both in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from core.frozen.changes import inputs_changed
from core.frozen.document import PlanDocument
from core.frozen.freeze import refrozen

Side = Literal["theirs", "mine"]

# What belongs together: the rules are numbered in the workload that was counted with them, and
# prices, calibration and volume were read off with it.
_LOG: Final = (
    "log", "workload", "names", "monthly_queries", "learned", "segment_names", "uncertainty",
    "classifier_version", "classifier_digest", "prices_as_of",
)  # fmt: skip
_Take = Callable[[PlanDocument, PlanDocument], PlanDocument]


def _fields(*names: str) -> _Take:
    return lambda into, source: replace(into, **{name: getattr(source, name) for name in names})


def _plan(*names: str) -> _Take:
    def take(into: PlanDocument, source: PlanDocument) -> PlanDocument:
        taken = {name: getattr(source.plan, name) for name in names}
        return replace(into, plan=replace(into.plan, **taken))

    return take


def _tier(name: str, place: int) -> _Take:
    """A model with how it is called: a fallback may stand in for one model and not for another."""

    def take(into: PlanDocument, source: PlanDocument) -> PlanDocument:
        settings = list(into.plan.settings)
        settings[place] = source.plan.settings[place]
        called = (settings[0], settings[1], settings[2])
        taken = {name: getattr(source.plan, name), "settings": called}
        return replace(into, plan=replace(into.plan, **taken))

    return take


def _log(into: PlanDocument, source: PlanDocument) -> PlanDocument:
    return _plan("rules")(_fields(*_LOG)(into, source), source)


TITLES: Final[Mapping[str, str]] = {
    "simple": "Simple tier",
    "medium": "Medium tier",
    "complex": "Complex tier",
    "to_medium": "From simple to medium",
    "to_complex": "From medium to complex",
    "check": "Route or cascade",
    "log": "Log, rules and prices",
    "growth": "The coming months",
    "thrift": "Caching and batching",
    "fine_tuning": "Fine-tuning",
    "assumptions": "Assumptions",
    "note": "Note",
}
_TAKE: Final[Mapping[str, _Take]] = {
    "simple": _tier("simple", 0),
    "medium": _tier("medium", 1),
    "complex": _tier("complex", 2),
    "to_medium": _plan("to_medium"),
    "to_complex": _plan("to_complex"),
    "check": _plan("check"),
    "log": _log,
    "growth": _fields("growth"),
    "thrift": _fields("thrift"),
    "fine_tuning": _fields("fine_tuning"),
    "assumptions": _fields("assumptions"),
    "note": _fields("note"),
}


@dataclass(frozen=True)
class Part:
    """Something that at least one of the two changed, in words of its own for each.

    `suggested` is the side that changed it; where both did, and differently, `both` is true and
    a person has to choose.
    """

    name: str
    title: str
    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    both: bool
    suggested: Side


def differences(base: PlanDocument, theirs: PlanDocument, mine: PlanDocument) -> tuple[Part, ...]:
    """What the two changed since `base`; nothing of it where both changed it alike."""
    found = []
    for name, title in TITLES.items():
        take = _TAKE[name]
        with_theirs, with_mine = take(base, theirs), take(base, mine)
        if with_theirs == with_mine:
            continue
        changed = with_theirs != base, with_mine != base
        found.append(
            Part(
                name,
                title,
                inputs_changed(base, with_theirs),
                inputs_changed(base, with_mine),
                both=all(changed),
                suggested="mine" if changed[1] else "theirs",
            )
        )
    return tuple(found)


def merged(
    theirs: PlanDocument,
    mine: PlanDocument,
    choices: Mapping[str, Side],
    *,
    author: str,
    now: datetime,
) -> PlanDocument:
    """Their version with those parts of mine that were chosen, and its figures worked out anew."""
    found = theirs
    for name, side in choices.items():
        if side == "mine":
            found = _TAKE[name](found, mine)
    return refrozen(found, author=author, now=now)
