from datetime import UTC, date, datetime

import pytest

from core.errors import BadInput
from core.logs.log import Log
from core.logs.mapping import Mapping
from core.workload.bill import Bill, Month
from core.workload.reconcile import Reconciliation, reconcile

NOVEMBER = date(2026, 11, 1)


def made_log(**values: object) -> Log:
    """A log of which only these facts matter."""
    usual: dict[str, object] = dict.fromkeys(Log.__dataclass_fields__, 0)
    usual |= {"source": "generic", "warnings": (), "dropped": {}, "mapping": Mapping()}
    return Log(**usual | values)  # type: ignore[arg-type]


def month(first: int = 1, last: int = 30, of: date = NOVEMBER, **values: object) -> Month:
    """A month with calls from one day to another, 100 USD logged for 10 calls."""
    usual: dict[str, object] = {
        "first": datetime(of.year, of.month, first, 9, tzinfo=UTC),
        "last": datetime(of.year, of.month, last, 9, tzinfo=UTC),
        "calls": 10,
        "tokens": 1_000,
        "logged_usd": 100.0,
        "logged_calls": 10,
        "both_logged_usd": 100.0,
        "both_list_usd": 100.0,
    }
    return Month(**usual | values)  # type: ignore[arg-type]


def against(invoice: float, *months: Month, log: Log | None = None) -> Reconciliation:
    starts = [m.first.date().replace(day=1) if m.first else None for m in months]
    return reconcile(Bill(dict(zip(starts, months, strict=True))), invoice, log or made_log())


def words(found: Reconciliation) -> list[str]:
    return [cause.words for cause in found.causes]


def test_the_ratio_is_the_log_over_the_invoice() -> None:
    found = against(80.0, month())
    assert (found.month, found.log_usd, found.ratio) == (NOVEMBER, 100.0, 1.25)
    assert (found.first_day, found.last_day) == (date(2026, 11, 1), date(2026, 11, 30))
    assert not found.agrees
    assert found.words == (
        "The log comes to $100 in November 2026 and the invoice to $80.00: they differ, the log "
        "is 125.0% of it."
    )


def test_an_invoice_within_two_percent_agrees_and_needs_no_causes() -> None:
    assert against(101.5, month()).agrees and against(101.5, month()).causes == ()
    assert not against(103.0, month()).agrees


def test_the_month_is_the_one_the_log_covers_best_and_the_later_of_two() -> None:
    september = month(25, 30, date(2026, 9, 1), logged_usd=20.0)
    october = month(1, 31, date(2026, 10, 1), logged_usd=70.0)
    november = month(1, 20, logged_usd=50.0)
    found = against(70.0, september, october, november)
    assert (found.month, found.log_usd) == (date(2026, 10, 1), 70.0)
    assert found.months == (date(2026, 9, 1), date(2026, 10, 1), NOVEMBER)
    # without a call on its first and last days October is whole all the same
    assert against(1.0, september, month(3, 29, date(2026, 10, 1)), november).month == date(
        2026, 10, 1
    )
    assert against(1.0, month(1, 30), month(1, 31, date(2026, 12, 1))).month == date(2026, 12, 1)


def test_a_log_without_times_is_compared_as_a_whole() -> None:
    found = against(50.0, Month(logged_usd=40.0, logged_calls=1))
    assert (found.month, found.log_usd, found.first_day) == (None, 40.0, None)
    assert "as a whole (no call has a time)" in found.words


def test_part_of_a_month_is_carried_to_the_whole() -> None:
    found = against(290.0, month(1, 10))
    assert found.causes[0].words == (
        "The log covers 10 of the 30 days of November 2026: at the same rate the whole month "
        "comes to $300."
    )
    assert found.causes[0].usd == pytest.approx(200.0)


def test_the_cause_nearest_to_the_gap_comes_first() -> None:
    found = against(
        130.0, month(free_calls=3, free_list_usd=4.0, both_list_usd=104.0, failed_calls=2,
                     failed_usd=29.0)
    )  # fmt: skip
    figures = [cause.usd for cause in found.causes]
    assert figures[:2] == [29.0, 4.0]
    assert found.causes[0].words.startswith("2 calls failed or cancelled, logged at $29.00")


def test_causes_that_would_widen_the_gap_are_left_out() -> None:
    month_ = month(failed_calls=2, failed_usd=29.0, unpriced_calls=3)
    assert not [w for w in words(against(50.0, month_)) if "failed" in w or "price (" in w]
    assert [w for w in words(against(150.0, month_)) if "failed" in w]


