import numpy as np
import pytest

from core.complexity.scale import TIERS
from core.complexity.sorting import (
    tier_chances,
    typical_difficulty,
    usual_cuts,
    usual_tiers,
)


def test_a_typical_difficulty_lies_in_its_tier(shipped_classifier):
    typical = [typical_difficulty(shipped_classifier, tier) for tier in TIERS]
    assert usual_tiers(shipped_classifier, typical).tolist() == [0, 1, 2]


def test_a_simple_query_loses_at_most_five_points_per_step(shipped_classifier):
    first, second = usual_cuts(shipped_classifier)
    simple, medium, complex_ = tier_chances(shipped_classifier, np.array([first, second]))
    assert medium[0] - simple[0] == pytest.approx(0.05)
    assert complex_[1] - medium[1] == pytest.approx(0.05)
