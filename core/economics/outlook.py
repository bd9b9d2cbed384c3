"""What the coming months look like: volume, tokens, prices, the rollout, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BeforeValidator

from core.economics.bounds import MONTHS, RATE_RANGE, USD, USD_RANGE, Bound
from core.economics.estimate import NONE, Estimate
from core.economics.provenance import Provenance
from core.economics.tuning.defaults import YEARLY_PRICE_DECLINE
from core.economics.volume import PriceStep, volume_factors
from core.errors import BadInput

WHERE: Final = "outlook"
SEASON: Final = 12
_MOST_WEEKS: Final = 104


def _as_estimate(value: object) -> object:
    """Plans of earlier versions kept one number."""
    return Estimate.exactly(value) if isinstance(value, int | float) else value


_Known = Annotated[Estimate, BeforeValidator(_as_estimate)]

_GROWTH: Final = Bound(
    "estimate", -1, 10, "a rate above -1, up to 10 (0.02 means 2% a month)", low_open=True
)
_TIMES: Final = Bound("number", 0, 1e6, "0 or more times today's")

BOUNDS: Final[Mapping[str, Bound]] = {
    "months": MONTHS,
    "monthly_growth": _GROWTH,
    "yearly_price_decline": RATE_RANGE,
    "monthly_token_drift": RATE_RANGE,
    "running_monthly_usd": USD_RANGE,
    "one_off_usd": USD_RANGE,
}
INPUTS: Final[Mapping[str, tuple[str, str]]] = {  # what it is called, and its unit
    "monthly_growth": ("Growth of traffic", "% a month"),
    "yearly_price_decline": ("Fall of list prices", "% a year"),
    "monthly_token_drift": ("Longer calls: growth of tokens per query", "% a month"),
    "running_monthly_usd": ("Router, evaluation and judge", "$ a month"),
    "one_off_usd": ("Work of switching", "$ once"),
}
PROVENANCE: Final[Mapping[str, Provenance]] = {
    "monthly_growth": Provenance("judgement", "0 until you say otherwise; it moves both bills"),
    "yearly_price_decline": Provenance(
        "judgement",
        "none, 30%, 60% a year; a pinned model does not get cheaper, its successors do (2026-11)",
    ),
    "monthly_token_drift": Provenance(
        "judgement", "0 until you say otherwise; longer contexts and reasoning make calls longer"
    ),
    "running_monthly_usd": Provenance(
        "judgement", "router, evaluation and judge; 0 until you say otherwise"
    ),
    "one_off_usd": Provenance("judgement", "the work of switching; 0 until you say otherwise"),
}


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """How a bill is carried into the coming months; rates are fractions, month 1 is the next one.

    `volume_plan` are volumes of months 1, 2, ... over today's, in place of growth (its last one
    holds). `season` has twelve indices, January first; month 1 is calendar month `first_month`.
    `weekly_ramp` are the shares of the traffic routed in week 1, 2, ..., the last one holds. From
    `reprice_month` on prices are `reprice_factor` of what they were, for `reprice_usd` of work.
    Raises BadInput naming the field and the value.
    """

    months: int = 12
    monthly_growth: _Known = NONE
    yearly_price_decline: _Known = YEARLY_PRICE_DECLINE
    monthly_token_drift: _Known = NONE
    running_monthly_usd: _Known = NONE
    one_off_usd: _Known = NONE
    volume_plan: tuple[float, ...] = ()
    season: tuple[float, ...] = ()
    first_month: int = 1
    weekly_ramp: tuple[float, ...] = (1.0,)
    reprice_month: int | None = None
    reprice_factor: float = 1.0
    reprice_usd: float = 0.0

    def __post_init__(self) -> None:
        for name, bound in BOUNDS.items():
            bound.check(name, getattr(self, name), WHERE)
        for name in ("volume_plan", "season"):
            for times in getattr(self, name):
                _TIMES.check(name, times, WHERE)
        volume_factors(1, 0.0, season=self.season or None)
        if not 1 <= self.first_month <= SEASON:
            raise BadInput(f"calendar month {self.first_month}", where=WHERE, remedy="Use 1 to 12")
        ramp = self.weekly_ramp
        if not 1 <= len(ramp) <= _MOST_WEEKS or not all(0 <= share <= 1 for share in ramp):
            raise BadInput(
                f"a rollout of {', '.join(f'{share:g}' for share in ramp) or 'nothing'}",
                where=WHERE,
                remedy="Give the share routed in each week, from 0 to 1, for up to 104 weeks",
            )
        if self.reprice_month is not None:
            MONTHS.check("reprice_month", self.reprice_month, WHERE)
        _TIMES.check("reprice_factor", self.reprice_factor, WHERE)
        USD.check("reprice_usd", self.reprice_usd, WHERE)

    @property
    def steps(self) -> tuple[PriceStep, ...]:
        """The repricing, as a step."""
        if self.reprice_month is None:
            return ()
        return (PriceStep(self.reprice_month, self.reprice_factor, self.reprice_usd),)
