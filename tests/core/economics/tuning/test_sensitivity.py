from dataclasses import replace

import numpy as np
import pytest

from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.sensitivity import (
    Change,
    break_even_value,
    bridge,
    changes_of,
    pert_quantiles,
    swings_of,
    tornado,
    value_usd,
    variance_share,
)
from core.economics.tuning.uncertainty import pert
from core.economics.tuning.verdict import assess
from core.errors import BadInput

EXACT = Estimate.exactly


def test_the_swings_match_the_worked_tornado(golden, bare):
    g = golden["G8_declining_loss"]["in"]

    def case(share=g["share"], queries=g["V0"], tuned=g["cft"], invest=g["I0"], **changes):
        values = {
            "monthly_queries": queries,
            "cost_per_query_usd": g["cb0"],
            "slice_share": share,
            "tuned_monthly_usd": EXACT(queries * share * tuned),
            "hosting_monthly_usd": EXACT(g["ongoing"]),
            "retrain_usd": g["retrain"],
            "monthly_growth": EXACT(g["g"]),
            "yearly_price_decline": EXACT(g["price_decline_year"]),
            "horizon_months": 24,
        }
        return bare(invest, **(values | changes))

    ends = {
        "ongoing_3000_500": [case(hosting_monthly_usd=EXACT(usd)) for usd in (3_000, 500)],
        "price_decline_60_0": [case(yearly_price_decline=EXACT(d)) for d in (0.6, 0)],
        "I0_50k_10k": [case(invest=usd) for usd in (50_000, 10_000)],
        "retrain_12k_2k": [case(retrain_usd=usd) for usd in (12_000, 2_000)],
        "share_25_50": [case(share=share) for share in (0.25, 0.5)],
        "V0_0.7M_1.3M": [case(queries=queries) for queries in (0.7e6, 1.3e6)],
        "growth_0_5": [case(monthly_growth=EXACT(g)) for g in (0, 0.05)],
        "cft_0.0020_0.0008": [case(tuned=usd) for usd in (0.002, 0.0008)],
    }
    swings = tornado([Change(name, low, high, 0, 1) for name, (low, high) in ends.items()])
    expect = golden["G17_tornado_swing_npv24_of_G8"]["expect"]
    assert [swing.label for swing in swings] == list(expect)  # largest first
    for swing in swings:
        assert swing.swing_usd == pytest.approx(float(expect[swing.label]), abs=0.01)


def test_at_its_break_even_an_input_alone_makes_the_value_zero():
    case = example_case()
    assert value_usd(case) == pytest.approx(assess(case).npv_usd[24])
    for swing in swings_of(case):
        assert swing.break_even_value is not None
        there = replace(case, **{swing.label: EXACT(swing.break_even_value)})
        assert value_usd(there) == pytest.approx(0, abs=0.01)


def test_a_break_even_is_where_arithmetic_puts_it(bare):
    case = bare(30_000, current_monthly_usd=4_500, yearly_discount_rate=0.0)
    # 36 x 4,500 = 162,000: the data may cost that much, and hosting (162,000 - 30,000) / 36
    assert break_even_value(case, "data_preparation_usd") == pytest.approx(162_000)
    assert break_even_value(case, "hosting_monthly_usd") == pytest.approx(132_000 / 36)


def test_where_no_value_helps_there_is_no_break_even(bare):
    case = bare(30_000, current_monthly_usd=100)
    assert break_even_value(case, "hosting_monthly_usd") is None  # not even for nothing
    assert break_even_value(case, "monthly_growth") is not None
    with pytest.raises(BadInput, match="not given as a range"):
        break_even_value(case, "retrain_usd")


def test_a_gain_in_accuracy_breaks_even_within_what_is_possible():
    case = replace(example_case(), monthly_queries=3_000_000)
    value = break_even_value(case, "accuracy_gain")
    assert value is None or -0.8 <= value <= 0.2


def test_the_largest_swing_has_its_part_of_the_squares():
    swings = tornado(changes_of(example_case()))
    squares = [swing.swing_usd**2 for swing in swings]
    assert variance_share(swings) == pytest.approx(squares[0] / sum(squares))
    assert variance_share(()) is None


def test_every_range_of_a_case_becomes_a_bar():
    found = changes_of(example_case())
    assert {change.label for change in found} == {
        "data_preparation_usd", "compute_per_run_usd", "training_runs", "other_one_off_usd",
        "accuracy_gain", "hosting_monthly_usd", "monthly_growth", "yearly_price_decline",
        "cost_ratio",
    }  # fmt: skip
    assert all(change.low_value < change.high_value for change in found)
    assert changes_of(FineTuneCase(current_monthly_usd=1, cost_ratio=EXACT(4)))


def test_a_case_without_ranges_has_no_bars(bare):
    assert changes_of(bare(current_monthly_usd=100)) == ()


def test_quantiles_lie_where_the_draws_do():
    estimate = Estimate(1_000, 4_000, 10_000)
    drawn = np.quantile(pert(estimate, 200_000, np.random.default_rng(4)), (0.1, 0.9))
    assert pert_quantiles(estimate, (0.1, 0.9)) == pytest.approx(tuple(drawn), rel=0.01)
    assert pert_quantiles(EXACT(7), (0.1, 0.9)) == (7.0, 7.0)


def test_the_bridge_leads_from_the_textbook_to_the_full_payback():
    case = example_case()
    steps = bridge(case)
    assert steps[0].label == "Textbook"
    assert steps[0].payback_months == assess(case).textbook_payback_months
    assert steps[-1].payback_months == assess(case).sustained_payback_months


def test_the_bridge_of_a_plain_case_stays_level(bare):
    steps = bridge(bare(30_000, current_monthly_usd=4_500))
    assert [step.payback_months for step in steps] == pytest.approx([30_000 / 4_500] * len(steps))


def test_the_bridge_ends_in_none_when_routing_has_taken_the_saving():
    case = replace(example_case(), routing_multiplier=0.2)
    steps = bridge(case)
    assert steps[-2].payback_months is not None
    assert steps[-1].payback_months is None
