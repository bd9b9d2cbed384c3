"""Fine-tuning: whether it pays back after routing, and what would change that."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from app import services
from app.parts.case_form import fresh_case
from app.parts.wording import months, usd
from core.economics.finetune import FineTuneResult, assess
from core.store.document import Figures

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Compute = Callable[..., Figures]


def digest() -> str:
    (log,) = services.known_logs()
    return log.digest


def result_of(figures: Compute, **changes: float) -> FineTuneResult:
    """What core says of the usual case on the log's bill after routing."""
    outcome = figures(digest()).outcome
    left_over = outcome.planned.central / outcome.baseline_usd
    case = fresh_case(round(outcome.baseline_usd, 2), left_over)
    return assess(replace(case, **changes))


@pytest.mark.parametrize("kind", [None, "unsorted", "unpriced"])
def test_the_page_says_what_it_waits_for(open_app: Open, kind: str | None) -> None:
    app = open_app("fine_tuning", kind)
    assert len(app.info) == 1 and len(app.get("page_link")) == 1
    assert not app.metric and not app.slider


def test_a_small_bill_cannot_pay_for_training(
    open_app: Open, words: Words, figures: Compute
) -> None:
    app = open_app("fine_tuning", "sorted")
    result = result_of(figures)
    assert result.sustained_payback_months is None
    assert "not pay back" in app.header[0].value
    said = words(app)
    assert usd(result.investment_likely_usd) in said
    assert months(result.textbook_payback_months) in said


def test_a_large_bill_pays_back_and_says_when(
    open_app: Open, words: Words, figures: Compute
) -> None:
    app = open_app("fine_tuning", "sorted")
    app.number_input(key=f"bill-{digest()}").set_value(5_000_000.0).run()
    assert not app.exception
    result = result_of(figures, current_monthly_usd=5_000_000.0)
    assert result.sustained_payback_months is not None
    assert f"{result.sustained_payback_months:.1f} months" in app.header[0].value
    # The textbook figure by hand: investment over half the bill times (1 - 1 / times cheaper).
    textbook = result.textbook_payback_months
    assert textbook is not None and months(textbook) in words(app)
    usual = app.header[0].value
    app.slider(key=f"slice-{digest()}").set_value(1).run()
    assert app.header[0].value != usual


def test_the_case_is_there_again_after_a_reload(open_app: Open) -> None:
    app = open_app("fine_tuning", "sorted")
    app.number_input(key=f"bill-{digest()}").set_value(750_000.0)
    app.number_input(key=f"life-{digest()}").set_value(36).run()
    again = open_app("fine_tuning", log=digest())
    assert again.number_input(key=f"bill-{digest()}").value == 750_000.0
    assert again.number_input(key=f"life-{digest()}").value == 36
    assert again.header[0].value == app.header[0].value


def test_an_empty_bill_is_answered_without_a_payback(open_app: Open) -> None:
    app = open_app("fine_tuning", "sorted")
    app.number_input(key=f"bill-{digest()}").set_value(0.0).run()
    assert not app.exception
    assert app.error or "not pay back" in app.header[0].value
