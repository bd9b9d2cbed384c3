"""How the models of two versions of a plan differ: prices first, then what is known of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from itertools import chain
from typing import Final

from core.catalog.model import Ability, Model, Price
from core.complexity.scale import TIERS
from core.frozen.document import PlanDocument
from core.frozen.saying import called, day, dollars, instead, listed, number, percent, rate

_UNPRICED: Final = "unpriced"
Pair = tuple[Model, Model]


def models_by_place(document: PlanDocument) -> dict[str, Model]:
    """Every model that a document names, by where it does."""
    plan = document.plan
    found: dict[str, Model | None] = {f"{tier}": model for tier, model in plan.models.items()}
    for tier, settings in zip(TIERS, plan.settings, strict=True):
        found[f"{tier} fallback"] = settings.fallback
    found["check"] = plan.check.model if plan.check else None
    found |= {f"log: {name}": model for name, model in document.names.items()}
    return {place: model for place, model in found.items() if model is not None}


def same_models(before: PlanDocument, after: PlanDocument) -> tuple[Pair, ...]:
    """The models that both documents name, as each knew them, once each where they differ."""
    then, now = models_by_place(before), models_by_place(after)
    first = {model.id: model for model in reversed(now.values())}
    pairs = [(model, now[place]) for place, model in then.items() if place in now]
    moved = [(model, first[model.id]) for model in then.values() if model.id in first]
    found: list[Pair] = []
    for pair in chain((p for p in pairs if p[0].id == p[1].id), moved):
        if pair[0] != pair[1] and pair not in found:
            found.append(pair)
    return tuple(found)


def price_changes(before: PlanDocument, after: PlanDocument) -> Iterator[str]:
    """Other prices and rents of the same models, and the day of the list."""
    if before.prices_as_of != after.prices_as_of:
        yield f"Prices of {day(after.prices_as_of)} instead of {day(before.prices_as_of)}"
    again: dict[str, str] = {}
    for then, now in same_models(before, after):
        if then.price != now.price:
            if _only_read_again(then.price, now.price):
                assert now.price is not None
                again[called(now.name)] = day(now.price.as_of)
            else:
                yield f"{called(now.name)}: {_price(then.price, now.price)}"
        if then.fixed_monthly_usd != now.fixed_monthly_usd:
            rent = instead(then.fixed_monthly_usd, now.fixed_monthly_usd, dollars, "")
            yield f"{called(now.name)}: rent of {rent} a month"
    for when in dict.fromkeys(again.values()):
        yield f"Same price, read on {when}: {listed(n for n, d in again.items() if d == when)}"


def fact_changes(before: PlanDocument, after: PlanDocument) -> Iterator[str]:
    """What else is known of the same models."""
    for then, now in same_models(before, after):
        name = called(now.name)
        if then.ability != now.ability:
            yield f"{name}: {_ability(then.ability, now.ability)}"
        if then.context_window != now.context_window:
            window = instead(then.context_window, now.context_window, number, "an unknown number")
            yield f"{name}: context window of {window} tokens"
        if then.output_tokens_per_month != now.output_tokens_per_month:
            most = instead(
                then.output_tokens_per_month, now.output_tokens_per_month, number, "no limit"
            )
            yield f"{name}: output tokens that it can write in a month: {most}"
        if then.retires != now.retires:
            end = instead(then.retires, now.retires, lambda date, _: day(date), "no known day")
            yield f"{name}: retires on {end}"
        for field in ("name", "provider", "kind", "note"):
            old, new = getattr(then, field), getattr(now, field)
            if old != new:
                old, new = called(old) or "empty", called(new) or "empty"
                yield f"{name}: {field} {new} instead of {old}"


def _price(then: Price | None, now: Price | None) -> str:
    if then is None or now is None:
        return f"{_rates(now, now)} instead of {_rates(then, then)}"
    if _paid(then) == _paid(now):
        if then.discount != now.discount:
            return f"a discount of {instead(then.discount, now.discount, percent, '')}"
        return f"price from {called(now.source)} instead of {called(then.source)}" + (
            "" if then.source != now.source else f" ({now.list_id or 'no list'})"
        )
    return f"{_rates(now, then)} instead of {_rates(then, now)}, {_origin(now)}"


def _rates(price: Price | None, other: Price | None) -> str:
    """In and out, and of the cache what differs from the other price."""
    if price is None or other is None:
        return _UNPRICED
    for digits in (3, 6, 17):
        words, others = (_said(each, price, other, digits) for each in (price, other))
        if words != others or price == other:
            return words
    return words


def _said(price: Price, one: Price, other: Price, digits: int) -> str:
    parts = [f"{rate(price.input_usd_per_mtok, digits)} in"]
    if one.cached_usd_per_mtok != other.cached_usd_per_mtok:
        parts.append(f"{rate(price.cached_usd_per_mtok, digits)} cached")
    if one.cache_write_usd_per_mtok != other.cache_write_usd_per_mtok:
        written = price.cache_write_usd_per_mtok
        words = "as input" if written is None else rate(written, digits)
        parts.append(f"cache writes {words}")
    return ", ".join([*parts, f"{rate(price.output_usd_per_mtok, digits)} out"])


def _paid(price: Price) -> tuple[float | None, ...]:
    return (
        price.input_usd_per_mtok,
        price.cached_usd_per_mtok,
        price.output_usd_per_mtok,
        price.cache_write_usd_per_mtok,
    )


def _only_read_again(then: Price | None, now: Price | None) -> bool:
    if then is None or now is None or then.as_of == now.as_of:
        return False
    return (_paid(then), then.discount) == (_paid(now), now.discount)


def _origin(price: Price) -> str:
    words = f"{'list of' if price.list_id else 'stated on'} {day(price.as_of)}"
    return f"{words}, {percent(price.discount)} off" if price.discount else words


def _ability(then: Ability, now: Ability) -> str:
    if then.mean != now.mean:
        return f"ability {instead(then.mean, now.mean, number, '')} logits, {now.origin}"
    if then.sd != now.sd:
        return f"ability known to {instead(then.sd, now.sd, number, '')} logits"
    old, new = (f"{a.origin}, {called(a.source)}, {day(a.as_of)}" for a in (then, now))
    assert astuple(then) != astuple(now)
    return f"ability from {new} instead of {old}"
