import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics import claim
from core.errors import BadInput

SHARE = st.floats(0, 1)
RATIO = st.floats(0.1, 1e4)


def test_seventy_thirty_matches_the_worked_case(golden):
    case = golden["G3_route_two_tier"]
    frontier, cheap = (
        (case["in"]["tok_in"] * price[0] + case["in"]["tok_out"] * price[1]) / 1e6
        for price in (case["in"]["frontier"], case["in"]["cheap"])
    )
    expect = case["expect"]
    saving = claim.saving_of_move(case["in"]["f"], frontier / cheap)
    assert saving == pytest.approx(expect["saved_pct"])
    saved = saving * case["in"]["V"] * frontier
    assert saved == pytest.approx(float(expect["saved"]), abs=0.005)
    assert claim.required_share(frontier / cheap) == pytest.approx(expect["f_needed_for_80pct"])


@pytest.mark.parametrize(
    ("times_cheaper", "percent"),
    [(5, 100.0), (10, 88.9), (16.7, 85.1), (20, 84.2), (40, 82.1), (math.inf, 80.0)],
)
def test_the_share_that_must_move_to_save_80_percent(times_cheaper, percent):
    assert 100 * claim.required_share(times_cheaper) == pytest.approx(percent, abs=0.05)


@pytest.mark.parametrize("times_cheaper", [4.99, 2, 1, 0.5])
def test_below_five_times_cheaper_no_share_saves_80_percent(times_cheaper):
    assert claim.required_share(times_cheaper) is None


@pytest.mark.parametrize("times_cheaper", [2, 10, 20, 1e9, math.inf])
def test_moving_70_percent_of_spend_never_saves_80(times_cheaper):
    assert claim.saving_of_move(0.7, times_cheaper) <= 0.7
    assert not claim.claim_check(0.7, 0.7, times_cheaper).holds


@pytest.mark.parametrize(("times_cheaper", "percent"), [(10, 63.0), (20, 66.5)])
def test_seventy_thirty_at_ten_to_twenty_times_saves_63_to_67(times_cheaper, percent):
    assert 100 * claim.saving_of_move(0.7, times_cheaper) == pytest.approx(percent)


@pytest.mark.parametrize(
    ("shares", "ratios", "percent"),
    [
        ((0.70, 0.20, 0.10), (1 / 20, 1 / 10, 1), 84.5),
        ((0.70, 0.20, 0.10), (1 / 10, 1 / 5, 1), 79.0),
        ((0.70, 0.15, 0.15), (1 / 20, 1 / 10, 1), 80.0),
        ((0.70, 0.25, 0.05), (1 / 20, 1 / 10, 1), 89.0),
        ((0.70, 0.10, 0.20), (0, 0, 1), 80.0),
    ],
)
def test_the_saving_of_three_tiers(shares, ratios, percent):
    assert 100 * claim.saving_of_mix(shares, ratios) == pytest.approx(percent)


@pytest.mark.parametrize(("times_cheaper", "dearer"), [(10, 3.43), (16.7, 2.45), (20, 2.29)])
def test_how_dear_the_moved_70_percent_would_have_to_be(times_cheaper, dearer):
    needed = claim.required_share(times_cheaper)
    assert claim.required_cost_ratio(0.7, needed) == pytest.approx(dearer, abs=0.006)


@given(SHARE, SHARE, RATIO)
def test_a_saving_never_exceeds_the_spend_that_moved(queries, spend, times_cheaper):
    check = claim.claim_check(queries, spend, times_cheaper)
    assert check.saving <= check.bound == spend


@given(st.floats(0, 0.99), RATIO)
def test_moving_the_required_share_saves_exactly_the_target(target, times_cheaper):
    share = claim.required_share(times_cheaper, target)
    if share is not None:
        assert claim.saving_of_move(share, times_cheaper) == pytest.approx(target)


def test_the_sentence_gives_the_bound_and_what_the_claim_would_need():
    sentence = claim.claim_check(0.7, 0.55, 16.7).sentence
    assert "Sending 70% of queries" in sentence
    assert "saves 51.7%" in sentence
    assert "more than 55.0%" in sentence
    assert "85.1% of the spend would have to leave" in sentence


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((0.9, 0.9, 20), "holds here"),
        ((0.7, 0.7, 3), "at least models 5 times cheaper"),
        ((0.0, 0.0, 20), "nothing is saved"),
        ((0.7, 0.5, 0.5), "Swap the tiers"),
        ((0.7, 0.7, math.inf), "free models"),
    ],
)
def test_the_sentence_fits_the_case(numbers, words):
    assert words in claim.claim_check(*numbers).sentence


@pytest.mark.parametrize(
    "ask",
    [
        lambda: claim.claim_check(1.1, 0.5, 10),
        lambda: claim.saving_of_move(-0.1, 10),
        lambda: claim.saving_of_move(0.5, 0),
        lambda: claim.saving_of_mix((0.7, 0.2), (0.1, 1)),
        lambda: claim.required_cost_ratio(0.7, 1.0),
    ],
)
def test_shares_that_are_none_are_refused(ask):
    with pytest.raises(BadInput):
        ask()


def test_a_mix_that_is_not_100_percent_is_refused_with_its_sum():
    with pytest.raises(BadInput, match="90%"):
        claim.saving_of_mix((0.7, 0.2), (0.1, 1))
