"""A saved plan at today's prices: the same plan and workload, its figures worked out anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.catalog.catalogue import Catalogue
from core.catalog.model import Model
from core.frozen.document import PlanDocument
from core.frozen.freeze import refrozen
from core.frozen.remodelling import names_with, plan_with


def repriced(
    document: PlanDocument, catalogue: Catalogue, *, author: str, now: datetime, note: str = ""
) -> PlanDocument:
    """The document with list prices as the catalogue has them.

    A model that left the catalogue, or whose price a person stated, keeps its frozen price. The
    models behind the logged names are repriced too, so today's bill follows where the log does
    not state its cost itself. BadInput where the document's workload is damaged.
    """

    def today(model: Model) -> Model:
        return at_todays_price(model, catalogue)

    plan, names = plan_with(document.plan, today), names_with(document.names, today)
    priced = replace(document, plan=plan, names=names, prices_as_of=catalogue.as_of)
    return refrozen(priced, author=author, now=now, note=note)


def at_todays_price(model: Model, catalogue: Catalogue) -> Model:
    """The model with the catalogue's price for its id, where its own was a list price, too."""
    known = catalogue.models.get(model.id)
    if known is None or known.price is None or model.price is None or not model.price.list_id:
        return model
    return replace(model, price=known.price)
