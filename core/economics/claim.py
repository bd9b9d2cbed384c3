"""The claim "sending 70% of queries to a cheap model saves 80%", and when it is true.

One rule decides: a saving can never exceed the share of *spend* that leaves the frontier
tier, even if the cheaper models are free. With 70% of average queries moved it stays below
70%; three tiers can pass 80% only with less than 20% of spend left on the frontier tier.

`times_cheaper` is the frontier cost over the cheaper cost for the same queries: 10 means a
tenth of the price, `math.inf` free, below 1 dearer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput

CLAIMED_SAVING = 0.8


@dataclass(frozen=True)
class ClaimCheck:
    """What the claim means for one log; shares are 0..1 of today's spend."""

    bound: float  # the saving if the cheaper models were free
    saving: float  # at the cheaper models' prices
    claimed_saving: float
    required_spend_share: float | None  # None: no share is enough at these prices
    holds: bool
    sentence: str


def required_share(times_cheaper: float, target_saving: float = CLAIMED_SAVING) -> float | None:
    """The share that must move to save `target_saving`: target / (1 - 1/times_cheaper).

    A share of spend; of queries too when all cost alike. None when even moving everything
    is not enough (5 times cheaper or less, for a target of 80%).
    """
    _require_ratio(times_cheaper)
    _require_share(target_saving, "target saving")
    if target_saving == 0:
        return 0.0
    saved_per_moved = 1.0 - 1.0 / times_cheaper
    # a hair of tolerance: 5 times cheaper needs exactly everything, 0.8 / (1 - 0.2)
    if saved_per_moved < target_saving - 1e-12:
        return None
    return min(1.0, target_saving / saved_per_moved)


def required_cost_ratio(query_share: float, spend_share: float) -> float:
    """How many times as dear as the rest the moved queries must be to carry `spend_share`.

    Raises BadInput unless both shares lie strictly between 0 and 1.
    """
    for share, name in ((query_share, "share of queries"), (spend_share, "share of spend")):
        if not 0 < share < 1:
            raise BadInput(f"the {name} is {share:g}", remedy="Use a share between 0 and 1")
    return (spend_share / query_share) / ((1.0 - spend_share) / (1.0 - query_share))


def saving_of_move(spend_share: float, times_cheaper: float) -> float:
    """The saving (share of spend) when `spend_share` moves to models that much cheaper."""
    _require_ratio(times_cheaper)
    _require_share(spend_share, "share of spend")
    return spend_share * (1.0 - 1.0 / times_cheaper)


def saving_of_mix(shares: Sequence[float], cost_ratios: Sequence[float]) -> float:
    """The saving of a mix over all-frontier: 1 - sum of share times cost ratio.

    `cost_ratios` are each tier's cost over the frontier's (frontier 1, free 0). Raises
    BadInput, with the sum, when the shares are not 100%: a mix is never quietly rescaled.
    """
    for share in shares:
        _require_share(share, "share")
    if abs(sum(shares) - 1.0) > 1e-9:
        raise BadInput(
            f"the shares sum to {100 * sum(shares):.4g}%", remedy="Make them sum to 100%"
        )
    return 1.0 - sum(m * ratio for m, ratio in zip(shares, cost_ratios, strict=True))


def claim_check(
    query_share_moved: float,
    spend_share_leaving: float,
    times_cheaper: float,
    *,
    claimed_saving: float = CLAIMED_SAVING,
) -> ClaimCheck:
    """The claim held against one log's numbers, with a sentence for people.

    `spend_share_leaving` is the share of today's spend whose queries leave the frontier
    tier; `times_cheaper` is today's cost of those queries over their planned cost.
    """
    _require_share(query_share_moved, "share of queries moved")
    saving = saving_of_move(spend_share_leaving, times_cheaper)
    needed = required_share(times_cheaper, claimed_saving)
    holds = saving >= claimed_saving - 1e-12
    return ClaimCheck(
        bound=spend_share_leaving,
        saving=saving,
        claimed_saving=claimed_saving,
        required_spend_share=needed,
        holds=holds,
        sentence=_sentence(
            query_share_moved, spend_share_leaving, times_cheaper, saving, claimed_saving, needed
        ),
    )


def _sentence(
    queries: float, spend: float, times: float, saving: float, claimed: float, needed: float | None
) -> str:
    if queries == 0 or spend == 0:
        return "No spend leaves the frontier tier, so nothing is saved."
    price = "free models" if math.isinf(times) else f"models {times:.3g} times cheaper"
    if saving < 0:
        return (
            f"The models that take {queries:.0%} of queries cost more than today's: the bill "
            f"grows by {-saving:.1%}. Swap the tiers."
        )
    text = (
        f"Sending {queries:.0%} of queries to {price} takes {spend:.1%} of the spend off the "
        f"frontier tier and saves {saving:.1%}; even free models could not save more than "
        f"{spend:.1%}."
    )
    if saving >= claimed - 1e-12:
        return f"{text} The claimed {claimed:.0%} holds here."
    if needed is None:
        enough = "free ones" if claimed >= 1 else f"models {1 / (1 - claimed):.3g} times cheaper"
        return f"{text} No share saves {claimed:.0%} at these prices: that takes at least {enough}."
    return f"{text} To save {claimed:.0%}, {needed:.1%} of the spend would have to leave it."


def _require_ratio(times_cheaper: float) -> None:
    if not times_cheaper > 0:
        raise BadInput(
            f"a price ratio of {times_cheaper:g}",
            remedy="Use a number above 0 (10 means ten times cheaper)",
        )


def _require_share(share: float, name: str) -> None:
    if not 0 <= share <= 1:
        raise BadInput(f"the {name} is {share:g}", remedy="Use a share from 0 to 1 (0.7 means 70%)")
