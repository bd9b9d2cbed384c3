"""The same answers from other people's code and from closed forms."""

from dataclasses import replace

import numpy as np
import numpy_financial as npf
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from core.economics.attempts import cost_per_success_usd
from core.economics.cashflow import CashFlow, irr_monthly, npv_usd, payback_months
from core.economics.draws import triangular
from core.economics.estimate import Estimate
from core.economics.tuning.case import example_case
from core.economics.tuning.flow import monthly_net_usd
from core.economics.tuning.futures_words import chance_words, change_words, range_words
from core.economics.tuning.sensitivity import bridge, swings_of, value_usd
from core.economics.tuning.uncertainty import chance_of_loss, draw_futures, simulate
from core.economics.tuning.verdict import assess
from core.economics.tuning.words import sentences
from core.economics.volume import monthly_rate

EXACT = Estimate.exactly
INVESTMENTS = st.floats(1_000, 1e6)
NETS = st.lists(st.floats(-5_000, 5e4), min_size=1, max_size=60)
RATES = st.floats(0, 0.9)


@given(INVESTMENTS, NETS, RATES)
def test_present_values_are_those_of_numpy_financial(investment, nets, rate):
    flow = CashFlow(investment, tuple(nets))
    theirs = npf.npv(monthly_rate(rate), [-investment, *nets])
    assert npv_usd(flow, rate) == pytest.approx(theirs, rel=1e-9, abs=1e-4)


@given(INVESTMENTS, st.floats(0.02, 0.9), st.integers(2, 60))
def test_rates_of_return_are_those_of_numpy_financial(investment, part, months):
    net = investment * part
    flow = CashFlow(investment, (net,) * months)
    assume(net * months > 1.01 * investment)
    ours = irr_monthly(flow)
    assert ours == pytest.approx(npf.irr([-investment, *flow.monthly_net_usd]), abs=1e-6)
    # and an annuity at that rate is worth its price: net x (1 - (1 + i)^-n) / i
    assert net * (1 - (1 + ours) ** -months) / ours == pytest.approx(investment, rel=1e-6)


@given(INVESTMENTS, st.floats(10, 1e5))
def test_a_level_saving_pays_back_after_investment_over_saving(investment, net):
    months = investment / net
    flow = CashFlow(investment, (net,) * 120)
    expected = pytest.approx(months, rel=1e-9) if months <= 120 else None
    assert payback_months(flow) == expected


@given(INVESTMENTS, st.floats(10, 1e5), RATES)
def test_a_level_saving_is_worth_an_annuity(investment, net, rate):
    i = monthly_rate(rate)
    annuity = net * 36 if i == 0 else net * -np.expm1(-36 * np.log1p(i)) / i
    value = npv_usd(CashFlow(investment, (net,) * 36), rate)
    assert value == pytest.approx(annuity - investment, rel=1e-6, abs=1e-3)


def test_numpy_financials_wrong_rate_of_a_project_that_never_recovers_is_not_shown():
    nets = (3_000.0,) * 7 + (-1_000.0,) * 17
    assert irr_monthly(CashFlow(30_000, nets)) is None


@given(INVESTMENTS, st.lists(st.floats(1, 5e4), min_size=1, max_size=60), RATES, RATES)
def test_the_value_of_conventional_flows_falls_with_the_discount_rate(investment, nets, one, other):
    low, high = sorted((one, other))
    flow = CashFlow(investment, tuple(nets))
    assert npv_usd(flow, high) <= npv_usd(flow, low) + 1e-6


@given(st.floats(0.001, 1), st.floats(0, 0.99), st.integers(0, 50), st.integers(0, 50))
def test_a_success_costs_the_same_whatever_the_cap_on_retries(usd, repeat, one, other):
    found = [cost_per_success_usd(usd, repeat, cap) for cap in (one, other, None)]
    assert found == pytest.approx([usd / (1 - repeat)] * 3)


