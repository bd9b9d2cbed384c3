from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.workload.spend import monthly_factor, spend_today
from core.workload.workload import empty_workload

from .conftest import NOON, make_model, make_workload, row

# 1,000 tokens in (400 of them cached) and 100 out: (600 x 2 + 400 x 0.5 + 100 x 10) / 1e6
BIG = make_model("big", 2.0, 10.0, cached=0.5)
BIG_USD = 0.0024
CACHED = {"cache_read_tokens": 400}


def test_what_is_logged_counts_as_logged_and_the_rest_is_priced() -> None:
    found = make_workload(
        [row("1", cost_usd=0.5, **CACHED), row("2", **CACHED), row("3", **CACHED)], [0.0] * 3
    )
    spend = spend_today(found, {"big": BIG})
    assert spend.logged_usd == pytest.approx(0.5, abs=1e-12)
    assert spend.priced_usd == pytest.approx(2 * BIG_USD, abs=1e-12)
    assert spend.total_usd == pytest.approx(0.5 + 2 * BIG_USD, abs=1e-12)
    assert (spend.unpriced_queries, spend.unpriced_models) == (0, ())


@pytest.mark.parametrize("names", [{}, {"big": None}, {"big": make_model("big", None, fixed=9.0)}])
def test_a_model_without_a_price_is_unpriced_and_never_free(names: dict) -> None:  # type: ignore[type-arg]
    found = make_workload([row("1"), row("2", model="free")], [0.0, 0.0])
    spend = spend_today(found, {**names, "free": make_model("free", 0.0)})
    assert np.isnan(spend.usd[0]) and spend.usd[1] == 0.0
    assert (spend.unpriced_queries, spend.unpriced_models) == (1, ("big",))
    assert spend.total_usd == spend.priced_usd == 0.0


def test_logged_costs_need_no_price() -> None:
    found = make_workload([row("1", cost_usd=0.125, model="mystery")], [0.0])
    spend = spend_today(found, {})
    assert spend.usd.tolist() == [0.125]
    assert (spend.unpriced_queries, spend.unpriced_models) == (0, ())


def test_a_cell_with_priced_and_unpriced_queries_is_unpriced() -> None:
    found = make_workload([row("1", cost_usd=0.5), row("2")], [0.0, 0.0])
    spend = spend_today(found, {})
    assert np.isnan(spend.usd).tolist() == [True]
    assert spend.unpriced_models == ("big",)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10**6), st.floats(0, 9)), max_size=12))
def test_spend_adds_up_query_by_query(rows: list[tuple[bool, int, float]]) -> None:
    logged = [row(str(i), input_tokens=t, cost_usd=u if k else None)
              for i, (k, t, u) in enumerate(rows)]  # fmt: skip
    spend = spend_today(make_workload(logged, [i / 9 for i in range(len(rows))]), {"big": BIG})
    one_by_one = sum(u if known else BIG.price.cost_usd(t, 0, 100) for known, t, u in rows)  # type: ignore[union-attr]
    assert spend.total_usd == pytest.approx(one_by_one, abs=1e-7)


def test_what_is_written_to_the_cache_is_paid_at_its_own_price() -> None:
    writer = make_model("big", 2.0, 10.0, cached=0.5, written=2.5)
    rows = [
        row("1", cache_read_tokens=400, cache_write_tokens=500),
        row("2", cache_write_tokens=500, cost_usd=0.125),  # logged: its tokens are not priced
    ]
    found = make_workload(rows, [0.0, 0.0])
    # (100 x 2 + 400 x 0.5 + 500 x 2.5 + 100 x 10) / 1e6
    assert spend_today(found, {"big": writer}).priced_usd == pytest.approx(0.00265, abs=1e-12)
    # without a price of its own as plain input: (600 x 2 + 400 x 0.5 + 100 x 10) / 1e6
    assert spend_today(found, {"big": BIG}).priced_usd == pytest.approx(BIG_USD, abs=1e-12)


@pytest.mark.parametrize(
    ("days", "factor"),
    [(30.4375, 1.0), (10.0, 3.04375), (365.25, 1 / 12), (0.01, 1.0), (None, 1.0)],
)
def test_a_month_has_a_twelfth_of_365_and_a_quarter_days(days: float | None, factor: float) -> None:
    last = None if days is None else NOON + timedelta(days=days)
    found = make_workload([row("1"), row("2", time=last)], [0.0, 0.0])
    assert monthly_factor(found) == pytest.approx(factor)


def test_a_sample_stands_for_the_months_queries() -> None:
    found = make_workload([row("1"), row("2", time=NOON + timedelta(days=3))], [0.0, 0.0])
    assert monthly_factor(found, 500.0) == 250.0
    assert monthly_factor(empty_workload(), 500.0) == 1.0


def test_an_empty_workload_costs_nothing() -> None:
    spend = spend_today(empty_workload(), {})
    assert (spend.total_usd, spend.unpriced_queries, len(spend.usd)) == (0.0, 0, 0)
