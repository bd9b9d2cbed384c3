"""How the money over time of two versions differs: outlook, thrift, the fine-tuning case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from typing import Final

from core.economics.estimate import Estimate
from core.economics.options import Thrift
from core.economics.outlook import INPUTS, Outlook
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.fields import GROUPS, Field
from core.frozen.saying import called, dollars, estimate, instead, number, numbers, percent

Show = Callable[[float, int], str]
_PER: Final[Mapping[str, tuple[Show, str]]] = {  # by unit: how it is shown, and its rest
    "% a month": (percent, " a month"),
    "% a year": (percent, " a year"),
    "$ a month": (dollars, " a month"),
    "$ once": (dollars, " once"),
}
_MONTHS: Final[Mapping[str, str]] = {
    "volume_plan": "Planned volume over today's, month by month",
    "season": "Season, January first",
    "weekly_ramp": "Rollout, share routed in each week",
}
_SINGLE: Final[Mapping[str, tuple[str, Show, str]]] = {
    "months": ("Horizon in months", number, ""),
    "first_month": ("Month 1 is calendar month", number, ""),
    "reprice_month": ("A successor arrives in month", number, "none"),
    "reprice_factor": ("A successor costs, of today's price", percent, ""),
    "reprice_usd": ("Work for a successor", dollars, ""),
}
_THRIFT: Final[Mapping[str, str]] = {
    "waits": "Queries that can wait for a batch",
    "repeats": "Input that repeats and could be cached",
}
_FIELDS: Final[Mapping[str, Field]] = {f.name: f for group in GROUPS.values() for f in group}
_SHAPES: Final[Mapping[str, Show]] = {"usd": dollars, "share": percent}


def outlook_changes(before: Outlook, after: Outlook) -> Iterator[str]:
    """Every input of the coming months that differs, in the words of its form."""
    for name, (what, unit) in INPUTS.items():
        then, now = getattr(before, name), getattr(after, name)
        if then != now:
            show, rest = _PER[unit]
            yield f"{what}: {instead(then, now, _range(show), '')}{rest}"
    for name, (what, show, none) in _SINGLE.items():
        then, now = getattr(before, name), getattr(after, name)
        if then != now:
            yield f"{what}: {instead(then, now, show, none)}"
    for name, what in _MONTHS.items():
        then, now = getattr(before, name), getattr(after, name)
        if then != now:
            yield f"{what}: {instead(then, now, numbers, '')}"


def thrift_changes(before: Thrift, after: Thrift) -> Iterator[str]:
    """What could be had from today's models for less."""
    for name, what in _THRIFT.items():
        then, now = getattr(before, name), getattr(after, name)
        if then != now:
            yield f"{what}: {instead(then, now, percent, '')}"


def tuning_changes(before: FineTuneCase | None, after: FineTuneCase | None) -> Iterator[str]:
    """A fine-tuning case that came or went, or its inputs that differ."""
    if before is None or after is None:
        case = after or before
        if case is not None:
            name = f" {called(case.name)}" if case.name else ""
            yield f"Fine-tuning: case{name} {'added' if after else 'removed'}"
        return
    for field in fields(FineTuneCase):
        then, now = getattr(before, field.name), getattr(after, field.name)
        if then != now:
            yield f"Fine-tuning: {_input(_FIELDS[field.name], then, now)}"


def _input(field: Field, then: object, now: object) -> str:
    what = f"{field.words[0].lower()}{field.words[1:]}"
    if isinstance(then, str) and isinstance(now, str):
        return f"{what}, {called(now) or 'empty'} instead of {called(then) or 'empty'}"
    unit = "" if field.shape in ("usd", "share") and field.unit == "USD" else f" {field.unit}"
    if field.shape == "usd":
        unit = unit.replace(" USD", "")
    return f"{what}, {instead(then, now, _shown(field), 'not given')}{unit.rstrip()}"


def _shown(field: Field) -> Callable[[object, int], str]:
    show = _SHAPES.get(field.shape, number)

    def words(value: object, digits: int) -> str:
        if isinstance(value, Estimate):
            return estimate(value, show, digits)
        return show(value, digits) if isinstance(value, int | float) else str(value)

    return words


def _range(show: Show) -> Callable[[Estimate, int], str]:
    return lambda value, digits: estimate(value, show, digits)
