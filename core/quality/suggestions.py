"""Rules that the ratings ask for: segments that a cheaper tier serves worse than was promised.

Many segments are looked at, so one of them falls short by chance: Holm's procedure keeps the
chance of any false suggestion at ALPHA. What was rated before is a sample, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from core.complexity.scale import TIERS, Tier
from core.quality.intervals import wilson
from core.quality.observed import ENOUGH, Rate
from core.quality.promise import Promise
from core.workload.routing_rules import RoutingRule

ALPHA: Final = 0.02


@dataclass(frozen=True)
class Suggestion:
    """A segment that fails too often in its tier, and the rule that raises it.

    `failing` is the share of bad ratings with its 95% interval, `promised` what it should be.
    """

    segment: str
    tier: Tier
    rated: int
    failing: float
    low: float
    high: float
    promised: float
    rule: RoutingRule


def suggestions(found: Sequence[Rate], promise: Promise) -> list[Suggestion]:
    """The rules that the ratings ask for, the surest first; `found` is by tier and segment."""
    tested = [
        (rate, _chance(rate, promise))
        for rate in found
        if rate.segment and rate.tier != TIERS[-1] and rate.rated >= ENOUGH
    ]
    tested.sort(key=lambda pair: pair[1])
    made = []
    for number, (rate, chance) in enumerate(tested):
        if chance > ALPHA / (len(tested) - number):
            break
        made.append(_suggestion(rate, promise))
    return made


def _chance(rate: Rate, promise: Promise) -> float:
    """The chance of ratings this bad or worse if the promise held (a one-sided z test)."""
    assert rate.segment is not None
    before, kept = promise.of(rate.segment), promise.kept[rate.tier]
    if not before.rated:
        return 1.0
    expected = kept * before.share
    # Agresti and Caffo: one good and one bad rating more on each side, for small samples.
    now = (rate.good + 1) / (rate.rated + 2)
    then = (before.good + 1) / (before.rated + 2)
    variance = now * (1 - now) / (rate.rated + 2) + kept**2 * then * (1 - then) / (before.rated + 2)
    return NormalDist().cdf((now - min(expected, kept * then)) / variance**0.5)


def _suggestion(rate: Rate, promise: Promise) -> Suggestion:
    assert rate.segment is not None
    low, high = wilson(rate.rated - rate.good, rate.rated)
    higher = TIERS[TIERS.index(rate.tier) + 1]
    return Suggestion(
        segment=rate.segment,
        tier=rate.tier,
        rated=rate.rated,
        failing=1 - rate.good / rate.rated,
        low=low,
        high=high,
        promised=1 - promise.kept[rate.tier] * promise.of(rate.segment).share,
        rule=RoutingRule("segment", rate.segment, "floor", higher),
    )
