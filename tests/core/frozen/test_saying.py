from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics.estimate import Estimate
from core.frozen.saying import (
    LONGEST,
    called,
    day,
    dollars,
    estimate,
    instead,
    listed,
    number,
    percent,
    points,
    rate,
    usd,
)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (usd(0.0), "$0.00"),
        (usd(0.004), "under $0.01"),
        (usd(-12.5), "-$12.50"),
        (usd(99.996), "$100"),
        (usd(1234.5), "$1,234"),
        (rate(0.05), "$0.05"),
        (rate(2.0), "$2.00"),
        (rate(0.1875), "$0.1875"),
        (rate(3.125), "$3.125"),
        (dollars(1200.0), "$1,200"),
        (dollars(0.5), "$0.50"),
        (dollars(1e-6), "$1e-06"),
        (percent(0.3), "30%"),
        (percent(0.025), "2.5%"),
        (points(0.05), "5 points"),
        (points(0.01), "1 point"),
        (number(12_345.678), "12,346"),
        (number(0.12345), "0.123"),
        (day(date(2026, 11, 1)), "1 Nov 2026"),
        (day(datetime(2026, 11, 30, 23, tzinfo=UTC)), "30 Nov 2026"),
        (estimate(Estimate(0, 0.02, 0.05), percent), "2% (0% to 5%)"),
        (estimate(Estimate.exactly(0.02), percent), "2%"),
        (listed(["a", "b"]), "a, b"),
        (listed("abcdefgh"), "a, b, c, d and 4 more"),
        (called("two\nlines\t and   spaces"), "two lines and spaces"),
        (instead(None, 2.0, number, "none"), "2 instead of none"),
        (instead(1 / 3, 1 / 3 + 1e-8, number, ""), "0.333333343 instead of 0.333333333"),
    ],
)
def test_a_value_in_words(said: str, words: str) -> None:
    assert said == words


@given(st.text())
def test_a_name_is_one_short_line(name: str) -> None:
    found = called(name)
    assert len(found) <= LONGEST and len(found.splitlines()) <= 1


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12), st.sampled_from([number, percent, dollars]))
def test_two_numbers_that_differ_are_told_apart(then: float, now: float, show) -> None:  # type: ignore[no-untyped-def]
    new, old = instead(then, now, show, "").split(" instead of ")
    if abs(then - now) > 1e-6 * max(abs(then), abs(now)):
        assert (new == old) == (then == now)
