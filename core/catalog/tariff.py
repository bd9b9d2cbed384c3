"""What a listed price was for one call: at its own moment, by its own length and service.

A plan prices sums of calls at the base rates of one day. A logged call can be priced as it was
billed: prices change from a day on (or by the hour of the day), requests above a limit of input
tokens pay another rate for all of their tokens, and batch work is mostly half price.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final, Literal

from core.catalog.model import Model, Price
from core.catalog.prices import entry_of, price_from

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice

Service = Literal["standard", "batch", "flex", "priority", "fast"]

_CONTEXTS: Final[dict[Service, dict[str, str]]] = {
    "standard": {},
    "batch": {"processing": "batch"},
    "flex": {"service_tier": "flex"},
    "priority": {"service_tier": "priority"},
    "fast": {"speed": "fast"},
}


@dataclass(frozen=True)
class Rate:
    """A price that holds for requests of more than `above` input tokens."""

    above: int
    price: Price


@dataclass(frozen=True)
class Changes:
    """When a price may change: from these days on, and at these times of every day, in UTC."""

    days: tuple[date, ...] = ()
    hours: tuple[time, ...] = ()


def rates_at(price: Price, moment: datetime, service: Service = "standard") -> tuple[Rate, ...]:
    """The rates in force at a moment, by length of the request, the base rate first.

    A price of somebody's own, and one that the list no longer has, is the same at all times.
    Where the list has no price for a service, that is the standard one. A negotiated discount is
    off all of them.
    """
    entry = entry_of(price.list_id) if price.list_id else None
    if entry is None:
        return (Rate(0, price),)
    found = _found(entry, moment, _CONTEXTS[service])
    starts = sorted(
        {tier.start for rate in vars(found).values() for tier in getattr(rate, "tiers", ())} | {0}
    )
    rates = []
    for start in starts:
        one = price_from(price.list_id, found, moment.date(), start)
        if one is None:
            return (Rate(0, price),)
        rates.append(Rate(start, one.less(price.discount) if price.discount else one))
    return tuple(rates)


def batch_price(model: Model) -> Price | None:
    """The price of work that can wait; None where it is the standard one, or none is known."""
    if model.price is None or not model.price.list_id:
        return None
    noon = datetime.combine(model.price.as_of, time(12), UTC)
    batch = rates_at(model.price, noon, "batch")[0].price
    standard = rates_at(model.price, noon)[0].price
    return batch if batch != standard else None


def _found(entry: ModelInfo, moment: datetime, context: dict[str, str]) -> ModelPrice:
    """The list's rates; those for a service also before the day on which they were entered.

    Batch work was half price for years before the list noted it. Its rates hold backwards for as
    long as the standard ones were the same.
    """
    usual = entry.get_prices(moment)
    found = entry.get_prices(moment, context) if context else usual
    if found != usual or not context:
        return found
    variants = (v for v in entry.price_variants or () if v.when == context)
    entered = (getattr(variant.constraint, "start_date", None) for variant in variants)
    later = [day for day in entered if day and day > moment.date()]
    if later:
        then = datetime.combine(min(later), moment.timetz())
        if entry.get_prices(then) == usual:
            return entry.get_prices(then, context)
    return found


def changes_of(price: Price) -> Changes:
    """Between two of these, the rates of a price are the same; none for a price of one's own."""
    entry = entry_of(price.list_id) if price.list_id else None
    if entry is None:
        return Changes()
    parts = [
        *(entry.prices if isinstance(entry.prices, list) else ()),
        *(entry.price_variants or ()),
    ]
    days: set[date] = set()
    hours: set[time] = set()
    for part in parts:
        constraint = part.constraint
        if hasattr(constraint, "start_date"):
            days.add(constraint.start_date)
        elif constraint is not None:
            hours |= {_utc(constraint.start_time), _utc(constraint.end_time)}
    return Changes(tuple(sorted(days)), tuple(sorted(hours)))


def _utc(moment: time) -> time:
    if moment.tzinfo is None:
        return moment
    return datetime.combine(date(2000, 1, 1), moment).astimezone(UTC).time()
