import numpy as np
import pytest

from core.complexity.scale import Tier
from core.quality.observed import ENOUGH, Rate
from core.quality.promise import Before, Promise
from core.quality.suggestions import Suggestion, suggestions

SEGMENTS = [f"s{n}" for n in range(12)]
KEPT: dict[Tier, float] = {"simple": 0.98, "medium": 0.99, "complex": 1.0}


def promise(dice: np.random.Generator, rated: int = 500) -> tuple[Promise, dict[str, float]]:
    """Segments that were rated before, and how good they truly are."""
    true = {name: float(dice.uniform(0.75, 0.97)) for name in SEGMENTS}
    before = {n: Before(rated, float(dice.binomial(rated, true[n]))) for n in SEGMENTS}
    all_ = Before(rated * len(before), sum(each.good for each in before.values()))
    return Promise(before, all_, KEPT), true


def rated(tier: Tier, segment: str, good: int, count: int) -> Rate:
    return Rate(tier, segment, None, 10 * count, count, good, 0)


def drawn(
    dice: np.random.Generator, true: dict[str, float], count: int, drop: float = 0.0
) -> list[Rate]:
    """Ratings of two tiers per segment; the first segment's simple tier falls short by `drop`."""
    found = []
    for name in SEGMENTS:
        for tier in ("simple", "medium"):
            share = KEPT[tier] * true[name] - (drop if (name, tier) == ("s0", "simple") else 0.0)
            found.append(rated(tier, name, int(dice.binomial(count, share)), count))
    return found


def test_noise_makes_no_rules() -> None:
    dice = np.random.default_rng(11)
    any_ = 0
    for _ in range(100):
        told, true = promise(dice)
        any_ += bool(suggestions(drawn(dice, true, 500), told))
    assert any_ <= 5


def test_a_drop_of_ten_points_in_a_segment_is_found() -> None:
    dice = np.random.default_rng(12)
    hit = 0
    for _ in range(100):
        told, true = promise(dice)
        found = suggestions(drawn(dice, true, 500, drop=0.10), told)
        hit += any((s.segment, s.tier) == ("s0", "simple") for s in found)
    assert hit >= 80


def one(good: int, count: int, tier: Tier = "simple") -> list[Suggestion]:
    before = {"billing": Before(1_000, 920.0)}
    told = Promise(before, Before(1_000, 920.0), KEPT)
    return suggestions([rated(tier, "billing", good, count)], told)


def test_a_suggestion_says_what_fails_and_raises_it_by_a_tier() -> None:
    (found,) = one(good=231, count=300)
    assert found.rule.words == "If the segment is billing: at least medium"
    assert found.failing == pytest.approx(0.23) and 0.18 < found.low < 0.23 < found.high < 0.29
    assert abs(found.promised - (1 - 0.98 * 0.92)) < 1e-12
    (medium,) = one(good=231, count=300, tier="medium")
    assert medium.rule.tier == "complex"


def test_few_ratings_and_the_highest_tier_ask_for_nothing() -> None:
    assert one(good=0, count=ENOUGH - 1) == []
    assert one(good=100, count=300, tier="complex") == []


def test_ratings_as_good_as_promised_ask_for_nothing() -> None:
    assert one(good=271, count=300) == []


def test_without_ratings_before_nothing_was_promised() -> None:
    told = Promise({}, Before(0, 0.0), KEPT)
    assert suggestions([rated("simple", "billing", 10, 300)], told) == []
