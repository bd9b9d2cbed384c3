"""What an input may be, in words that a refusal can use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from core.economics.estimate import Estimate
from core.errors import BadInput

Shape = Literal["number", "whole", "estimate"]


@dataclass(frozen=True)
class Bound:
    """The shape and the range of one input; `says` completes the sentence "Use ...".

    An input of shape "estimate" takes one number or low, likely and high. `says_percent` is
    `says` for a person who types 30 for 30%; empty where nobody does.
    """

    shape: Shape
    low: float
    high: float
    says: str
    low_open: bool = False
    high_open: bool = False
    says_percent: str = ""

    def check(
        self, name: str, value: float | Estimate, where: str, *, percent: bool = False
    ) -> None:
        """Raises BadInput naming the input and the value (as percent, if so) when outside."""
        numbers = (value.low, value.likely, value.high) if isinstance(value, Estimate) else (value,)
        for number in numbers:
            above = number > self.low if self.low_open else number >= self.low
            below = number < self.high if self.high_open else number <= self.high
            if not (above and below):
                found = f"{100 * number:g}%" if percent else f"{number:g}"
                says = self.says_percent if percent and self.says_percent else self.says
                raise BadInput(f"'{name}' is {found}", where=where, remedy=f"Use {says}")


TRILLION = 1e12  # keeps a typing slip from overflowing; no bill comes near it
USD: Final = Bound("number", 0, TRILLION, "an amount in USD, 0 or more")
USD_RANGE: Final = Bound("estimate", 0, TRILLION, "an amount in USD, 0 or more")
SHARE: Final = Bound(
    "number", 0, 1, "a share from 0 to 1 (0.4 means 40%)", says_percent="a share from 0% to 100%"
)
CHANCE: Final = Bound(
    "number",
    0,
    1,
    "a chance from 0 to below 1 (0.2 means 20%)",
    high_open=True,
    says_percent="a chance from 0% to below 100%",
)
DISCOUNT: Final = Bound(
    "number",
    0,
    1,
    "a yearly rate from 0 to below 1 (0.12 means 12%)",
    high_open=True,
    says_percent="a yearly rate from 0% to below 100%",
)
RATE_RANGE: Final = Bound(
    "estimate",
    -1,
    1,
    "a rate above -1 and below 1 (0.3 means 30%)",
    low_open=True,
    high_open=True,
    says_percent="a rate above -100% and below 100%",
)
MONTHS: Final = Bound("whole", 1, 120, "a whole number of months from 1 to 120")
