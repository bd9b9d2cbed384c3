"""How the logs of two versions of a plan differ: the log, its model names, its volume."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.catalog.model import Model
from core.frozen.document import LogFacts, PlanDocument
from core.frozen.plan_changes import becomes
from core.frozen.sameness import is_counted_alike, is_same_log
from core.frozen.saying import called, day, instead, listed, number, percent


def log_changes(before: PlanDocument, after: PlanDocument) -> Iterator[str]:
    """Another log, or the same one counted or read anew."""
    then, now = before.log, after.log
    size = f"{called(now.name)}, {now.queries:,} queries"
    other = f"{called(then.name)}, {then.queries:,}"
    if not is_same_log(then, now):
        content = ", with other content" if _named(then) == _named(now) else ""
        yield f"Other log: {size} instead of {other}{content}"
    elif _named(then) != _named(now):
        yield f"The same log, now as {size} instead of {other}"
    elif not is_counted_alike(before, after):
        yield "The same log, its queries counted or sorted anew"
    if then.source != now.source:
        yield f"Log read as {called(now.source)} instead of {called(then.source)}"
    if (then.first_time, then.last_time) != (now.first_time, now.last_time):
        yield f"Log from {_period(now)} instead of {_period(then)}"
    if then.tokens_estimated_share != now.tokens_estimated_share:
        shares = instead(then.tokens_estimated_share, now.tokens_estimated_share, percent, "")
        yield f"Queries with estimated token counts: {shares}"
    if then.cost_logged_share != now.cost_logged_share:
        shares = instead(then.cost_logged_share, now.cost_logged_share, percent, "")
        yield f"Queries whose cost is logged: {shares}"


def name_changes(
    then: Mapping[str, Model | None], now: Mapping[str, Model | None]
) -> Iterator[str]:
    """Model names of the log that came, went, or stand for another model."""
    if come := [name for name in now if name not in then]:
        yield f"New model names in the log: {listed(come)}"
    if gone := [name for name in then if name not in now]:
        yield f"No longer in the log: {listed(gone)}"
    for name, old in then.items():
        new = now.get(name)
        if name not in now or (old.id if old else None) == (new.id if new else None):
            continue
        if old is not None and new is not None:
            yield f"What the log calls {called(name)}: {becomes(old, new)}"
        else:
            known = (f"is {called(m.name)}" if m else "is not known" for m in (new, old))
            yield f"What the log calls {called(name)} {', and before '.join(known)}"


def volume_changes(before: PlanDocument, after: PlanDocument) -> Iterator[str]:
    """Another stated volume."""
    if before.monthly_queries != after.monthly_queries:
        words = instead(before.monthly_queries, after.monthly_queries, number, "as the log tells")
        yield f"Queries a month: {words}"


def segment_changes(then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """Segments that a person calls something else."""
    for name in dict.fromkeys((*then, *now)):
        old, new = then.get(name), now.get(name)
        if old is None:
            yield f"Segment {called(name)}: called {called(new or '')}"
        elif new is None:
            yield f"Segment {called(name)}: no longer called {called(old)}"
        elif old != new:
            yield f"Segment {called(name)}: called {called(new)} instead of {called(old)}"


def _named(log: LogFacts) -> tuple[str, int]:
    return log.name, log.queries


def _period(log: LogFacts) -> str:
    if log.first_time is None or log.last_time is None:
        return "no dates"
    return f"{day(log.first_time)} to {day(log.last_time)}"
