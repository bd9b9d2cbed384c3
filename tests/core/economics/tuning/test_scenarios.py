from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.economics.cashflow import discounted
from core.economics.draws import SEED
from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.flow import monthly_net_usd
from core.economics.tuning.scenarios import conservative, optimistic, scenarios
from core.economics.tuning.sensitivity import value_usd
from core.economics.tuning.uncertainty import draw_futures, simulate
from core.economics.tuning.verdict import assess

EXACT = Estimate.exactly


def named(case, swap=None, **options):
    return {scenario.name: scenario for scenario in scenarios(case, swap, **options)}


def ends(estimate):
    return estimate.low, estimate.likely, estimate.high


def test_the_base_scenario_is_the_case_itself():
    case, result = example_case(), assess(example_case())
    base = named(case)["base"]
    assert base.case == case
    assert base.investment_usd == result.investment_mean_usd
    assert base.payback_months == result.sustained_payback_months
    assert base.roi == result.roi
    assert base.value_usd == pytest.approx(result.npv_usd[24])  # its model lives 24 months
    assert base.first_year_monthly_usd == pytest.approx(np.mean(result.monthly_net_usd[:12]))
    assert base.chance_of_loss == simulate(case).probability_of_loss
    assert named(case, base_loss=0.5)["base"].chance_of_loss == 0.5


def test_the_scenarios_are_in_order_whatever_the_column():
    found = named(example_case())
    worst, base, best = (found[name] for name in ("conservative", "base", "optimistic"))
    assert worst.investment_usd > base.investment_usd > best.investment_usd
    assert worst.value_usd < base.value_usd < best.value_usd
    assert worst.first_year_monthly_usd < base.first_year_monthly_usd < best.first_year_monthly_usd
    assert worst.chance_of_loss > base.chance_of_loss > best.chance_of_loss


def test_a_half_keeps_the_shape_of_its_range_and_starts_where_the_other_ends():
    case = replace(example_case(), yearly_price_decline=Estimate(0.0, 0.2, 0.6))
    # a third of the way up: the upper half runs from 0.2 to 0.6, its likely value a third up
    worse, better = (half(case).yearly_price_decline for half in (conservative, optimistic))
    assert ends(worse) == pytest.approx((0.2, 0.2 + 0.4 / 3, 0.6))
    assert ends(better) == pytest.approx((0.0, 0.2 / 3, 0.2))
    # what is welcome goes the other way
    assert conservative(case).cost_ratio.high == optimistic(case).cost_ratio.low == 10


def test_a_number_without_a_range_stays():
    case = example_case()
    for scenario in (conservative(case), optimistic(case)):
        for field in fields(case):
            known = getattr(case, field.name)
            ranged = isinstance(known, Estimate) and known.low < known.high
            if not ranged and field.name != "cost_ratio":  # it has a default range
                assert getattr(scenario, field.name) == known


def test_every_simulated_future_is_the_same_one_made_worse_or_better():
    case = example_case()
    values = []
    for each in (conservative(case), case, optimistic(case)):
        future = draw_futures(each, seed=SEED, draws=2_000)
        flows = np.column_stack([-future.investment_usd, monthly_net_usd(each, future)])
        values.append(discounted(flows, case.yearly_discount_rate).sum(axis=1))
    assert (values[0] <= values[1] + 1e-6).all()
    assert (values[1] <= values[2] + 1e-6).all()


@settings(max_examples=30, deadline=None)
@given(
    st.floats(1_000, 1e6),
    st.lists(st.floats(0.0, 0.9), min_size=3, max_size=3).map(sorted),
    st.lists(st.floats(1.5, 50), min_size=3, max_size=3).map(sorted),
    st.lists(st.floats(0, 1e5), min_size=3, max_size=3).map(sorted),
)
def test_conservative_is_never_worth_more_than_base(bill, decline, ratio, data):
    case = FineTuneCase(
        current_monthly_usd=bill,
        yearly_price_decline=Estimate(*decline),
        cost_ratio=Estimate(*ratio),
        data_preparation_usd=Estimate(*data),
    )
    low, base, high = (value_usd(c) for c in (conservative(case), case, optimistic(case)))
    assert low <= base + 1e-6 <= high + 2e-6


def test_doing_nothing_costs_and_brings_nothing():
    nothing = named(example_case())["do nothing"]
    assert (nothing.investment_usd, nothing.first_year_monthly_usd, nothing.value_usd) == (0, 0, 0)
    assert set(nothing.roi.values()) == {None}
    assert nothing.chance_of_loss == 0 and nothing.case is None


def test_a_swap_saves_the_difference_of_two_bills_that_fall_alike(bare):
    case = bare(
        current_monthly_usd=8_000,
        routing_multiplier=0.5,
        yearly_price_decline=EXACT(0.36),
        monthly_growth=EXACT(0.02),
    )
    swap = named(case, 1_000.0)["swap model only"]
    # (4,000 - 1,000) x 1.02^t x 0.64^(t/12), by hand
    nets = [3_000 * 1.02**t * 0.64 ** (t / 12) for t in range(1, 37)]
    assert swap.first_year_monthly_usd == pytest.approx(sum(nets[:12]) / 12)
    value = sum(net / 1.12 ** (t / 12) for t, net in enumerate(nets, start=1))
    assert swap.value_usd == pytest.approx(value)
    assert swap.chance_of_loss == 0 and swap.investment_usd == 0


def test_a_swap_dearer_than_the_routed_bill_is_a_sure_loss(bare):
    case = bare(current_monthly_usd=8_000, routing_multiplier=0.1)
    swap = named(case, 1_000.0)["swap model only"]
    assert swap.value_usd < 0 and swap.chance_of_loss == 1


def test_without_a_swap_there_is_no_row_for_it():
    assert list(named(example_case())) == ["conservative", "base", "optimistic", "do nothing"]


def test_a_tuned_bill_instead_of_a_ratio_is_halved_like_other_money(bare):
    case = bare(current_monthly_usd=8_000, tuned_monthly_usd=Estimate(100, 200, 400))
    assert ends(conservative(case).tuned_monthly_usd) == pytest.approx((200, 200 + 200 / 3, 400))
    assert conservative(case).cost_ratio is None


def test_a_successor_cheapens_what_a_swap_saves_too() -> None:
    plain = FineTuneCase(current_monthly_usd=10_000, yearly_price_decline=Estimate.exactly(0.0))
    stepped = replace(plain, reprice_month=2, reprice_factor=0.1)
    before, after = (scenarios(case, 2_000, draws=50)[-1] for case in (plain, stepped))
    assert before.first_year_monthly_usd == pytest.approx(8_000)
    assert after.first_year_monthly_usd == pytest.approx((8_000 + 11 * 800) / 12)
