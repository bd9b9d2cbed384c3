from dataclasses import replace
from datetime import date, timedelta

from core.catalog.cautions import model_cautions, price_age_days
from core.catalog.model import Model

from ..workload.conftest import PRICED_ON, make_model

MODEL = make_model("small")


def on(days: int) -> date:
    return PRICED_ON + timedelta(days=days)


def retiring(days: int) -> Model:
    return replace(MODEL, retires=on(days))


def test_a_fresh_price_and_no_shutdown_need_no_caution() -> None:
    assert model_cautions(MODEL, on(90)) == []
    assert model_cautions(retiring(200), on(90)) == []


def test_a_price_over_ninety_days_old_is_flagged() -> None:
    (words,) = model_cautions(MODEL, on(91))
    assert "91 days old" in words
    assert price_age_days(make_model("free", None, fixed=1.0), on(91)) is None


def test_a_shutdown_is_flagged_when_near_and_when_past() -> None:
    (near,) = model_cautions(retiring(60), on(0))
    assert "in 60 days" in near
    (past,) = model_cautions(retiring(-1), on(0))
    assert "was shut down" in past and "choose another" in past
    assert "in 0 days" in model_cautions(retiring(0), on(0))[0]
