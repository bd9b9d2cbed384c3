"""Claims that are made for routing, recomputed for one log (economics 1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from core.routing.plan import Plan
from core.routing.simulate import Outcome
from core.routing.traffic import Traffic, usd_of

MOVED: Final = 0.70  # "70% to a cheap model saves 80% and more"
CLAIMED: Final = 0.80
USUAL: Final = (0.60, 0.80)  # "routing saves 60 to 80%"


@dataclass(frozen=True)
class Claims:
    """What the claims come to on this log; shares of the bill.

    `price_ratio` is the simple model's cost over the complex one's on the same traffic, rent
    included. `saved_by_moved` is what moving MOVED of the queries off the complex model saves
    against the complex model for everything, when they are like the others; `moved_needed` the
    share that would have to move to save CLAIMED, None where even all would not do. The plan's
    saving is given against that bill too, and against today's.
    """

    price_ratio: float
    saved_by_moved: float
    moved_needed: float | None
    saved_of_complex: float
    saved_of_today: float

    @property
    def usual_holds(self) -> bool:
        """Whether the plan saves what is usually claimed, against today's bill."""
        return self.saved_of_today >= USUAL[0]


def claims(traffic: Traffic, plan: Plan, outcome: Outcome) -> Claims | None:
    """The claims on this traffic; None where the complex model would cost nothing."""
    dear = usd_of(traffic, plan.complex)
    if dear <= 0:
        return None
    ratio = usd_of(traffic, plan.simple) / dear
    needed = CLAIMED / (1 - ratio) if ratio < 1 else None
    return Claims(
        price_ratio=ratio,
        saved_by_moved=MOVED * (1 - ratio),
        moved_needed=needed if needed is not None and needed <= 1 else None,
        saved_of_complex=1 - outcome.planned.central / dear,
        saved_of_today=outcome.saving_share.central,
    )
