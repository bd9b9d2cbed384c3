from datetime import date

import pytest

from core.errors import BadInput
from core.workload.bill import Month

from .conftest import NOVEMBER, against, made_month


def test_the_ratio_is_the_log_over_the_invoice() -> None:
    found = against(80.0, made_month())
    assert (found.month, found.log_usd, found.ratio) == (NOVEMBER, 100.0, 1.25)
    assert (found.first_day, found.last_day) == (date(2026, 11, 1), date(2026, 11, 30))
    assert not found.agrees
    assert found.words == (
        "The log comes to $100 in November 2026, 125.0% of the invoice of $80.00."
    )


def test_an_invoice_within_two_percent_agrees_and_needs_no_causes() -> None:
    near = against(101.5, made_month())
    assert near.agrees and near.causes == () and near.words.endswith("The two agree.")
    assert not against(103.0, made_month()).agrees


def test_the_month_is_the_one_the_log_covers_best_and_the_later_of_two() -> None:
    september = made_month(25, 30, date(2026, 9, 1), logged_usd=20.0)
    october = made_month(1, 31, date(2026, 10, 1), logged_usd=70.0)
    november = made_month(1, 20, logged_usd=50.0)
    found = against(70.0, september, october, november)
    assert (found.month, found.log_usd) == (date(2026, 10, 1), 70.0)
    assert found.months == (date(2026, 9, 1), date(2026, 10, 1), NOVEMBER)
    # without a call on its first and last days October is whole all the same
    assert against(1.0, september, made_month(3, 29, date(2026, 10, 1)), november).month == date(
        2026, 10, 1
    )
    december = made_month(1, 31, date(2026, 12, 1))
    assert against(1.0, made_month(1, 30), december).month == date(2026, 12, 1)


def test_a_log_without_times_is_compared_as_a_whole() -> None:
    found = against(50.0, Month(logged_usd=40.0, logged_rows=1))
    assert (found.month, found.log_usd, found.first_day) == (None, 40.0, None)
    assert "as a whole (no call has a time)" in found.words


def test_a_log_with_no_price_at_all_says_so() -> None:
    unknown = made_month(logged_usd=0.0, logged_rows=0, unpriced_rows=10)
    unknown.unpriced_tokens["(none)"] += 1_000
    found = against(125.0, unknown)
    assert (found.log_usd, found.ratio, found.agrees) == (None, None, False)
    assert found.words == "Nothing in the log has a cost or a known price in November 2026."
    assert (found.causes[0].words, found.causes[0].usd) == (
        "10 calls of models without a known price (no name) are not in the log's spend.",
        None,
    )


@pytest.mark.parametrize("invoice", [0.0, -3.0, float("nan"), float("inf")])
def test_an_invoice_is_an_amount_above_zero(invoice: float) -> None:
    with pytest.raises(BadInput, match="Type what the provider charged"):
        against(invoice, made_month())


def test_an_invoice_like_the_rows_alone_shows_that_they_hold_whole_tasks() -> None:
    found = against(100.0, made_month(), calls_per_row=3.0)
    assert (found.agrees, found.log_usd, found.calls_per_row, found.causes) == (True, 100, 3, ())
    assert found.words.endswith("so each row already holds the cost of its whole task.")


@pytest.mark.parametrize("calls", [0.0, 0.9, -1.0, float("nan"), float("inf")])
def test_at_least_one_call_stands_behind_a_row(calls: float) -> None:
    with pytest.raises(BadInput, match="1 or more"):
        against(100.0, made_month(), calls_per_row=calls)
