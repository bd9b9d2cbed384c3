from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from core.logs.attempts import (
    MINUTES_APART,
    Asks,
    Repeats,
    asks_of,
    joined_asks,
    load_asks,
    repeats,
    share_of,
)
from core.logs.query import SCHEMA

START = datetime(2026, 10, 5, 12, tzinfo=UTC)


def table(minutes: list[float | None]) -> pa.Table:
    """Rows of the schema at these minutes after noon."""
    times = [None if m is None else START + timedelta(minutes=m) for m in minutes]
    row = {field.name: None for field in SCHEMA}
    columns = {name: [value] * len(minutes) for name, value in row.items()}
    bare = pa.schema([pa.field(field.name, field.type) for field in SCHEMA])
    return pa.table({**columns, "time": times}, schema=bare)


def attempts(
    asks: list[int | None],
    minutes: list[float | None],
    traced: list[bool] | None = None,
    at_once: int = 1_000_000,
) -> list[int] | None:
    """The numbers of rows with these fingerprints, read in two pieces."""
    told = traced or [False] * len(asks)
    half = len(asks) // 2
    parts = [
        asks_of(table(minutes[p]), (pa.array(asks[p], pa.int64()), pa.array(told[p], pa.bool_())))
        for p in (slice(0, half), slice(half, None))
    ]
    return numbers(parts, at_once)


def numbers(parts: list[Asks], at_once: int = 1_000_000) -> list[int] | None:
    asks = sum(len(part.place) for part in parts)
    found = repeats(asks, lambda n, of: [share_of(part, n, of) for part in parts], at_once)
    if found is None:
        return None
    whole = [each.numbers(0, part.rows) for each, part in zip(found, parts, strict=True)]
    return [int(number) for part in whole for number in part]


def test_the_same_ask_soon_after_is_a_repeat_and_a_later_one_is_new() -> None:
    assert attempts([7, 7, 7, 7], [0, 1, 2, 30]) == [1, 2, 3, 1]


def test_ten_minutes_from_one_call_to_the_next_are_the_limit() -> None:
    far = MINUTES_APART + 0.001
    assert attempts([7, 7, 8, 8], [0, MINUTES_APART, 0, far]) == [1, 2, 1, 1]
    assert attempts([7, 7, 7], [0, 9, 18]) == [1, 2, 3]  # each within reach of the one before


def test_other_asks_between_do_not_matter_and_rows_may_be_out_of_order() -> None:
    assert attempts([7, 8, 7, 8], [3, 0, 1, 2]) == [2, 1, 1, 2]


def test_a_trace_tells_repeats_at_any_distance_and_without_times() -> None:
    assert attempts([7, 7, 7, 7], [0, 500, None, None], [True] * 4) == [3, 4, 1, 2]


def test_without_a_time_only_a_trace_tells() -> None:
    assert attempts([7, 7], [None, None]) == [1, 1]
    assert attempts([7, 7], [0, None]) == [1, 1]


def test_rows_that_tell_nothing_are_first_calls_and_a_log_of_them_says_nothing() -> None:
    assert attempts([7, None, 7, None], [0, 0, 1, 1]) == [1, 1, 2, 1]
    assert attempts([None, None], [0, 1]) is None
    assert numbers([asks_of(table([0, 1]), None)]) is None


def test_pieces_without_fingerprints_keep_their_places() -> None:
    second = asks_of(table([0, 1]), (pa.array([5, 5], pa.int64()), pa.array([False, False])))
    assert numbers([asks_of(table([0]), None), second]) == [1, 1, 2]


def test_the_asks_compared_at_once_make_no_difference() -> None:
    dice = np.random.default_rng(5)
    asks = [None if a == 7 else int(a) for a in dice.integers(-9, 9, 400)]
    minutes: list[float | None] = dice.uniform(0, 300, 400).tolist()
    whole = attempts(asks, minutes)
    assert whole is not None and max(whole) > 3
    assert attempts(asks, minutes, at_once=30) == whole


def test_asks_that_were_kept_in_a_file_are_the_same(tmp_path: Path) -> None:
    part = asks_of(table([0, None]), (pa.array([5, None], pa.int64()), pa.array([True, False])))
    part.save(tmp_path / "asks.npz")
    again = joined_asks([load_asks(tmp_path / "asks.npz"), part])
    assert (again.rows, again.place.tolist(), again.print.tolist()) == (4, [0, 2], [5, 5])
    assert numbers([again]) == [1, 1, 2, 1]


def test_the_number_of_a_long_loop_stays_within_its_column() -> None:
    count = 33_000
    found = attempts([7] * count, [0.0] * count)
    assert found is not None and max(found) == np.iinfo(np.int16).max
    assert found[:3] == [1, 2, 3]


def test_the_numbers_of_some_rows_are_those_of_all() -> None:
    found = Repeats(np.array([5, 1]), np.array([3, 2], dtype=np.int16))
    assert found.numbers(0, 6).tolist() == [1, 2, 1, 1, 1, 3]
    assert found.numbers(4, 3).tolist() == [1, 3, 1]
