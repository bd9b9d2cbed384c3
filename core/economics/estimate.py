"""A number that is not known: low, likely, high."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from core.errors import BadInput


@dataclass(frozen=True)
class Estimate:
    """Three numbers in order, in whatever unit the field that holds them names.

    `low` and `high` are the smallest and the largest value thought possible (not the good
    and the bad case). Raises BadInput when they are not finite or not in order.
    """

    low: float
    likely: float
    high: float

    def __post_init__(self) -> None:
        values = (self.low, self.likely, self.high)
        if not all(math.isfinite(value) for value in values):
            raise BadInput(f"low, likely, high are {values}", remedy="Give three finite numbers")
        if not self.low <= self.likely <= self.high:
            raise BadInput(
                f"low {self.low:g}, likely {self.likely:g}, high {self.high:g} are not in order",
                remedy="Give them so that low <= likely <= high",
            )

    @classmethod
    def exactly(cls, value: float) -> Estimate:
        """An estimate without doubt: the same number three times."""
        return cls(value, value, value)

    @property
    def mean(self) -> float:
        """The PERT mean, (low + 4 likely + high) / 6."""
        return (self.low + 4.0 * self.likely + self.high) / 6.0

    @property
    def triangular_mean(self) -> float:
        """The mean of the triangular distribution, (low + likely + high) / 3."""
        return (self.low + self.likely + self.high) / 3.0


NONE: Final = Estimate(0, 0, 0)
