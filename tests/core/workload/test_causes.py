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


@pytest.mark.parametrize(
    ("facts", "rows"),
    [
        ({"rows": 50_000, "source": "portkey"}, 50_000),
        ({"rows": 50_000, "source": "generic"}, 50_000),
        ({"rows": 700, "passed_over": {"chain span": 300}, "source": "phoenix_span"}, 1_000),
    ],
)
def test_a_log_of_as_many_rows_as_an_export_may_have_is_probably_cut(
    facts: dict[str, object], rows: int
) -> None:
    log = made_log(**facts)
    said = f"The log has exactly {rows:,} rows, where tools stop: it is probably cut."
    assert said in words(against(200.0, made_month(), log=log))
    assert said not in words(against(20.0, made_month(), log=log))
    one_less = made_log(**facts | {"rows": int(str(facts["rows"])) - 1})
    assert not any("cut" in w for w in words(against(200.0, made_month(), log=one_less)))


def test_rows_that_cannot_be_used_are_named() -> None:
    found = words(against(200.0, made_month(), log=made_log(dropped={"negative tokens": 7})))
    assert "Rows of the file that cannot be used are in no figure: 7 negative tokens." in found


def test_the_other_calls_of_a_task_are_billed_and_not_in_the_log() -> None:
    found = against(150.0, made_month(), calls_per_row=1.4)
    # 0.4 further calls for each of the rows that come to 100 USD
    assert found.causes[0].usd == pytest.approx(40.0)
    assert found.causes[0].words == (
        "Each row is one of 1.4 billed calls of a task: the others, which the log does not hold, "
        "come to $40.00."
    )
    assert not any("billed calls" in w for w in words(against(80.0, made_month())))


def test_what_a_row_means_may_explain_a_log_whose_calls_nothing_ties_together() -> None:
    said = "1.50 calls per task would explain all of it."
    untold, told = made_log(repeats=None), made_log(repeats=3)
    assert any(w.endswith(said) for w in words(against(150.0, made_month(), log=untold)))
    assert not any(w.endswith(said) for w in words(against(150.0, made_month(), log=told)))
