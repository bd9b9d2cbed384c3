from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.catalog.catalogue import Catalogue, load_catalogue
from core.catalog.model import Model
from core.frozen.document import PlanDocument, document_from_json, document_to_json
from core.frozen.freeze import refigured
from core.frozen.moved import moved
from core.frozen.repricing import at_todays_price, repriced
from core.routing.check import Check
from core.routing.plan import Plan
from core.routing.settings import AS_LOGGED, TierSettings

from ..workload.conftest import make_model
from .conftest import BIG, NOON, SMALL, frozen

LATER = NOON + timedelta(days=30)


def listed(model: Model) -> Model:
    """The model at a price from a list."""
    assert model.price is not None
    return replace(model, price=replace(model.price, list_id=f"test/{model.id}"))


def at(model: Model, times: float) -> Model:
    assert model.price is not None
    return replace(model, price=replace(model.price.less(1 - times), discount=0.0))


LIST_BIG, LIST_SMALL = listed(BIG), listed(SMALL)
NAMES = {"big": LIST_BIG, "small": LIST_SMALL, "unknown": None}
RESTING = frozen(plan=Plan(LIST_SMALL, LIST_BIG, LIST_BIG), names=NAMES)


def catalogue(*models: Model) -> Catalogue:
    """A catalogue of only these models, on a later day."""
    known = {model.id: model for model in models}
    return replace(load_catalogue(), models=known, as_of=date(2026, 12, 23))


def again(document: PlanDocument, *models: Model) -> PlanDocument:
    return repriced(document, catalogue(*models), author="Grace", now=LATER, note="new list")


def test_the_plan_costs_what_the_list_says_today() -> None:
    half = again(RESTING, at(LIST_BIG, 0.5), at(LIST_SMALL, 0.5))
    then, now = RESTING.figures.outcome, half.figures.outcome
    # Two of the six queries state their own cost, 1/3 cent each: that is what was paid. The plan
    # leaves one of them with the model that answered it.
    logged = 0.01 / 3
    assert now.planned.central - logged == pytest.approx(
        (then.planned.central - logged) / 2, rel=1e-6
    )
    assert now.baseline_usd - 2 * logged == pytest.approx(
        (then.baseline_usd - 2 * logged) / 2, rel=1e-6
    )
    assert now.quality_kept.central == then.quality_kept.central
    assert half.prices_as_of == date(2026, 12, 23)
    assert (half.author, half.created_at, half.note) == ("Grace", LATER, "new list")


def test_everything_but_prices_stays() -> None:
    half = again(RESTING, at(LIST_BIG, 0.5))
    kept = replace(
        half,
        author=RESTING.author,
        created_at=RESTING.created_at,
        note=RESTING.note,
        prices_as_of=RESTING.prices_as_of,
        figures=RESTING.figures,
        plan=RESTING.plan,
        names=RESTING.names,
    )
    assert kept == RESTING
    assert half.plan.simple == LIST_SMALL and half.plan.medium.ability == BIG.ability
    assert [step.cause for step in moved(RESTING, half)] == ["prices"]


def test_the_same_list_gives_the_same_figures() -> None:
    same = again(RESTING, LIST_BIG, LIST_SMALL)
    assert same.figures == RESTING.figures
    assert refigured(same) == same.figures
    assert document_from_json(document_to_json(same)) == same


@pytest.mark.parametrize(
    ("model", "known", "why"),
    [
        (LIST_BIG, make_model("other"), "left the catalogue"),
        (BIG, at(LIST_BIG, 0.5), "a person stated its price"),
        (LIST_BIG, replace(BIG, price=None), "is unpriced by now"),
        (make_model("big", None, fixed=900.0), at(LIST_BIG, 0.5), "is rented"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_model_keeps_its_frozen_price_where_the_list_has_none_for_it(
    model: Model, known: Model, why: str
) -> None:
    assert at_todays_price(model, catalogue(known)) == model, why


def test_only_the_price_is_taken_from_the_catalogue() -> None:
    known = replace(at(LIST_BIG, 3.0), name="Renamed", context_window=5, fixed_monthly_usd=9.0)
    found = at_todays_price(LIST_BIG, catalogue(known))
    assert found == replace(LIST_BIG, price=known.price)


def test_the_model_that_checks_and_a_fallback_are_repriced_too() -> None:
    settings = (TierSettings(fallback=LIST_BIG), AS_LOGGED, AS_LOGGED)
    plan = Plan(LIST_SMALL, LIST_BIG, LIST_BIG, check=Check(LIST_SMALL), settings=settings)
    found = again(frozen(plan=plan, names=NAMES), at(LIST_BIG, 2.0), at(LIST_SMALL, 2.0)).plan
    assert found.check is not None and found.settings[0].fallback is not None
    assert found.check.model.price == at(LIST_SMALL, 2.0).price
    assert found.settings[0].fallback.price == at(LIST_BIG, 2.0).price
