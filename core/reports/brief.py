"""A frozen plan in the words of whoever decides: how much, how sure, what risk, what, when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from core.frozen.document import PlanDocument
from core.reports.asks import by_when, needs_of
from core.reports.risks import risks_of
from core.reports.scenarios import Saved, Scenario, saved_by, scenarios_of
from core.reports.words import (
    bill_words,
    counted,
    kept_label,
    listed,
    looks_words,
    period,
    saving_range,
    share,
    swap_words,
    usd,
)
from core.routing.controls import Control
from core.workload.workload import from_json

KEPT = 0.98  # what a single model has to keep of today's quality to be held against a plan


class KeyFigure(NamedTuple):
    """A figure with what it is called and what puts it into proportion."""

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Brief:
    """Plain sentences (no markup) and figures; any text may hold names that a stranger chose.

    `verified` says whether quality rests on enough outcomes of the team's own. `risks` are worst
    first. `needs` and `by_when` are the owner's words where there are any, else worked out.
    """

    name: str
    version: int
    author: str
    made_at: datetime
    note: str
    status: str
    headline: str
    figures: tuple[KeyFigure, KeyFigure, KeyFigure, KeyFigure]
    how_much: str
    how_sure: str
    verified: bool
    risks: tuple[str, ...]
    needs: str
    by_when: str
    decide_by: date | None
    alternative: str
    assumes: str
    scenarios: tuple[Scenario, Scenario, Scenario]
    saved: Saved
    made_with: str

    @property
    def main_risk(self) -> str:
        """The risk to name where only one is named."""
        return self.risks[0] if self.risks else "None that these figures show."


def brief_of(
    document: PlanDocument,
    *,
    name: str,
    version: int,
    today: date,
    needs: str = "",
    decide_by: date | None = None,
    status: str = "",
) -> Brief:
    """The brief of a frozen plan as of `today`; no figure is worked out anew.

    `needs`, `decide_by` and `status` (such as "Approved by ... on ...") are the owner's; without
    them the brief says what follows from the plan.
    """
    taught, saved = document.taught, saved_by(document)
    return Brief(
        name=name,
        version=version,
        author=document.author,
        made_at=document.created_at,
        note=document.note,
        status=status,
        headline=_headline(document),
        figures=_figures(document, saved),
        how_much=_how_much(document, saved),
        how_sure=_how_sure(document),
        verified=taught is not None and taught.enough,
        risks=risks_of(document, today),
        needs=needs.strip() or needs_of(document),
        by_when=by_when(document, today, decide_by),
        decide_by=decide_by,
        alternative=swap_words(_swap(document), document.figures.outcome),
        assumes=_assumes(document),
        scenarios=scenarios_of(document),
        saved=saved,
        made_with=_made_with(document),
    )


def _headline(document: PlanDocument) -> str:
    outcome = document.figures.outcome
    models = listed(t.model.name for t in outcome.tiers if t.queries)
    if not models:
        return "There are no queries to route, so there is nothing to save."
    doing = "Trying" if document.plan.check else "Routing these queries to"
    then = " in this order, with checked answers," if document.plan.check else ""
    return f"{doing} {models}{then} costs {bill_words(outcome, document.taught)}."


def _figures(
    document: PlanDocument, saved: Saved
) -> tuple[KeyFigure, KeyFigure, KeyFigure, KeyFigure]:
    outcome, kept = document.figures.outcome, document.figures.outcome.quality_kept
    return (
        KeyFigure(
            "Cost per month", usd(outcome.planned.central), f"today {usd(outcome.baseline_usd)}"
        ),
        KeyFigure("Saved per month", usd(outcome.saving_usd), saving_range(outcome.saving_share)),
        KeyFigure(
            kept_label(document.taught),
            f"{kept.central:.0%}",
            f"{share(kept.low)} to {share(kept.high)}",
        ),
        KeyFigure(
            saved.label, usd(saved.usd.central), f"{usd(saved.usd.low)} to {usd(saved.usd.high)}"
        ),
    )


def _how_much(document: PlanDocument, saved: Saved) -> str:
    outcome, over = document.figures.outcome, saved.usd
    cost = f"{usd(outcome.planned.central)} a month instead of {usd(outcome.baseline_usd)}"
    verb, amount = _saves(outcome.saving_usd)
    later, total = _saves(over.central)
    return (
        f"{cost}: it {verb} {amount} a month ({saving_range(outcome.saving_share)}). Over "
        f"{counted(saved.months, 'month')} it {later} {total} ({usd(over.low)} to "
        f"{usd(over.high)} saved{_switching(document)})."
    )


def _saves(amount: float) -> tuple[str, str]:
    return ("saves", usd(amount)) if amount >= 0 else ("costs", f"{usd(-amount)} more")


def _switching(document: PlanDocument) -> str:
    once = document.growth.one_off_usd.mean
    return f", after {usd(once)} for the work of switching" if once else ""


def _how_sure(document: PlanDocument) -> str:
    kept, taught = document.figures.outcome.quality_kept, document.taught
    expected = (
        f"Quality is expected at {kept.central:.0%} of today's ({share(kept.low)} to "
        f"{share(kept.high)}), "
    )
    if taught is not None and taught.enough:
        return f"{expected}learned from {taught.answers:,} judged answers to its own queries."
    looks = f"how {looks_words(from_json(document.workload).basis)} and judged model abilities"
    if taught is None:
        return f"{expected}read from {looks}, not from judged answers: unverified."
    return (
        f"{expected}read from {looks}; {counted(taught.paired, 'query', 'queries')} with outcomes "
        "of several models are too few: hardly verified."
    )


def _swap(document: PlanDocument) -> Control | None:
    """The cheapest single model for everything among the controls that were frozen."""
    swaps = [
        c
        for c in document.figures.controls
        if c.name.startswith("always ")
        and c.quality_kept >= KEPT
        and c.monthly_usd < document.figures.outcome.baseline_usd
    ]
    return min(swaps, key=lambda c: c.monthly_usd, default=None)


def _assumes(document: PlanDocument) -> str:
    """What the ranges are, and why a year is not twelve times the first month."""
    growth, falls = document.growth, document.growth.yearly_price_decline.likely
    grows = growth.monthly_growth.likely
    traffic = (
        "traffic follows its plan"
        if growth.volume_plan
        else f"traffic {'grows' if grows > 0 else 'shrinks'} {abs(grows):.1%} a month"
        if grows
        else "traffic stays as it is"
    )
    prices = f"list prices {'fall' if falls >= 0 else 'rise'} {abs(falls):.0%} a year"
    return (
        f"Each figure at the same end of its own 90% range. Over the months {traffic} and {prices}."
    )


def _made_with(document: PlanDocument) -> str:
    log = document.log
    return (
        f"Made with Tierwise {document.program_version} on "
        f"{counted(log.queries, 'query', 'queries')} of {log.name}, "
        f"{period(log.first_time, log.last_time)}; classifier {document.classifier_version} "
        f"({document.classifier_digest[:8]}). All figures are as they were when the plan was "
        "saved; they do not change."
    )
