from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from core.logs import times

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MOMENT = datetime(2026, 10, 5, 16, 20, tzinfo=UTC)


def parse(*cells: str | None, day_first: bool = False) -> list[datetime | None]:
    return times.parse(pa.array(cells, pa.string()), day_first=day_first, now=NOW)[0].to_pylist()


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-05T16:20:00Z", "2026-10-05 16:20:00", "2026-10-05T18:20:00+02:00",
        "2026-10-05T16:20:00.0000000Z", "2026-10-05 16:20:00.0000000", '"2026-10-05T16:20:00.000Z"',
        "1791217200", "1791217200.0", "1791217200000", "1791217200000000", "1791217200000000000",
        "10/05/2026, 16:20:00", "10/05/2026 16:20", "16:20:00 05 Oct 2026",
        "Mon, 05 Oct 2026 16:20:00 GMT", "Oct 05, 2026 16:20:00", "05.10.2026 16:20:00",
        "10/05/2026, 04:20:00 PM", "2026-10-05 16:20:00 UTC", "2026/10/05 16:20:00",
    ],
)  # fmt: skip
@pytest.mark.parametrize("neighbours", [(), ("", None, "rubbish")])
def test_every_style_gives_the_same_moment(cell: str, neighbours: tuple[str | None, ...]) -> None:
    assert parse(cell, *neighbours) == [MOMENT, *[None] * len(neighbours)]


def test_the_day_goes_first_when_it_is_said_or_must() -> None:
    fifth = datetime(2026, 10, 5, tzinfo=UTC)
    assert parse("05/10/2026", day_first=True) == [fifth]
    assert parse("05/10/2026", "25/10/2026") == [
        datetime(2026, 5, 10, tzinfo=UTC),
        fifth + timedelta(20),
    ]


def test_seven_fractional_digits_keep_microseconds() -> None:
    assert parse("2023-11-16 18:17:03.9799600") == [
        datetime(2023, 11, 16, 18, 17, 3, 979960, tzinfo=UTC)
    ]


def test_absurd_times_become_null_and_are_counted_apart_from_unreadable_ones() -> None:
    cells = pa.array(["1970-01-01", "2199-01-01", "soon", "86405", "", "2026-12-24"])
    values, unreadable, absurd = times.parse(cells, day_first=False, now=NOW)
    assert [v is None for v in values.to_pylist()] == [True] * 5 + [False]
    assert (unreadable, absurd) == (2, 2)
