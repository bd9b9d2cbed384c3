import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.complexity.scale import LEVERS
from core.workload.grid import Cuts
from core.workload.tiers import hard_for_all_share, segment_shares, tier_shares, unsure_share
from core.workload.workload import empty_workload

from .conftest import make_workload, row

CUTS: Cuts = ((-1.0, 1.0),) * len(LEVERS)
# five easy queries, three in the middle, two hard ones
DIFFICULTY = [-3.0, -3.0, -3.0, -3.0, -1.35, 0.0, 0.0, 0.75, 2.0, 2.0]
SPEND = dict(zip(map(str, range(10)), [1, 1, 1, 1, 1, 2, 2, 2, 4, 5], strict=True))


def shares_of(cuts: Cuts = CUTS, shift: float = 0.5) -> list:  # type: ignore[type-arg]
    rows = [row(i, cost_usd=float(usd)) for i, usd in SPEND.items()]
    found = make_workload(rows, DIFFICULTY)
    usd = found.cells["cost_nusd"].to_numpy() / 1e9
    return tier_shares(found, usd, cuts, shift)


def test_tiers_count_queries_and_spend() -> None:
    found = shares_of()
    assert [s.tier for s in found] == ["simple", "medium", "complex"]
    assert [s.queries for s in found] == [5, 3, 2]
    assert [s.share for s in found] == [0.5, 0.3, 0.2]
    assert [s.spend_usd for s in found] == pytest.approx([5, 6, 9])
    assert [s.spend_share for s in found] == pytest.approx([0.25, 0.3, 0.45])


def test_ranges_are_the_shares_of_an_easier_and_a_harder_log() -> None:
    # half a logit harder: first 0.75 turns complex, then -1.35 medium; easier: nothing moves
    simple, medium, complex_ = shares_of()
    assert (simple.low, simple.high) == pytest.approx((0.4, 0.5))
    assert (medium.low, medium.high) == pytest.approx((0.2, 0.3))
    assert (complex_.low, complex_.high) == pytest.approx((0.2, 0.3))


def test_without_a_shift_the_range_is_the_share() -> None:
    for share in shares_of(shift=0.0):
        assert share.low == pytest.approx(share.share) == share.high


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.floats(-9, 9), min_size=1, max_size=30),
    st.tuples(st.floats(-5, 5), st.floats(0, 5)),
    st.floats(0, 2),
)
def test_shares_sum_to_one_and_lie_in_their_ranges(
    difficulty: list[float], place: tuple[float, float], shift: float
) -> None:
    cuts = ((place[0], place[0] + place[1]),) * len(LEVERS)
    found = make_workload([row(str(i)) for i in range(len(difficulty))], difficulty)
    shares = tier_shares(found, np.ones(len(found.cells)), cuts, shift)
    assert sum(s.queries for s in shares) == len(difficulty)
    assert sum(s.share for s in shares) == pytest.approx(1.0)
    assert sum(s.spend_share or 0 for s in shares) == pytest.approx(1.0)
    for s in shares:
        assert s.low - 1e-9 <= s.share <= s.high + 1e-9
    for _, _, parts in segment_shares(found, cuts):
        assert sum(parts) == pytest.approx(1.0)


def test_infinite_cuts_leave_tiers_empty() -> None:
    assert [s.queries for s in shares_of(((math.inf, math.inf),) * len(LEVERS))] == [10, 0, 0]
    assert [s.queries for s in shares_of(((-math.inf, -math.inf),) * len(LEVERS))] == [0, 0, 10]
    assert [s.queries for s in shares_of(((-math.inf, math.inf),) * len(LEVERS))] == [0, 10, 0]


def test_unknown_spend_has_no_share() -> None:
    found = make_workload([row("1"), row("2", model="small")], [-3.0, 2.0])
    unpriced = tier_shares(found, np.array([np.nan, np.nan]), CUTS)
    assert [s.spend_share for s in unpriced] == [None, None, None]
    half = tier_shares(found, np.array([np.nan, 2.0]), CUTS)
    assert [s.spend_share for s in half] == [0.0, 0.0, 1.0]


def test_the_unsure_are_those_that_change_tier() -> None:
    found = make_workload([row(i) for i in SPEND], DIFFICULTY)
    # within half a logit of a cut: -1.35 and 0.75
    assert unsure_share(found, CUTS) == pytest.approx(0.2)
    assert unsure_share(found, CUTS, shift=0.0) == 0.0
    # within 1.1 logits: the two at 0.0 and the two at 2.0 as well
    assert unsure_share(found, CUTS, shift=1.1) == pytest.approx(0.6)


def test_hard_for_all_are_those_that_the_best_model_would_rather_fail() -> None:
    found = make_workload([row(i) for i in SPEND], DIFFICULTY)
    assert hard_for_all_share(found, 0.5, 1.0) == pytest.approx(0.3)  # 0.75 and twice 2.0
    assert hard_for_all_share(found, 5.0, 1.0) == 0.0


def test_segments_come_largest_first_and_ties_by_name() -> None:
    rows = [row(i, segment={"0": "b", "9": "a"}.get(i, "main")) for i in SPEND]
    assert segment_shares(make_workload(rows, DIFFICULTY), CUTS) == [
        ("main", 8, (0.5, 0.375, 0.125)),
        ("a", 1, (0.0, 0.0, 1.0)),
        ("b", 1, (1.0, 0.0, 0.0)),
    ]


def test_an_empty_workload_has_empty_tiers() -> None:
    nothing = empty_workload()
    found = tier_shares(nothing, np.zeros(0), CUTS)
    assert [(s.queries, s.share, s.low, s.high, s.spend_share) for s in found] == [
        (0, 0.0, 0.0, 0.0, None)
    ] * 3
    assert unsure_share(nothing, CUTS) == hard_for_all_share(nothing, 4.0, 1.0) == 0.0
    assert segment_shares(nothing, CUTS) == []
