"""Reads an overlay: the shipped `models.yaml`, and the user's own file of the same shape.

A model's price is either named (`list: openai/gpt-6-luna`, looked up in genai-prices),
plain (three rates with source and as_of), or missing (unpriced). The result holds models
with prices and abilities looked up; nothing here depends on the clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.catalog.abilities import judged_against, judged_by_kind, measured_for
from core.catalog.entry import Entry, read_entry
from core.catalog.guide import Discount, KindGuide, Rent, TierSet
from core.catalog.model import KINDS, Ability, Model, ModelKind, Price
from core.catalog.names import normal
from core.catalog.prices import Listing, known_provider, listed


@dataclass(frozen=True)
class Overlay:
    """What one file says: models with their list ids, aliases, discounts, kinds, tier sets."""

    path: Path
    models: tuple[Model, ...]
    list_ids: Mapping[str, str]  # "provider/id" of the price list -> model id
    aliases: Mapping[str, str]  # a name as logs spell it (normal form) -> model or list id
    discounts: tuple[Discount, ...]
    kinds: tuple[KindGuide, ...]
    tier_sets: tuple[TierSet, ...]


def read_overlay(path: Path, on: date, measured: Mapping[str, Ability]) -> Overlay:
    """The file's content with prices of that day; BadInput names file, key and remedy."""
    top = read_entry(path)
    top.only("models", "aliases", "discounts", "kinds", "tier_sets")
    models: dict[str, Model] = {}
    list_ids: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for entry in top.entries("models"):
        model, list_id = _model(entry, on, measured)
        if model.id in models:
            entry.fail("id", f"'{model.id}' is there twice", "Give each model its own id")
        models[model.id] = model
        if list_id and list_id not in list_ids:
            list_ids[list_id] = model.id
        aliases |= {normal(alias): model.id for alias in entry.texts("aliases")}
    if "aliases" in top:
        names = top.entry("aliases")
        aliases |= {normal(str(name)): names.text(str(name)) for name in names.values}
    return Overlay(
        path=path,
        models=tuple(models.values()),
        list_ids=list_ids,
        aliases=aliases,
        discounts=tuple(_discount(entry) for entry in top.entries("discounts")),
        kinds=tuple(_kind(entry) for entry in top.entries("kinds")),
        tier_sets=tuple(_tier_set(entry) for entry in top.entries("tier_sets")),
    )


def together(overlays: Sequence[Overlay]) -> Overlay:
    """Several files as one; what a later one says of the same model or provider holds."""
    models = {model.id: model for each in overlays for model in each.models}
    discounts = {d.provider: d for each in overlays for d in each.discounts}
    return Overlay(
        path=overlays[-1].path,
        models=tuple(models.values()),
        list_ids={key: value for each in overlays for key, value in each.list_ids.items()},
        aliases={key: value for each in overlays for key, value in each.aliases.items()},
        discounts=tuple(discounts.values()),
        kinds=tuple(kind for each in overlays for kind in each.kinds),
        tier_sets=tuple(tiers for each in overlays for tiers in each.tier_sets),
    )


def _model(entry: Entry, on: date, measured: Mapping[str, Ability]) -> tuple[Model, str]:
    entry.only(
        "id", "name", "provider", "kind", "price", "ability", "measured_as", "context_window",
        "retires", "fixed_monthly_usd", "rent", "note", "aliases",
    )  # fmt: skip
    model_id, kind = entry.text("id"), entry.choice("kind", KINDS)
    listing, price = _price(entry, on)
    fixed, rent = _fixed(entry)
    window = listing.context_window if listing else None
    notes = (entry.text("note", ""), rent.words if rent else "")
    model = Model(
        id=model_id,
        name=entry.text("name", listing.name if listing else model_id),
        provider=entry.text("provider", listing.provider if listing else None),
        kind=kind,
        price=price,
        ability=_ability(entry, kind, measured),
        context_window=entry.whole("context_window", 1) if "context_window" in entry else window,
        retires=entry.day("retires") if "retires" in entry else None,
        fixed_monthly_usd=fixed,
        output_tokens_per_month=rent.output_tokens_per_month if rent else None,
        note=" ".join(part for part in notes if part),
    )
    return model, f"{listing.provider}/{listing.model}" if listing else ""


