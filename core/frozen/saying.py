"""Values in plain words for sentences about saved plans; names in them are as people typed them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Final, TypeVar

from core.economics.estimate import Estimate

Value = TypeVar("Value")

LONGEST: Final = 80  # characters of a name
MOST: Final = 5  # names in a row
_DIGITS: Final = (3, 6, 9, 17)  # 17 tell any two numbers apart


def called(name: str) -> str:
    """A name on one line, cut where it is long; untrusted, so whoever shows it escapes it."""
    line = " ".join(name.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def listed(names: Iterable[str]) -> str:
    """Names in a row: "a, b and 3 more"."""
    found = [called(name) for name in names]
    if len(found) <= MOST:
        return ", ".join(found)
    return f"{', '.join(found[: MOST - 1])} and {len(found) - MOST + 1} more"


def usd(amount: float) -> str:
    """A bill: cents below $100, none above; a minus in front of the sign."""
    if 0 < abs(amount) < 0.005:
        return "under $0.01"
    sign, size = "-" if amount < 0 else "", abs(amount)
    return f"{sign}${size:,.2f}" if size < 99.995 else f"{sign}${size:,.0f}"


def number(value: float, digits: int = 3) -> str:
    """A number with that many digits, whole ones in full."""
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.{digits}g}" if abs(value) < 1000 else f"{value:,.{max(digits - 3, 0)}f}"


def dollars(value: float, digits: int = 3) -> str:
    """A price or an amount that somebody stated: exact, with two decimals at least."""
    cents = f"{value:,.2f}"
    if value == int(value):
        return f"${value:,.0f}"
    return f"${cents}" if float(cents.replace(",", "")) == value else f"${value:.{digits + 7}g}"


def rate(value: float, digits: int = 3) -> str:
    """A price per million tokens: "$0.05", "$3.125", "$2.00"."""
    return f"${value:,.2f}" if value == int(value) else dollars(value, digits)


def percent(value: float, digits: int = 3) -> str:
    """A share in percent."""
    return f"{number(100 * value, digits)}%"


def points(value: float, digits: int = 3) -> str:
    """A share in points."""
    return "1 point" if value == 0.01 else f"{number(100 * value, digits)} points"


def day(value: date | datetime) -> str:
    """A day: "1 Nov 2026"."""
    return f"{value.day} {value:%b %Y}"


def estimate(value: Estimate, show: Callable[[float, int], str], digits: int = 3) -> str:
    """A likely value with its ends, where it has any: "2% (0% to 5%)"."""
    likely = show(value.likely, digits)
    if value.low == value.high:
        return likely
    return f"{likely} ({show(value.low, digits)} to {show(value.high, digits)})"


def instead(
    before: Value | None, after: Value | None, show: Callable[[Value, int], str], none: str
) -> str:
    """The one value "instead of" the other, with as many digits as tell the two apart.

    `none` says what no value means.
    """
    then = now = ""
    for digits in _DIGITS:
        then, now = (none if v is None else show(v, digits) for v in (before, after))
        if then != now:
            break
    return f"{now} instead of {then}"


def numbers(values: Sequence[float], digits: int = 3) -> str:
    """A few numbers in a row; "nothing" for none."""
    return ", ".join(number(value, digits) for value in values) or "nothing"
