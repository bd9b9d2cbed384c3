from datetime import UTC, date, datetime

import pytest

from core.workload.aggregate import BASELINE_COLUMNS, Amounts, baseline
from core.workload.workload import UNNAMED

from .conftest import make_model, row, table

OCTOBER, NOVEMBER = (datetime(2026, month, 3, tzinfo=UTC) for month in (10, 11))
NAMES = {"big": make_model("big", 2.0, 10.0), "small": make_model("small", 1.0, 1.0), "odd": None}

ROWS = [
    row("1", time=OCTOBER, model="big", requests=100, input_tokens=1_000_000, output_tokens=0,
        cost_usd=1.5),
    row("2", time=NOVEMBER, model="big", requests=50, input_tokens=500_000, output_tokens=100_000),
    row("3", time=NOVEMBER, model="small", requests=7, input_tokens=3_000_000,
        cache_read_tokens=1_000_000, cache_write_tokens=500_000, output_tokens=1_000_000,
        cost_usd=4.0),
    row("4", time=None, model=None, requests=3, input_tokens=None, output_tokens=None,
        cost_usd=0.25),
    row("5", time=NOVEMBER, model="odd", requests=1_000, input_tokens=10, output_tokens=10),
    row("6", time=NOVEMBER, model="big", requests=9, cost_usd=99.0, status="error"),
]  # fmt: skip


def test_sums_by_model_count_calls_and_not_rows() -> None:
    found = baseline(table(ROWS), NAMES)
    assert list(found.by_model) == ["small", "big", UNNAMED, "odd"]  # dearest first
    # big: 1 million in at 2 USD; half a million in and 0.1 million out at 2 and 10 USD
    assert found.by_model["big"] == Amounts(
        requests=150,
        input_tokens=1_500_000,
        cache_read_tokens=0,
        cache_write_tokens=0,
        output_tokens=100_000,
        logged_usd=1.5,
        logged_requests=100,
        list_usd=pytest.approx(2.0 + 1.0 + 1.0),
        listed_requests=150,
    )
    small = found.by_model["small"]
    assert (small.requests, small.cache_read_tokens, small.cache_write_tokens) == (
        7, 1_000_000, 500_000,
    )  # fmt: skip
    assert small.list_usd == pytest.approx(4.0)


def test_what_is_not_said_is_none_and_never_zero() -> None:
    found = baseline(table(ROWS), NAMES)
    unnamed, odd = found.by_model[UNNAMED], found.by_model["odd"]
    assert (unnamed.input_tokens, unnamed.output_tokens, unnamed.list_usd) == (None, None, None)
    assert (unnamed.logged_usd, unnamed.requests) == (0.25, 3)
    assert (odd.logged_usd, odd.list_usd, odd.listed_requests, odd.requests) == (
        None, None, 0, 1_000,
    )  # fmt: skip


def test_sums_by_month_are_in_order_with_the_undated_last() -> None:
    found = baseline(table(ROWS), NAMES)
    assert list(found.by_month) == [date(2026, 10, 1), date(2026, 11, 1), None]
    assert [a.requests for a in found.by_month.values()] == [100, 1_057, 3]
    assert found.by_month[date(2026, 11, 1)].logged_usd == 4.0


@pytest.mark.parametrize("part", ["by_model", "by_month"])
def test_the_parts_add_up_to_the_total(part: str) -> None:
    found = baseline(table(ROWS), NAMES)
    parts = getattr(found, part).values()
    for name in ("requests", "input_tokens", "output_tokens", "logged_usd", "list_usd"):
        added = sum(getattr(amounts, name) or 0 for amounts in parts)
        assert getattr(found.total, name) == pytest.approx(added)
    assert (found.total.requests, found.total.logged_usd) == (1_160, 5.75)  # no failed call


def test_the_named_columns_are_enough() -> None:
    rows = table(ROWS)
    assert baseline(rows.select(BASELINE_COLUMNS), NAMES) == baseline(rows, NAMES)


def test_nothing_comes_to_nothing() -> None:
    found = baseline(table([row("1", status="error")]), NAMES)
    assert found.total == Amounts(0, None, 0, 0, None, None, 0, None, 0)
    assert (found.by_model, found.by_month) == ({}, {})
