"""What could go wrong with a frozen plan, worst first, with the figures that say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from core.catalog.model import Model
from core.frozen.document import PlanDocument
from core.reports.scenarios import saved_by
from core.reports.words import counted, day, listed, share, usd

OLD_DAYS: Final = 90  # judgement: list prices of frontier models moved about once a quarter
SOON: Final = timedelta(days=365)
NOTED: Final = 0.05  # a share below it is no risk worth a leader's time


def risks_of(document: PlanDocument, today: date) -> tuple[str, ...]:
    """Sentences; the first one is the main risk, and there is always one."""
    return tuple(_risks(document, today))


def models_of(document: PlanDocument) -> list[Model]:
    """The models that the plan pays for, each once: the used tiers, and who checks."""
    used = [t.model for t in document.figures.outcome.tiers if t.queries]
    if document.plan.check is not None:
        used.append(document.plan.check.model)
    return list({model.id: model for model in used}.values())


def _risks(document: PlanDocument, today: date) -> Iterator[str]:
    yield from _loss(document)
    yield from _overload(document)
    yield from _unverified(document)
    yield from _quality(document)
    yield from _check(document)
    yield from _retiring(document, today)
    yield from _left_out(document)
    yield from _prices(document, today)
    yield from _tokens(document)
    taught = document.taught
    if taught is not None and taught.enough:
        yield (
            "The outcomes are of this log: when other questions come in, they no longer vouch "
            "for the plan, so it needs a second look some weeks after the switch."
        )


def _loss(document: PlanDocument) -> Iterator[str]:
    outcome, saved = document.figures.outcome, saved_by(document)
    low = outcome.saving_share.low * outcome.baseline_usd
    if outcome.saving_usd < 0:
        yield f"It is expected to cost {usd(-outcome.saving_usd)} a month more than today."
    elif low < 0:
        yield (
            f"It may cost more than today: at the low end of its 90% range {usd(-low)} a month "
            "more."
        )
    elif saved.usd.central < 0:
        yield (
            f"The work of switching is not earned back within {counted(saved.months, 'month')}: "
            f"{usd(-saved.usd.central)} is missing."
        )
    elif saved.usd.low < 0:
        yield (
            "The work of switching may not be earned back: at the low end of the range "
            f"{usd(-saved.usd.low)} is missing after {counted(saved.months, 'month')}."
        )


def _overload(document: PlanDocument) -> Iterator[str]:
    for tier in document.figures.outcome.tiers:
        if tier.queries and (tier.utilisation or 0) > 1:
            yield (
                f"The rented endpoint of {tier.model.name} cannot keep up: it is asked for "
                f"{tier.utilisation:.1f} times what it can write."
            )


def _unverified(document: PlanDocument) -> Iterator[str]:
    taught = document.taught
    if taught is None or not taught.enough:
        yield (
            "The level of difficulty cannot be read from text with certainty, and the abilities "
            "of current models are judged. If the log is harder than it looks, the cheaper "
            "models fail more often than planned."
        )


def _quality(document: PlanDocument) -> Iterator[str]:
    outcome = document.figures.outcome
    lost = outcome.baseline_quality * (1 - outcome.quality_kept.low)
    if 1 - outcome.quality_kept.low >= NOTED and lost > 0:
        yield (
            f"At the low end of its range {100 * lost:.0f} more of 100 queries get an answer that "
            f"is not acceptable ({share(outcome.quality_kept.low)} of today's quality)."
        )


def _check(document: PlanDocument) -> Iterator[str]:
    check = document.plan.check
    if check is not None:
        known = (
            f"as {counted(check.judged, 'judged answer')} of each kind tell"
            if check.origin == "measured"
            else "a judgement from published judges, not from this log"
        )
        yield (
            f"{check.model.name} checks the cheaper answers and lets {share(check.accepts_bad)} "
            f"of those through that are not acceptable: {known}."
        )


def _retiring(document: PlanDocument, today: date) -> Iterator[str]:
    going = [m for m in models_of(document) if m.retires and m.retires <= today + SOON]
    if going:
        names = listed(f"{m.name} on {day(m.retires)}" for m in going if m.retires)
        yield f"Its provider switches off {names}: another model has to take over by then."


def _left_out(document: PlanDocument) -> Iterator[str]:
    left_out = document.figures.outcome.left_out_share
    if left_out >= NOTED:
        yield (
            f"{share(left_out)} of the log's queries went to models without a known price; the "
            "figures say nothing about them."
        )


def _prices(document: PlanDocument, today: date) -> Iterator[str]:
    age = (today - prices_since(document)).days
    if age > OLD_DAYS:
        yield f"The prices are {counted(age, 'day')} old; list prices may have moved since."


def _tokens(document: PlanDocument) -> Iterator[str]:
    log = document.log
    if log.tokens_estimated_share >= 0.5 and log.cost_logged_share < 0.5:
        yield (
            f"Tokens are estimated for {share(log.tokens_estimated_share)} of the queries, so "
            "today's bill is an estimate itself."
        )


def prices_since(document: PlanDocument) -> date:
    """The date of the oldest price that the plan rests on."""
    dates = [m.price.as_of for m in models_of(document) if m.price is not None]
    return min([*dates, document.prices_as_of])
