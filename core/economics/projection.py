"""Today's bill against the planned one, month by month, and the waterfall between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from core.errors import BadInput

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Projection:
    """USD of months 1, 2, ...; every series has one value per month.

    `planned_usd` holds the extra monthly cost; `cumulative_usd` is the saving so far less
    the one-off cost.
    """

    baseline_usd: tuple[float, ...]
    planned_usd: tuple[float, ...]
    saving_usd: tuple[float, ...]
    cumulative_usd: tuple[float, ...]

    @property
    def months(self) -> tuple[int, ...]:
        """The month numbers, from 1."""
        return tuple(range(1, len(self.baseline_usd) + 1))

    @property
    def total_saving_usd(self) -> float:
        """What the plan saves over the horizon, net of the one-off cost."""
        return self.cumulative_usd[-1]


@dataclass(frozen=True)
class Bar:
    """One bar of a waterfall, in USD a month, in whole cents; a total starts at zero."""

    name: str
    kind: Literal["total", "step"]
    amount_usd: float
    start_usd: float
    end_usd: float


def waterfall(
    today_usd: float,
    steps: Mapping[str, float],
    planned_usd: float,
    *,
    first: str = "Today",
    last: str = "Planned",
) -> tuple[Bar, ...]:
    """Bars from today's monthly bill to the planned one, a step for each named change.

    Each bar is the difference of running totals rounded half up to cents, so the steps and
    both totals agree to the cent with a table of rounded figures. Raises BadInput when the
    steps do not lead from one bill to the other.
    """
    running = today_usd + sum(steps.values())
    if abs(running - planned_usd) > 0.005:
        raise BadInput(
            f"the steps lead from {today_usd:,.2f} to {running:,.2f} USD, "
            f"but the planned bill is {planned_usd:,.2f}",
            where="waterfall",
            remedy="Give one step for every difference between the two bills",
        )
    bars = [Bar(first, "total", _cents(today_usd), 0.0, _cents(today_usd))]
    exact, start = today_usd, _cents(today_usd)
    for position, (name, change) in enumerate(steps.items(), start=1):
        exact += change
        end = _cents(planned_usd if position == len(steps) else exact)
        bars.append(Bar(name, "step", _cents(end - start), start, end))
        start = end
    return (*bars, Bar(last, "total", _cents(planned_usd), 0.0, _cents(planned_usd)))


def _cents(usd: float) -> float:
    return float(Decimal(repr(float(usd))).quantize(CENT, ROUND_HALF_UP))
