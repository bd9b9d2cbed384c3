"""The register of assumptions: every input of a plan's money, where it is from, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from core.catalog.model import Model, Origin
from core.economics.estimate import Estimate
from core.economics.options import Thrift
from core.economics.outlook import INPUTS, PROVENANCE, Outlook
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.fields import GROUPS, source_of, value_of
from core.routing.assumptions import Assumptions
from core.routing.plan import Plan

MONTHS: Final = "The coming months"

Kind = Origin | Literal["yours", ""]


@dataclass(frozen=True)
class Entry:
    """One input. `low` and `high` are None where it is not a range; shares are fractions.

    `value` is None where nothing is given. `as_of` is a date or a month, "" where nobody noted it.
    """

    group: str
    what: str
    value: float | str | None
    low: float | None
    high: float | None
    unit: str
    kind: Kind
    source: str
    as_of: str = ""


def register(
    plan: Plan,
    outlook: Outlook,
    assumptions: Assumptions,
    *,
    thrift: Thrift | None = None,
    case: FineTuneCase | None = None,
) -> tuple[Entry, ...]:
    """Every input, in the order in which a reader would ask for them."""
    return (
        *_outlook(outlook),
        *_months(outlook),
        *_simulation(assumptions),
        *_thrift(thrift or Thrift()),
        *_plan(plan),
        *(_case(case) if case else ()),
    )


def _outlook(outlook: Outlook) -> Iterator[Entry]:
    usual = Outlook()
    for name, (what, unit) in INPUTS.items():
        value: Estimate = getattr(outlook, name)
        known = PROVENANCE[name]
        own = value != getattr(usual, name)
        yield Entry(
            MONTHS, what, value.likely, *_ends(value), unit,
            "yours" if own else known.origin, "given for this plan" if own else known.note,
        )  # fmt: skip


def _months(outlook: Outlook) -> Iterator[Entry]:
    def given(what: str, values: Iterable[float], unit: str) -> Entry:
        words = ", ".join(f"{value:g}" for value in values)
        return Entry(MONTHS, what, words, None, None, unit, "yours",
                     "given for this plan")  # fmt: skip

    yield given("Horizon", [outlook.months], "months")
    if outlook.weekly_ramp != (1.0,):
        yield given("Rollout", outlook.weekly_ramp, "of the traffic, week by week")
    if outlook.volume_plan:
        yield given("Planned volume", outlook.volume_plan, "of today's, month by month")
    if outlook.season:
        yield given("Season", outlook.season, "of an average month, January first")
        yield given("Month 1 is", [outlook.first_month], "calendar month")
    if outlook.reprice_month is not None:
        yield given("A successor arrives", [outlook.reprice_month], "month")
        yield given("and costs", [outlook.reprice_factor], "of today's price")
        yield given("for", [outlook.reprice_usd], "USD of work")


def _simulation(assumptions: Assumptions) -> Iterator[Entry]:
    kept = assumptions.cache_kept
    yield Entry(
        "The simulation", "Cached input that stays cached after a switch", kept, None, None,
        "of it", "yours" if kept else "judgement",
        "given for this plan" if kept else "a query that moves finds a cold cache",
    )  # fmt: skip
    yield Entry(
        "The simulation", "Tokens on another model", 1.0, 1 - assumptions.token_spread,
        1 + assumptions.token_spread, "of today's", "judgement",
        "another vendor counts and writes other token numbers",
    )  # fmt: skip


def _thrift(thrift: Thrift) -> Iterator[Entry]:
    for what, value in (
        ("Queries that can wait for a batch", thrift.waits),
        ("Input that repeats and could be cached", thrift.repeats),
    ):
        if value:
            yield Entry("Beside the plan", what, value, None, None, "of it", "yours",
                        "given for this plan")  # fmt: skip


def _plan(plan: Plan) -> Iterator[Entry]:
    seen: set[str] = set()
    for tier, model in plan.models.items():
        if model.id not in seen:
            seen.add(model.id)
            yield from _model(f"Models: {tier}", model)
    if plan.check is not None:
        check = plan.check
        for what, share in (
            ("Good answers that pass the check", check.accepts_good),
            ("Bad answers that pass the check", check.accepts_bad),
        ):
            source = f"{check.judged:,} answers judged" if check.judged else "published judges"
            yield Entry("The cascade", what, share, None, None, "of them", check.origin, source)


def _model(group: str, model: Model) -> Iterator[Entry]:
    if model.price is not None:
        price = model.price
        for what, usd in (
            ("input", price.input_usd_per_mtok),
            ("cached input", price.cached_usd_per_mtok),
            ("output", price.output_usd_per_mtok),
        ):
            yield Entry(
                group, f"{model.name}: {what}", usd, None, None, "USD per million tokens",
                "quoted" if price.list_id else "yours", price.source, f"{price.as_of:%Y-%m-%d}",
            )  # fmt: skip
    if model.fixed_monthly_usd:
        yield Entry(group, f"{model.name}: rent", model.fixed_monthly_usd, None, None,
                    "USD a month", "yours", model.note or "stated with the model")  # fmt: skip
    ability = model.ability
    yield Entry(
        group, f"{model.name}: ability", ability.mean, ability.mean - 1.645 * ability.sd,
        ability.mean + 1.645 * ability.sd, "logits", ability.origin, ability.source,
        _day(ability.as_of),
    )  # fmt: skip


def _case(case: FineTuneCase) -> Iterator[Entry]:
    for group, fields in GROUPS.items():
        for field in fields:
            value = value_of(case, field.name)
            known = source_of(case, field.name)
            low, high = _ends(value) if isinstance(value, Estimate) else (None, None)
            likely = value.likely if isinstance(value, Estimate) else value
            yield Entry(
                f"Fine-tuning: {group[0].lower()}{group[1:]}", field.words, likely, low, high,
                field.unit, known.kind, known.note, known.date,
            )  # fmt: skip


def _ends(value: Estimate) -> tuple[float | None, float | None]:
    return (value.low, value.high) if value.low < value.high else (None, None)


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"