def _price(entry: Entry, on: date) -> tuple[Listing | None, Price | None]:
    if "price" not in entry:
        return None, None
    price = entry.entry("price")
    if "list" in price:
        price.only("list")
        name = price.text("list")
        provider, _, model = name.partition("/")
        listing = listed(provider, model, on)
        if listing is None:
            price.fail(
                "list",
                f"'{name}' is not in the price list",
                "Write provider/id as genai-prices has them, or plain prices",
            )
        return listing, listing.price
    price.only(
        "input_usd_per_mtok", "cached_usd_per_mtok", "cache_write_usd_per_mtok",
        "output_usd_per_mtok", "source", "as_of",
    )  # fmt: skip
    fresh = price.number("input_usd_per_mtok", 0)
    return None, Price(
        input_usd_per_mtok=fresh,
        cached_usd_per_mtok=price.number("cached_usd_per_mtok", 0, fresh, default=fresh),
        output_usd_per_mtok=price.number("output_usd_per_mtok", 0),
        as_of=price.day("as_of"),
        source=price.text("source"),
        cache_write_usd_per_mtok=price.number("cache_write_usd_per_mtok", 0)
        if "cache_write_usd_per_mtok" in price
        else None,
    )


def _ability(entry: Entry, kind: ModelKind, measured: Mapping[str, Ability]) -> Ability:
    if "measured_as" in entry:
        found = measured_for(entry.text("measured_as"), measured)
        if found:
            return found
    if "ability" not in entry:
        return judged_by_kind(kind, measured)
    ability = entry.entry("ability")
    ability.only("mean", "relative_to", "offset", "sd", "source", "as_of")
    sd, source = ability.number("sd", 0.01, 5), ability.text("source")
    as_of = ability.day("as_of")
    if "mean" in ability:
        return Ability(ability.number("mean", -10, 10), sd, "judgement", source, as_of)
    anchor, offset = ability.text("relative_to"), ability.number("offset", -10, 10)
    judged = judged_against(anchor, offset, sd, source, as_of, measured)
    return judged or judged_by_kind(kind, measured)


def _fixed(entry: Entry) -> tuple[float, Rent | None]:
    """USD a month that is due without a single query, and the rent that it comes from."""
    if "rent" not in entry:
        return entry.number("fixed_monthly_usd", 0, default=0.0), None
    if "fixed_monthly_usd" in entry:
        entry.fail("rent", "there beside fixed_monthly_usd", "Keep one of the two")
    values = entry.entry("rent")
    values.only(
        "replicas", "gpus_per_replica", "gpu_usd_per_hour", "overhead_share",
        "output_tokens_per_second", "source", "as_of",
    )  # fmt: skip
    rent = Rent(
        replicas=values.whole("replicas", 1),
        gpus_per_replica=values.whole("gpus_per_replica", 1),
        gpu_usd_per_hour=values.number("gpu_usd_per_hour", 0),
        overhead_share=values.number("overhead_share", 0, 2),
        source=values.text("source"),
        as_of=values.day("as_of"),
        output_tokens_per_second=values.number("output_tokens_per_second", 0.1)
        if "output_tokens_per_second" in values
        else None,
    )
    return rent.monthly_usd, rent


def _discount(entry: Entry) -> Discount:
    entry.only("provider", "share", "source", "as_of")
    if not known_provider(entry.text("provider")):
        found = f"'{entry.text('provider')}' is not in the price list"
        entry.fail("provider", found, "Use the id of genai-prices, such as openai or x-ai")
    return Discount(
        provider=entry.text("provider"),
        share=entry.number("share", 0, 1),
        source=entry.text("source"),
        as_of=entry.day("as_of"),
    )


def _kind(entry: Entry) -> KindGuide:
    entry.only("id", "title", "what", "when", "when_not", "gap", "default_model", "source", "as_of")
    return KindGuide(
        kind=entry.choice("id", KINDS),
        title=entry.text("title"),
        what=entry.text("what"),
        when=entry.text("when"),
        when_not=entry.text("when_not"),
        gap=entry.text("gap"),
        default_model=entry.text("default_model"),
        source=entry.text("source"),
        as_of=entry.day("as_of"),
    )


def _tier_set(entry: Entry) -> TierSet:
    entry.only("name", "simple", "medium", "complex")
    return TierSet(
        entry.text("name"), entry.text("simple"), entry.text("medium"), entry.text("complex")
    )
