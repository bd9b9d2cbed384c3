"""The catalogue: every model a tier can name, with prices of one day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Final

from core.catalog.abilities import measured_abilities
from core.catalog.additions import ADDED
from core.catalog.guide import Discount, KindGuide, TierSet
from core.catalog.model import Ability, Model, ModelKind, Price
from core.catalog.overlay import Overlay, read_overlay, together
from core.catalog.prices import PRICES_READ, listed
from core.errors import BadInput
from core.places import home, shipped

OWN: Final = "models.yaml"  # in the local folder, written by a person


@dataclass(frozen=True)
class Catalogue:
    """Models by id, and what is needed to read the names in a log.

    `as_of` is the day whose list prices are in force; `read_on` the day the list was read.
    """

    models: Mapping[str, Model]
    as_of: date
    read_on: date
    list_ids: Mapping[str, str]  # "provider/id" of the price list -> model id
    aliases: Mapping[str, str]  # a name as logs spell it -> model or list id
    discounts: tuple[Discount, ...]
    kinds: tuple[KindGuide, ...]
    tier_sets: tuple[TierSet, ...]
    abilities: Mapping[str, Ability]  # measured, by the name in the public outcomes

    def get(self, model_id: str) -> Model:
        """The model with that id; BadInput when the catalogue has none."""
        model = self.models.get(model_id)
        if model is None:
            raise BadInput(
                f"no model '{model_id}'",
                where="catalogue",
                remedy="Choose one from the Models page, or add it to models.yaml",
            )
        return model

    def by_kind(self, kind: ModelKind) -> tuple[Model, ...]:
        """The models of one kind, in the catalogue's order."""
        return tuple(model for model in self.models.values() if model.kind == kind)

    def with_models(self, *models: Model) -> Catalogue:
        """A catalogue that has these models too; one with a known id takes its place."""
        return replace(self, models={**self.models, **{model.id: model for model in models}})

    def discounted(self, provider: str, price: Price | None) -> Price | None:
        """A list price after the discount negotiated with that provider, if there is one."""
        for discount in self.discounts:
            if price is not None and discount.provider == provider:
                return discount.apply(price)
        return price

    @cached_property
    def ids_by_normal_name(self) -> Mapping[str, str]:
        """Model ids by their lower-case form."""
        return {model_id.lower(): model_id for model_id in self.models}

    @property
    def default_tiers(self) -> TierSet:
        """The three models a new plan starts from."""
        return self.tier_sets[0]

    def guide(self, kind: ModelKind) -> KindGuide:
        """What that kind of model is, when to use it, and today's price gap."""
        return next(guide for guide in self.kinds if guide.kind == kind)

    def price_age_days(self, today: date) -> int:
        """Days since the list prices were true; more than 90 deserves a warning."""
        return (today - min(self.as_of, self.read_on)).days


def load_catalogue(now: date | None = None, overlay: Path | None = None) -> Catalogue:
    """The shipped models with list prices of the day `now`, and the user's own models.

    Without `now` it is the day on which the list was read, so that results do not depend
    on the clock. The user's file is `overlay`, else `models.yaml` in the local folder and what
    was added in the app, if they are there: their models replace shipped ones of the same id, and
    their discounts apply to every list price of their provider. BadInput when a file has a
    mistake.
    """
    on = now or PRICES_READ
    measured = measured_abilities()
    ours = read_overlay(shipped("catalog/models.yaml"), on, measured)
    files = [overlay] if overlay else [f for f in (home() / OWN, home() / ADDED) if f.is_file()]
    own = [read_overlay(file, on, measured) for file in files]
    return _join(ours, together(own) if own else None, on, measured)


def _join(ours: Overlay, own: Overlay | None, on: date, measured: dict[str, Ability]) -> Catalogue:
    models = {model.id: model for model in ours.models}
    catalogue = Catalogue(
        models=models,
        as_of=on,
        read_on=PRICES_READ,
        list_ids=ours.list_ids,
        aliases=ours.aliases,
        discounts=own.discounts if own else (),
        kinds=ours.kinds,
        tier_sets=ours.tier_sets,
        abilities=measured,
    )
    if own is None:
        return catalogue
    mine = {model.id: model for model in own.models}
    # A price that the user wrote is already what they pay; a discount is for list prices.
    from_list = set(ours.list_ids.values()) - set(mine) | set(own.list_ids.values())
    joined = {
        key: replace(model, price=catalogue.discounted(model.provider, model.price))
        if key in from_list
        else model
        for key, model in {**models, **mine}.items()
    }
    named = [(name, target) for name, target in own.aliases.items()]
    named += [
        (tiers.name, i)
        for tiers in own.tier_sets
        for i in (tiers.simple, tiers.medium, tiers.complex)
    ]
    for name, target in named:
        if target not in joined and not listed(*target.partition("/")[::2], on):
            raise BadInput(
                f"'{target}' is no model",
                where=f"{own.path}, {name}",
                remedy="Name a model id of the catalogue, or provider/id of the price list",
            )
    return replace(
        catalogue,
        models=joined,
        list_ids={**ours.list_ids, **own.list_ids},
        aliases={**ours.aliases, **own.aliases},
        tier_sets=own.tier_sets + ours.tier_sets,
    )
