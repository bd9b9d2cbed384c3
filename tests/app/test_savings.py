"""Savings: the two bills over a year, and what they hinge on."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app import planning, services
from app.parts.wording import usd
from core.store.document import Figures

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Compute = Callable[..., Figures]


def digest() -> str:
    (log,) = services.known_logs()
    return log.digest


@pytest.mark.parametrize("kind", [None, "unsorted", "unpriced"])
def test_the_page_says_what_it_waits_for(open_app: Open, kind: str | None) -> None:
    app = open_app("savings", kind)
    assert len(app.info) == 1 and len(app.get("page_link")) == 1
    assert not app.metric


def test_the_year_is_the_sum_of_its_months(open_app: Open, figures: Compute) -> None:
    app = open_app("savings", "sorted")
    central = figures(digest()).central
    assert usd(central.total_saving_usd) in app.header[0].value.replace("\\", "")
    (table,) = [t.value for t in app.dataframe if "Month" in t.value.columns]
    assert len(table) == 12
    assert float(table["Saved"].sum()) == pytest.approx(central.total_saving_usd)
    assert float(table["Saved so far"].iloc[-1]) == pytest.approx(central.total_saving_usd)
    # A bill that falls 30% a year falls by the twelfth root of 0.7 a month.
    months = table["As today"].to_list()
    assert months[1] / months[0] == pytest.approx(0.7 ** (1 / 12))


def test_the_assumptions_move_the_saving(open_app: Open, words: Words, figures: Compute) -> None:
    app = open_app("savings", "sorted")
    usual = app.header[0].value
    app.number_input(key=f"growth-{digest()}").set_value(5.0).run()
    app.number_input(key=f"decline-{digest()}").set_value(0.0).run()
    app.number_input(key=f"cache-{digest()}").set_value(50.0).run()
    assert not app.exception
    changed = figures(digest(), monthly_growth=0.05, yearly_price_decline=0.0, cache_kept=0.5)
    assert usd(changed.central.total_saving_usd) in app.header[0].value.replace("\\", "")
    assert app.header[0].value != usual
    # Growth alone: the sum of 1.05^1..12 or 1.05^0..11 months of saving.
    months = [m / changed.central.saving_usd[0] for m in changed.central.saving_usd]
    assert months == pytest.approx([1.05**n for n in range(12)])


def test_the_assumptions_are_there_again_after_a_reload(open_app: Open) -> None:
    app = open_app("savings", "sorted")
    app.number_input(key=f"growth-{digest()}").set_value(5.0).run()
    again = open_app("savings", log=digest())
    assert again.number_input(key=f"growth-{digest()}").value == pytest.approx(5.0)
    assert again.header[0].value == app.header[0].value


def test_the_claim_is_held_against_this_log(open_app: Open, words: Words) -> None:
    assert "84.5%" in words(open_app("savings", "sorted"))


def test_the_claim_counts_the_checks_of_a_cascade(open_app: Open, words: Words) -> None:
    """The saving that the claim states never lies above the plan's own."""
    open_app("plan", "sorted")
    draft = planning.read_draft(digest())
    assert draft is not None
    planning.write_draft(digest(), replace(draft, cascade=True, check="gpt-4o"))
    app = open_app("savings", "sorted")
    assert not app.exception
    (claimed,) = re.findall(r"and saves (-?[0-9.]+)%|the bill grows by ([0-9.]+)%", words(app))[:1]
    saving = float(claimed[0]) if claimed[0] else -float(claimed[1])
    stated = next(m.delta for m in app.metric if m.label == "Saved in month 1")
    percent = float(re.findall(r"[0-9]+", stated)[0]) * (-1 if "more" in stated else 1)
    assert saving <= percent + 1.0
