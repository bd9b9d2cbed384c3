from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.workload import bill as bills
from core.workload.bill import Bill, Month, read_bill

from .conftest import Row, make_model, row, table

# 1,000 tokens in and 100 out: (1,000 x 2 + 100 x 10) / 1e6
BIG = make_model("big", 2.0, 10.0, cached=0.5)
BIG_USD = 0.003
NAMES = {"big": BIG, "rented": make_model("rented", None, fixed=9.0)}

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
LATE = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)
EARLY = datetime(2026, 11, 1, tzinfo=UTC)


def bill_of(folder: Path, rows: Sequence[Row]) -> Bill:
    pq.write_table(table(rows), folder / "queries.parquet")
    return read_bill(folder / "queries.parquet", NAMES)


def only(folder: Path, *rows: Row) -> Month:
    (month,) = bill_of(folder, rows).months.values()
    return month


def test_calls_stand_in_the_month_they_were_made_in(tmp_path: Path) -> None:
    rows = [row("1", time=EARLY), row("2", time=LATE), row("3", time=None), row("4", time=EARLY)]
    found = bill_of(tmp_path, rows)
    assert list(found.months) == [OCTOBER, NOVEMBER, None]
    assert [month.calls for month in found.months.values()] == [1, 2, 1]
    assert (found.months[OCTOBER].first, found.months[OCTOBER].last) == (LATE, LATE)
    assert found.months[None].first is None
    assert found.months[NOVEMBER].usd == pytest.approx(2 * BIG_USD)
    assert found.total.calls == 4 and found.total.usd == pytest.approx(4 * BIG_USD)
    assert (found.total.first, found.total.last) == (LATE, EARLY)


def test_what_is_logged_counts_as_logged_and_the_rest_at_list_prices(tmp_path: Path) -> None:
    found = only(tmp_path, row("1", cost_usd=0.5), row("2", cost_usd=0.0), row("3"))
    assert (found.logged_usd, found.logged_rows) == (0.5, 2)
    assert found.priced_usd == pytest.approx(BIG_USD) and found.priced_rows == 1
    assert found.usd == pytest.approx(0.5 + BIG_USD)
    # all three at list prices, and the two that also log a cost
    assert found.list_usd == pytest.approx(3 * BIG_USD) and found.list_rows == 3
    assert (found.both_logged_usd, found.both_list_usd) == (0.5, pytest.approx(2 * BIG_USD))
    assert (found.free_rows, found.free_list_usd) == (1, pytest.approx(BIG_USD))
    assert found.dearest_usd == 0.5
    assert found.by_provider_usd == {"test": pytest.approx(0.5 + BIG_USD)}


def test_what_nobody_can_price_is_counted_and_never_free(tmp_path: Path) -> None:
    rows = [row("1", model="mystery"), row("2", model="rented"), row("3", model=None), row("4")]
    found = only(tmp_path, *rows)
    assert found.unpriced_rows == 3
    assert found.unpriced_tokens == {"mystery": 1_100, "rented": 1_100, "(none)": 1_100}
    assert (found.tokens, found.unpriced_share) == (4_400, 0.75)
    assert found.usd == pytest.approx(BIG_USD)
    nothing = only(tmp_path, *rows[:3])
    assert nothing.usd is None and bill_of(tmp_path, rows[:3]).list_usd is None


def test_calls_that_failed_stand_apart(tmp_path: Path) -> None:
    found = only(
        tmp_path,
        row("1"),
        row("2", status="error", cost_usd=0.25),
        row("3", status="cancelled", time=datetime(2026, 11, 30, tzinfo=UTC)),
        row("4", status="error", model="mystery"),
    )
    assert found.calls == 1 and found.usd == pytest.approx(BIG_USD)
    assert (found.failed_rows, found.failed_usd) == (3, 0.25)
    assert found.failed_list_usd == pytest.approx(BIG_USD)
    assert found.last == datetime(2026, 11, 2, 12, tzinfo=UTC)


def test_estimated_tokens_and_cached_ones_are_told_apart(tmp_path: Path) -> None:
    found = only(
        tmp_path,
        row("1", input_estimated=True),
        row("2", output_estimated=True, cost_usd=1.0),  # logged: the estimate costs nothing
        row("3", cache_read_tokens=400),  # 600 x 2 + 400 x 0.5 + 100 x 10
        row("4", cache_read_tokens=400, cost_usd=1.0),
    )
    assert found.estimated_usd == pytest.approx(BIG_USD)
    assert found.priced_usd == pytest.approx(BIG_USD + 0.0024)
    # were they beside the input: 1,000 x 2 + 400 x 0.5 + 100 x 10, so 400 x 2 more
    assert (found.cached_tokens, found.cached_aside_usd) == (400, pytest.approx(0.0008))


def test_sums_of_many_calls_count_their_calls(tmp_path: Path) -> None:
    found = only(tmp_path, row("1", requests=40), row("2", requests=2, cost_usd=3.0))
    assert (found.calls, found.rows, found.logged_rows, found.priced_rows) == (42, 2, 1, 1)
    uncounted = only(tmp_path, row("1", requests=0))
    assert uncounted.calls == 0 and uncounted.usd == pytest.approx(BIG_USD)


def test_a_line_that_counts_requests_alone_costs_nothing_and_misses_nothing(
    tmp_path: Path,
) -> None:
    found = only(tmp_path, row("1", model="mystery", input_tokens=None, output_tokens=None))
    assert (found.usd, found.unpriced_rows, found.unpriced_share) == (None, 0, 0.0)


@settings(max_examples=20, deadline=None)
@given(
    rows=st.lists(
        st.builds(
            row,
            st.just("x"),
            model=st.sampled_from(["big", "mystery"]),
            time=st.sampled_from([None, LATE, EARLY]),
            status=st.sampled_from(["ok", "error"]),
            cost_usd=st.sampled_from([None, 0.0, 0.25]),
            cache_read_tokens=st.sampled_from([0, 300]),
            cache_write_tokens=st.sampled_from([0, 700]),
        ),
        min_size=1,
        max_size=9,
    )
)
def test_reading_in_pieces_makes_no_difference(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row]
) -> None:
    folder = tmp_path_factory.mktemp("bill")
    at_once = bill_of(folder, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bills, "CHUNK_ROWS", 2)
        pieces = bill_of(folder, rows)
    assert list(pieces.months) == list(at_once.months)
    for start, month in at_once.months.items():
        for name, value in vars(month).items():
            other = getattr(pieces.months[start], name)
            sums = isinstance(value, float | dict)  # in another order they differ by a hair
            assert other == (pytest.approx(value) if sums else value), name


def test_a_log_without_rows_comes_to_nothing(tmp_path: Path) -> None:
    found = bill_of(tmp_path, [])
    assert found.months == {} and found.total.usd is None and found.list_usd is None
    assert found.total.unpriced_share == 0.0
