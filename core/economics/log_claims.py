"""Claims that are made for routing, recomputed for one log (economics 1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.economics.claim import CLAIMED_SAVING, required_share
from core.routing.plan import Plan
from core.routing.simulate import Outcome
from core.routing.tier_costs import usd_of
from core.routing.traffic import Traffic

MOVED: Final = 0.70  # "70% to a cheap model saves 80% and more"
USUAL: Final = (0.60, 0.80)  # "routing saves 60 to 80%"


@dataclass(frozen=True)
class LogClaims:
    """What the claims come to on this log; shares of the bill.

    `price_ratio` is the simple model's cost over the complex one's on the same traffic, rent
    included. `saved_by_moved` is what moving MOVED of the queries off the complex model saves
    against the complex model for everything, when they are like the others; `moved_for_claimed`
    and `moved_for_usual` the shares that would have to move to save CLAIMED_SAVING and the lower
    end of USUAL, None where even all would not do. The plan's saving is given against that bill
    too, and against today's.
    """

    price_ratio: float
    saved_by_moved: float
    moved_for_claimed: float | None
    moved_for_usual: float | None
    saved_of_complex: float
    saved_of_today: float


def log_claims(traffic: Traffic, plan: Plan, outcome: Outcome) -> LogClaims | None:
    """The claims on this traffic; None where one of the two models would cost nothing."""
    dear, cheap = usd_of(traffic, plan.complex), usd_of(traffic, plan.simple)
    if dear <= 0 or cheap <= 0:
        return None
    ratio = cheap / dear
    return LogClaims(
        price_ratio=ratio,
        saved_by_moved=MOVED * (1 - ratio),
        moved_for_claimed=required_share(1 / ratio, CLAIMED_SAVING),
        moved_for_usual=required_share(1 / ratio, USUAL[0]),
        saved_of_complex=1 - outcome.planned.central / dear,
        saved_of_today=outcome.saving_share.central,
    )
