"""What a frozen plan asks of whoever decides: what it needs, and by when."""

from __future__ import annotations

from datetime import date

from core.economics.tuning.verdict import assess
from core.economics.tuning.words import answer
from core.frozen.document import PlanDocument
from core.reports.risks import prices_since
from core.reports.words import counted, day, usd


def needs_of(document: PlanDocument) -> str:
    """What follows from the plan: the check, the router, the work, the fine-tuning."""
    taught, growth, case = document.taught, document.growth, document.fine_tuning
    first = (
        "A router that reads the exported configuration, and a second look after some weeks."
        if taught is not None and taught.enough
        else "Before the switch a check on a few hundred of these queries; then a router that "
        "reads the exported configuration."
    )
    parts = [first]
    once, running = growth.one_off_usd.mean, growth.running_monthly_usd.mean
    if once or running:
        money = [f"{usd(once)} once"] * bool(once) + [f"{usd(running)} a month"] * bool(running)
        parts.append(f"Work and running cost: {' and '.join(money)}.")
    if case is not None:
        result = assess(case)
        parts.append(
            f"Fine-tuning on top would take {usd(result.investment_mean_usd)}. "
            f"{answer(case, result)}"
        )
    return " ".join(parts)


def by_when(document: PlanDocument, today: date, decide_by: date | None) -> str:
    """The owner's date if there is one, what a month of waiting costs, and how old prices are."""
    parts = [] if decide_by is None else [f"Decide by {day(decide_by)}{_away(decide_by, today)}."]
    running = document.growth.running_monthly_usd.mean
    forgone = document.figures.outcome.saving_usd - running
    parts.append(
        f"Each month of waiting forgoes {usd(forgone)}."
        if forgone > 0
        else "Waiting forgoes no saving."
    )
    since = prices_since(document)
    age = (today - since).days
    old = f", {counted(age, 'day')} old" if age > 0 else ""
    parts.append(f"Prices are of {day(since)}{old}.")
    return " ".join(parts)


def _away(decide_by: date, today: date) -> str:
    days = (decide_by - today).days
    if days == 0:
        return ", today"
    return f", in {counted(days, 'day')}" if days > 0 else f", {counted(-days, 'day')} ago"
