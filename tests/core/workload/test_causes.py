from datetime import date

import pytest

from core.workload.bill import Month
from core.workload.reconcile import Reconciliation

from .conftest import NOVEMBER, against, made_log, made_month


def words(found: Reconciliation) -> list[str]:
    return [cause.words for cause in found.causes]


def test_part_of_a_month_is_carried_to_the_whole() -> None:
    found = against(290.0, made_month(1, 10))
    assert found.causes[0].words == (
        "The log covers 10 of the 30 days of November 2026: at the same rate the whole month "
        "comes to $300."
    )
    assert found.causes[0].usd == pytest.approx(200.0)


def test_the_cause_nearest_to_the_gap_comes_first() -> None:
    found = against(
        130.0, made_month(free_rows=3, free_list_usd=4.0, both_list_usd=104.0, failed_rows=2,
                     failed_usd=29.0)
    )  # fmt: skip
    figures = [cause.usd for cause in found.causes]
    assert figures[:2] == [29.0, 4.0]
    assert found.causes[0].words.startswith("2 calls failed or cancelled, logged at $29.00")


def test_causes_that_would_widen_the_gap_are_left_out() -> None:
    month_ = made_month(failed_rows=2, failed_usd=29.0, unpriced_rows=3)
    assert not [w for w in words(against(50.0, month_)) if "failed" in w or "price (" in w]
    assert [w for w in words(against(150.0, month_)) if "failed" in w]


def test_unpriced_models_are_carried_at_what_the_others_cost() -> None:
    unknown = made_month(unpriced_rows=1)
    unknown.unpriced_tokens["our-bot"] += 200
    found = against(125.0, unknown)
    # 200 of 1,000 tokens; the other 800 cost 100 USD
    assert found.unpriced_share == 0.2
    assert found.causes[0].usd == pytest.approx(25.0)
    assert found.causes[0].words == (
        "1 call of models without a known price (our-bot) is not in the log's spend, 20% of the "
        "tokens: at what the others cost per token about $25.00."
    )


def test_twice_the_invoice_looks_like_batch_work() -> None:
    found = against(51.0, made_month())
    assert found.causes[0].usd == pytest.approx(-50.0)
    assert found.causes[0].words.startswith("Batch and flex work is billed at half")
    assert any("discount of 49.0%" in w for w in words(found))
    stated = against(51.0, made_month(), log=made_log(source="openai_usage"))
    assert not any("Batch" in w for w in words(stated))


def test_a_tax_is_named_where_it_would_fit() -> None:
    assert any(w.startswith("Tax: 19.0% on top") for w in words(against(119.0, made_month())))
    assert not any("Tax" in w for w in words(against(190.0, made_month())))


@pytest.mark.parametrize(("invoice", "sign"), [(105.0, 1), (95.0, -1)])
def test_estimates_and_cached_tokens_may_be_wrong_either_way(invoice: float, sign: int) -> None:
    found = against(
        invoice,
        made_month(estimated_usd=60.0, cached_tokens=5_000, cached_aside_usd=4.5),
    )
    figures = [cause.usd for cause in found.causes]
    assert figures[:2] == [pytest.approx(sign * 4.5), pytest.approx(sign * 6.0)]
    assert ("beside the input" in words(found)[0]) == (sign > 0)


def test_a_log_of_several_providers_has_several_invoices() -> None:
    both = made_month()
    both.by_provider_usd.update({"openai": 61, "anthropic": 39})
    found = against(60.0, both)
    assert found.causes[0].words.endswith("openai comes to $61.00.")
    assert found.causes[0].usd == pytest.approx(-39.0)


def test_a_single_absurd_cost_is_pointed_at() -> None:
    found = against(12.0, made_month(dearest_usd=90.0, both_list_usd=11.0))
    assert found.causes[0].usd == pytest.approx(-89.0)
    assert "$100; the list prices of those days give $11.00" in found.causes[0].words
    assert any("One call alone is logged at $90.00" in w for w in words(found))


def test_another_month_may_be_the_one_invoiced() -> None:
    october = made_month(9, 30, date(2026, 10, 1), logged_usd=41.0)
    found = against(40.0, october, made_month())
    assert found.month == NOVEMBER
    assert any("for October 2026: there the log comes to $41.00" in w for w in words(found))


def test_calls_without_a_time_are_in_no_month() -> None:
    undated = Month(rows=1, logged_usd=30.0, logged_rows=1)
    found = against(130.0, made_month(), undated)
    assert found.causes[0].words == "$30.00 is in no month (1 call without a time)."


def test_rows_that_are_missing_from_the_file_are_named() -> None:
    log = made_log(
        rows=50_000,
        dropped={"negative tokens": 7},
        warnings=("The log has exactly 50,000 rows, where several tools stop: it may be cut.",),
    )
    found = words(against(200.0, made_month(), log=log))
    assert "The log has exactly 50,000 rows, where its tool stops: it is cut." in found
    assert "Rows of the file that cannot be used are in no figure: 7 negative tokens." in found
