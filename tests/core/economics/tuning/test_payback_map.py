from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.economics.estimate import Estimate
from core.economics.tuning.case import example_case
from core.economics.tuning.payback_map import payback_map, volume_to_pay_back
from core.economics.tuning.verdict import assess

EXACT = Estimate.exactly


def at(case, volume, decline):
    """The payback of the case as `assess` gives it, at that volume and price decline."""
    changed = replace(
        case,
        monthly_queries=volume * case.monthly_queries,
        yearly_price_decline=EXACT(decline),
    )
    return assess(changed).sustained_payback_months


def test_every_cell_is_the_payback_of_that_case():
    case = example_case()
    found = payback_map(case)
    assert 1.0 in found.volumes and list(found.volumes) == sorted(found.volumes)
    for volume, row in zip(found.volumes, found.months, strict=True):
        for decline, months in zip(found.declines, row, strict=True):
            expected = at(case, volume, decline)
            assert months == (None if expected is None else pytest.approx(expected, abs=1e-6))


def test_a_larger_volume_never_pays_back_later_and_a_steeper_fall_never_sooner():
    found = payback_map(example_case())
    months = [[1e9 if m is None else m for m in row] for row in found.months]
    for less, more in pairwise(months):
        assert all(b <= a for a, b in zip(less, more, strict=True))
    for row in months:
        assert row == sorted(row)


def test_the_map_shows_both_sides_of_the_break_even():
    for queries in (500, 50_000, 5_000_000, 500_000_000):
        case = replace(example_case(), monthly_queries=queries)
        likely = payback_map(case, declines=[0.3]).months
        assert likely[0] == (None,) and likely[-1] != (None,)


def test_the_volume_to_pay_back_is_by_hand_investment_over_what_a_month_saves(bare):
    case = bare(36_000, current_monthly_usd=100, hosting_monthly_usd=EXACT(500))
    # 36 months: 36,000 + 36 x 500 paid, 36 x 100 saved at today's volume
    assert volume_to_pay_back(case) == pytest.approx(54_000 / 3_600)


def test_no_volume_helps_where_a_query_saves_nothing(bare):
    case = bare(current_monthly_usd=100, tuned_monthly_usd=EXACT(100))
    assert volume_to_pay_back(case) is None
    assert volume_to_pay_back(bare(current_monthly_usd=0)) is None
    assert all(m is None for row in payback_map(case).months for m in row)


def test_a_volume_beyond_reason_is_none(bare):
    assert volume_to_pay_back(bare(30_000, current_monthly_usd=1e-5)) is None


@settings(max_examples=40, deadline=None)
@given(
    st.floats(1_000, 1e5), st.floats(0, 0.9), st.floats(0, 0.9), st.floats(0, 3_000),
    st.floats(0, 0.9), st.integers(0, 6),
)  # fmt: skip
def test_at_that_volume_it_just_pays_back(bare, bill, routed, decline, running, failure, lead):
    case = bare(
        20_000,
        current_monthly_usd=bill,
        routing_multiplier=1 - routed,
        yearly_price_decline=EXACT(decline),
        hosting_monthly_usd=EXACT(running),
        failure_chance=failure,
        lead_months=lead,
    )
    times = volume_to_pay_back(case)
    assert times is not None
    for part, pays in ((1.0001, True), (0.9999, False)):
        result = assess(replace(case, current_monthly_usd=part * times * bill))
        assert (result.sustained_payback_months is not None) == pays
