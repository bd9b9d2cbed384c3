"""What a frozen plan takes for granted, as rows of plain text for screens and files alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from core.economics.register import MONTHS, register
from core.economics.tuning.verdict import assess
from core.economics.tuning.words import answer
from core.frozen.document import PlanDocument
from core.reports.words import amount_in, ends_in, price, settings_words, share
from core.routing.plan import Plan


class Fact(NamedTuple):
    """One thing that is assumed, its value in words, and how it is known."""

    what: str
    value: str
    known_from: str


def assumptions_of(document: PlanDocument) -> tuple[Fact, ...]:
    """Everything that the figures take for granted, with where it comes from."""
    log = document.log
    return (
        Fact("Traffic", f"{log.queries:,} queries of {log.name}", "measured"),
        *_months(document),
        Fact("Prices", f"list prices of {document.prices_as_of:%d %b %Y}", "quoted"),
        Fact("Cost in the log", f"stated for {share(log.cost_logged_share)} of queries",
             "measured"),
        Fact("Token counts", f"estimated for {share(log.tokens_estimated_share)}", "measured"),
        Fact("Cached input after a switch",
             f"{share(document.assumptions.cache_kept)} stays cached", "judgement"),
        Fact("Tokens on another model",
             f"as today, ± {share(document.assumptions.token_spread)}", "judgement"),
        Fact("Difficulty",
             f"classifier {document.classifier_version} ({document.classifier_digest[:8]}), a "
             f"log's level ± {document.uncertainty.level_sd:.1f} logits", "benchmark"),
        _strategy(document.plan),
        *_rules(document),
        *_models(document.plan),
        *_left_out(document),
    )  # fmt: skip


def fine_tuning_words(document: PlanDocument) -> str:
    """The verdict on the plan's fine-tuning case; empty without one."""
    case = document.fine_tuning
    return answer(case, assess(case)) if case else ""


def _months(document: PlanDocument) -> Iterator[Fact]:
    """What the coming months are taken to be like."""
    for entry in register(document.plan, document.growth, document.assumptions):
        if entry.group == MONTHS:
            ends = ends_in(entry.low, entry.high, entry.unit)
            value = f"{amount_in(entry.value, entry.unit)} {entry.unit}"
            yield Fact(entry.what, f"{value} ({ends})" if ends else value, entry.kind)


def _strategy(plan: Plan) -> Fact:
    """How queries find their tier."""
    if plan.check is None:
        words = (
            f"simple to medium {100 * plan.to_medium:.1f} points, medium to complex "
            f"{100 * plan.to_complex:.1f}"
        )
        return Fact("Tolerances", words, "chosen")
    check = plan.check
    words = (
        f"{check.model.name} passes {share(check.accepts_good)} of acceptable answers and "
        f"{share(check.accepts_bad)} of the others"
    )
    return Fact("Check of the cascade", words, check.origin)


def _rules(document: PlanDocument) -> Iterator[Fact]:
    """The rules on top of the tolerances, segments under the names that people gave them."""
    for number, rule in enumerate(document.plan.rules, start=1):
        if rule.test == "segment":
            rule = replace(rule, value=document.segment_names.get(rule.value, rule.value))
        elif rule.test == "customer":  # an account's id is nobody's business but the log's owner's
            rule = replace(rule, value="one of the log's accounts")
        yield Fact(f"Rule {number}", rule.words, "chosen")


def _models(plan: Plan) -> Iterator[Fact]:
    for (tier, model), settings in zip(plan.models.items(), plan.settings, strict=True):
        ability = model.ability
        yield Fact(f"{tier.capitalize()}: {model.name}", price(model), "quoted")
        if called := settings_words(settings):
            yield Fact(f"How {model.name} is called", called, "judgement")
        yield Fact(
            f"Ability of {model.name}",
            f"{ability.mean:.1f} ± {ability.sd:.1f} logits: {ability.source}",
            ability.origin,
        )


def _left_out(document: PlanDocument) -> Iterator[Fact]:
    left_out = document.figures.outcome.left_out_share
    if left_out:
        yield Fact("Left out", f"{share(left_out)} of queries, models without a price", "measured")