def test_unpriced_models_are_carried_at_what_the_others_cost() -> None:
    unknown = month(unpriced_calls=1)
    unknown.unpriced_tokens["our-bot"] += 200
    found = against(125.0, unknown)
    # 200 of 1,000 tokens; the other 800 cost 100 USD
    assert found.unpriced_share == 0.2
    assert found.causes[0].usd == pytest.approx(25.0)
    assert found.causes[0].words == (
        "1 call of models without a known price (our-bot) is not in the log's spend, 20% of the "
        "tokens: at what the others cost per token about $25.00."
    )


def test_a_log_with_no_price_at_all_says_so() -> None:
    unknown = month(logged_usd=0.0, logged_calls=0, unpriced_calls=10)
    unknown.unpriced_tokens["(none)"] += 1_000
    found = against(125.0, unknown)
    assert (found.log_usd, found.ratio, found.agrees) == (None, None, False)
    assert found.words == "Nothing in the log has a cost or a known price in November 2026."
    assert (found.causes[0].words, found.causes[0].usd) == (
        "10 calls of models without a known price (no name) are not in the log's spend.",
        None,
    )


def test_twice_the_invoice_looks_like_batch_work() -> None:
    found = against(51.0, month())
    assert found.causes[0].usd == pytest.approx(-50.0)
    assert found.causes[0].words.startswith("Batch and flex work is billed at half")
    assert any("discount of 49.0%" in w for w in words(found))
    stated = against(51.0, month(), log=made_log(source="openai_usage"))
    assert not any("Batch" in w for w in words(stated))


def test_a_tax_is_named_where_it_would_fit() -> None:
    assert any(w.startswith("Tax: 19.0% on top") for w in words(against(119.0, month())))
    assert not any("Tax" in w for w in words(against(190.0, month())))


@pytest.mark.parametrize(("invoice", "sign"), [(105.0, 1), (95.0, -1)])
def test_estimates_and_cached_tokens_may_be_wrong_either_way(invoice: float, sign: int) -> None:
    found = against(
        invoice,
        month(estimated_usd=60.0, cached_tokens=5_000, cached_aside_usd=4.5),
    )
    figures = [cause.usd for cause in found.causes]
    assert figures[:2] == [pytest.approx(sign * 4.5), pytest.approx(sign * 6.0)]
    assert ("beside the input" in words(found)[0]) == (sign > 0)


def test_a_log_of_several_providers_has_several_invoices() -> None:
    both = month()
    both.by_provider_usd.update({"openai": 61, "anthropic": 39})
    found = against(60.0, both)
    assert found.causes[0].words.endswith("openai comes to $61.00.")
    assert found.causes[0].usd == pytest.approx(-39.0)


def test_a_single_absurd_cost_is_pointed_at() -> None:
    found = against(12.0, month(dearest_usd=90.0, both_list_usd=11.0))
    assert found.causes[0].usd == pytest.approx(-89.0)
    assert "$100; the list prices of those days give $11.00" in found.causes[0].words
    assert any("One call alone is logged at $90.00" in w for w in words(found))


def test_another_month_may_be_the_one_invoiced() -> None:
    october = month(9, 30, date(2026, 10, 1), logged_usd=41.0)
    found = against(40.0, october, month())
    assert found.month == NOVEMBER
    assert any("for October 2026: there the log comes to $41.00" in w for w in words(found))


def test_calls_without_a_time_are_in_no_month() -> None:
    undated = Month(calls=1, logged_usd=30.0, logged_calls=1)
    found = against(130.0, month(), undated)
    assert found.causes[0].words == "$30.00 is in no month (1 call without a time)."


def test_rows_that_are_missing_from_the_file_are_named() -> None:
    log = made_log(
        rows=50_000,
        dropped={"negative tokens": 7},
        warnings=("The log has exactly 50,000 rows, where several tools stop: it may be cut.",),
    )
    found = words(against(200.0, month(), log=log))
    assert "The log has exactly 50,000 rows, where its tool stops: it is cut." in found
    assert "Rows of the file that cannot be used are in no figure: 7 negative tokens." in found


@pytest.mark.parametrize("invoice", [0.0, -3.0, float("nan"), float("inf")])
def test_an_invoice_is_an_amount_above_zero(invoice: float) -> None:
    with pytest.raises(BadInput, match="Type what the provider charged"):
        against(invoice, month())
