import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics import cashflow
from core.economics.cashflow import CashFlow

NETS = st.lists(st.floats(-5_000, 5_000), min_size=1, max_size=48)


def level(golden_case, months):
    given_ = golden_case["in"]
    return CashFlow(given_["I0"], (float(given_["S"]),) * months)


def test_a_level_saving_matches_the_worked_case(golden):
    case = golden["G7_npv"]
    rate, expect = case["in"]["r"], case["expect"]
    for months in (12, 24, 36):
        flow = level(case, months)
        assert cashflow.npv_usd(flow, rate) == pytest.approx(
            float(expect[f"npv{months}"]), abs=0.005
        )
        assert cashflow.roi(flow, months) == pytest.approx(expect[f"roi{months}"])
        assert cashflow.irr_monthly(flow) == pytest.approx(expect[f"irr{months}_month"], abs=1e-8)
    flow = level(case, 36)
    assert cashflow.npv_usd(flow, rate, 12) == pytest.approx(float(expect["npv12"]), abs=0.005)
    assert cashflow.payback_months(flow) == pytest.approx(expect["payback"], abs=1e-4)
    assert cashflow.sustained_payback_months(flow) == pytest.approx(expect["payback"], abs=1e-4)
    discounted = cashflow.discounted_payback_months(flow, rate)
    assert discounted == pytest.approx(expect["payback_discounted"], abs=1e-4)


def test_a_lead_time_matches_the_worked_case(golden):
    case = golden["G20_lead_time"]
    flow = CashFlow(case["in"]["I0"], (0.0, 0.0) + (case["in"]["S"],) * 34)
    expect = case["expect"]
    assert cashflow.payback_months(flow) == pytest.approx(expect["payback"], abs=1e-4)
    assert cashflow.discounted_payback_months(flow, 0.12) == pytest.approx(
        expect["payback_discounted"], abs=1e-4
    )
    assert cashflow.cumulative_usd(flow)[12] == pytest.approx(float(expect["cum12"]))
    assert cashflow.npv_usd(flow, 0.12, 12) == pytest.approx(float(expect["npv12"]), abs=0.005)


def test_a_balance_that_falls_again_pays_back_late_and_has_no_rate_of_return():
    flow = CashFlow(100, (150, -100, 100))
    assert cashflow.payback_months(flow) == pytest.approx(2 / 3)
    assert cashflow.sustained_payback_months(flow) == pytest.approx(2.5)
    assert cashflow.irr_monthly(flow) is None


def test_the_textbook_trap_with_two_rates_of_return_shows_none():
    assert cashflow.irr_monthly(CashFlow(1_600, (10_000, -10_000))) is None


def test_a_loss_has_no_payback_and_no_rate_of_return():
    flow = CashFlow(1_000, (10.0,) * 36)
    assert cashflow.payback_months(flow) is None
    assert cashflow.sustained_payback_months(flow) is None
    assert cashflow.irr_monthly(flow) is None


def test_without_an_investment_payback_is_at_once_and_the_ratio_means_nothing():
    flow = CashFlow(0, (10.0,) * 3)
    assert cashflow.payback_months(flow) == 0
    assert cashflow.sustained_payback_months(flow) == 0
    assert cashflow.roi(flow, 3) is None
    assert cashflow.irr_monthly(flow) is None


def test_ten_tenths_pay_back_one_in_spite_of_floating_point():
    assert cashflow.sustained_payback_months(CashFlow(1, (0.1,) * 10)) == pytest.approx(10)


@given(NETS, st.floats(0, 20_000))
def test_payback_exists_exactly_when_the_balance_gets_and_stays_there(nets, investment):
    flow = CashFlow(investment, tuple(nets))
    balance = cashflow.cumulative_usd(flow)
    if abs(balance).min() < 1e-5:  # undecidable in floating point
        return
    first, kept = cashflow.payback_months(flow), cashflow.sustained_payback_months(flow)
    assert (first is None) == (balance.max() < 0)
    assert (kept is None) == (balance[-1] < 0)
    if kept is not None:
        assert first is not None and 0 <= first <= kept <= len(nets)
        assert (balance[int(np.ceil(kept)) :] >= 0).all()


@given(
    st.lists(st.floats(0.01, 5_000), min_size=1, max_size=48),
    st.floats(1, 20_000),
    st.floats(0, 0.5),
    st.floats(0.01, 0.4),
)
def test_present_value_falls_with_the_rate_when_money_goes_out_once(nets, investment, rate, more):
    flow = CashFlow(investment, tuple(nets))
    assert cashflow.npv_usd(flow, rate + more) < cashflow.npv_usd(flow, rate)


@given(st.lists(st.floats(1, 5_000), min_size=2, max_size=48), st.floats(1, 20_000))
def test_the_rate_of_return_makes_the_present_value_zero(nets, investment):
    flow = CashFlow(investment, tuple(nets))
    rate = cashflow.irr_monthly(flow)
    if rate is None:
        assert cashflow.sustained_payback_months(flow) in (None, pytest.approx(len(nets)))
    else:
        value = np.sum(flow.values_usd / (1 + rate) ** np.arange(len(nets) + 1))
        assert value == pytest.approx(0, abs=1e-5 * investment)


def test_many_futures_at_once_agree_with_one_at_a_time():
    random = np.random.default_rng(5)
    values = np.column_stack([-random.uniform(0, 3_000, 50), random.normal(200, 400, (50, 24))])
    balances = np.cumsum(values, axis=1)
    for cross, single in (
        (cashflow.first_crossing, cashflow.payback_months),
        (cashflow.sustained_crossing, cashflow.sustained_payback_months),
    ):
        expected = [single(CashFlow(-row[0], tuple(row[1:]))) for row in values]
        assert cross(balances) == pytest.approx(
            [np.inf if months is None else months for months in expected]
        )
