"""What routing and fine-tuning each deserve of a saving that they make together.

Savings do not add: routing cheapens the very queries that a fine-tune would have saved on.
Either count in a fixed order (routing first, fine-tuning the rest; the one to decide by), or
share out by Shapley value (the average over all orders; the one to credit by).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from math import factorial

from core.errors import BadInput

ROUTING, FINE_TUNING = "routing", "fine-tuning"


def shapley(savings_usd: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Each measure's average contribution over all orders; the parts sum to the joint saving.

    `savings_usd` gives the saving of every combination of measures; the empty one counts
    as 0. Raises BadInput naming a combination that is missing.
    """
    names = sorted(frozenset().union(*savings_usd))
    for size in range(1, len(names) + 1):
        for group in combinations(names, size):
            if frozenset(group) not in savings_usd:
                raise BadInput(
                    f"no saving is given for {' with '.join(group)}",
                    remedy="Give the saving of every combination",
                )
    worth = {frozenset[str](): 0.0, **savings_usd}
    shares = {}
    for name in names:
        others = [other for other in names if other != name]
        share = 0.0
        for size in range(len(others) + 1):
            weight = factorial(size) * factorial(len(others) - size) / factorial(len(names))
            for group in combinations(others, size):
                before = frozenset(group)
                share += weight * (worth[before | {name}] - worth[before])
        shares[name] = share
    return shares


def savings_usd(
    current_usd: float, routing_multiplier: float, tuned_usd: float
) -> dict[frozenset[str], float]:
    """Monthly savings of routing alone, fine-tuning alone, and both, on one slice.

    `routing_multiplier` is the share of the slice's bill left after routing. A slice served
    by the fine-tune is not routed, so both together save what fine-tuning alone does,
    unless the routed bill is lower still, in which case one keeps the routed one.
    """
    routed = current_usd * routing_multiplier
    return {
        frozenset({ROUTING}): current_usd - routed,
        frozenset({FINE_TUNING}): current_usd - tuned_usd,
        frozenset({ROUTING, FINE_TUNING}): current_usd - min(routed, tuned_usd),
    }


def in_order(savings: Mapping[frozenset[str], float]) -> dict[str, float]:
    """Routing's saving first, then what fine-tuning adds to it; sums to the joint saving."""
    routing = savings[frozenset({ROUTING})]
    return {ROUTING: routing, FINE_TUNING: savings[frozenset({ROUTING, FINE_TUNING})] - routing}