@settings(max_examples=40, deadline=None)
@given(st.floats(1e3, 1e6), st.floats(0.05, 1), st.floats(0, 0.5), st.integers(0, 6))
def test_the_bridge_ends_at_the_payback_of_the_case(bill, routing, failure, lead):
    case = replace(
        example_case(),
        monthly_queries=None,
        cost_per_query_usd=None,
        current_monthly_usd=bill,
        routing_multiplier=routing,
        failure_chance=failure,
        lead_months=lead,
    )
    steps, result = bridge(case), assess(case)
    assert steps[0].payback_months == result.textbook_payback_months
    assert steps[-1].payback_months == result.sustained_payback_months


@settings(max_examples=40, deadline=None)
@given(st.floats(1_000, 1e5), st.floats(0, 1e5), st.floats(0, 0.9), st.floats(0, 3_000))
def test_no_payback_is_sooner_than_investment_over_what_the_slice_spends(
    bare, investment, bill, decline, running
):
    case = bare(
        investment,
        current_monthly_usd=bill,
        slice_share=0.4,
        yearly_price_decline=EXACT(decline),
        hosting_monthly_usd=EXACT(running),
    )
    months = assess(case).sustained_payback_months
    assert months is None or months >= investment / (0.4 * bill) * (1 - 1e-9)


def test_the_simulation_itself_gives_the_chance_of_the_closed_form(golden, bare, monkeypatch):
    """P(within 12 months) = 1 - (50 - 30)^2 / (40 x 24) = 58.33% for a triangular investment."""
    from core.economics.tuning import uncertainty

    monkeypatch.setattr(uncertainty, "pert", triangular)
    g = golden["G12_probability"]["in"]
    case = bare(
        current_monthly_usd=g["net_month"],
        data_preparation_usd=Estimate(*g["I0_triangular"]),
    )
    found = simulate(case, draws=10_000)
    assert found.probability_payback_within_months[12] == pytest.approx(0.583333, abs=0.01)
    assert found.payback_months.p10 == pytest.approx(7.2, abs=0.15)
    assert found.payback_months.p50 == pytest.approx(11.2364, abs=0.15)
    assert found.payback_months.p90 == pytest.approx(16.0808, abs=0.2)


def test_simulated_values_are_those_of_numpy_financial():
    case = example_case()
    future = draw_futures(case, seed=7, draws=200)
    works = np.random.default_rng([7, *b"failure"]).random(200) >= case.failure_chance
    nets = np.where(works[:, None], monthly_net_usd(case, future), 0.0)
    rate = monthly_rate(case.yearly_discount_rate)
    values = [
        npf.npv(rate, [-invested, *net])
        for invested, net in zip(future.investment_usd, nets, strict=True)
    ]
    assert chance_of_loss(case, seed=7, draws=200) == np.mean(np.array(values) < 0)
    found = simulate(case, seed=7, draws=200)
    assert found.value_usd.p50 == pytest.approx(sorted(values)[99])


@pytest.mark.parametrize(
    "changes",
    [
        {"current_monthly_usd": 0},  # zero traffic
        {"current_monthly_usd": 100, "tuned_monthly_usd": EXACT(100)},  # zero saving
        {"current_monthly_usd": 10_000, "monthly_growth": EXACT(-0.5)},
        {"current_monthly_usd": 10_000, "horizon_months": 1},
        {"current_monthly_usd": 10_000, "lead_months": 120},
        {"current_monthly_usd": 10_000, "investment_usd": 0},
        {"current_monthly_usd": 0, "investment_usd": 0},
    ],
)
def test_edge_cases_give_words_and_no_infinities(bare, changes):
    inputs = {"investment_usd": 30_000, **changes}
    case = bare(**inputs)
    result, swings = assess(case), swings_of(case)
    text = " ".join(
        [
            *sentences(case, result),
            chance_words(case, simulate(case, draws=100)),
            range_words(swings),
            change_words(case, result, swings),
        ]
    )
    assert text
    assert not any(word in text.split() for word in ("inf", "nan", "None", "infinite"))
    assert np.isfinite(value_usd(case))
