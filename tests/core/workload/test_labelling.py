import math

import pytest

from core.complexity.learned import SegmentGain
from core.workload.labelling import PAIR_VARIANCE, next_labels


def gain(name: str, mean: float, sd: float) -> SegmentGain:
    return SegmentGain(name, mean, mean, mean - 1.645 * sd, mean + 1.645 * sd)


def test_labels_go_where_they_may_turn_a_decision() -> None:
    gains = [gain("clear", 0.4, 0.02), gain("open", 0.05, 0.2), gain("settled", 0.05, 0.0)]
    found = next_labels(gains, [1_000] * 3, tolerance=0.05, extra_usd_per_query=0.01)
    assert found.per_segment == {"open": 50}


def test_their_worth_is_that_of_the_formula() -> None:
    """One segment right at the tolerance: sd moved by the labels times the normal density at 0."""
    sd, labels = 0.2, 50
    moved = sd**2 / math.sqrt(sd**2 + PAIR_VARIANCE / labels)
    expected = moved / math.sqrt(2 * math.pi)
    found = next_labels([gain("a", 0.05, sd)], [2_000], tolerance=0.05, extra_usd_per_query=0.01)
    assert found.quality_points == pytest.approx(expected)
    # 0.01 USD for 5 points: an acceptable answer is worth 0.20 USD
    assert found.usd_per_month == pytest.approx(2_000 * expected * 0.20)


def test_large_segments_come_first_and_nothing_is_worth_nothing() -> None:
    gains = [gain("small", 0.05, 0.2), gain("large", 0.05, 0.2)]
    found = next_labels(gains, [10, 10_000], tolerance=0.05, extra_usd_per_query=None)
    assert found.per_segment["large"] == 50 and found.usd_per_month is None
    sure = next_labels([gain("a", 0.5, 1e-6)], [10], tolerance=0.05, extra_usd_per_query=1.0)
    assert sure.usd_per_month == pytest.approx(0.0, abs=1e-9)
    assert next_labels([], [], tolerance=0.05, extra_usd_per_query=1.0).per_segment == {}
