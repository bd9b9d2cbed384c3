from dataclasses import replace

import numpy as np
import pytest

from core.economics.cashflow import sustained_crossing
from core.economics.draws import pert, triangular
from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.flow import expected_future, monthly_net_usd
from core.economics.tuning.uncertainty import (
    chance_of_loss,
    chance_within,
    draw_futures,
    percentiles,
    simulate,
)
from core.economics.tuning.verdict import assess

DRAWS = 10_000


def test_a_triangular_investment_pays_back_as_often_as_the_formula_says(golden):
    case = golden["G12_probability"]
    low, likely, high = case["in"]["I0_triangular"]
    investment = triangular(Estimate(low, likely, high), DRAWS, np.random.default_rng(1))
    nets = np.full((DRAWS, 36), float(case["in"]["net_month"]))
    payback = sustained_crossing(np.cumsum(np.column_stack([-investment, nets]), axis=1))
    expect = case["expect"]
    for months in (6, 12, 18):
        chance = chance_within(payback, months)
        assert chance == pytest.approx(expect[f"p_payback_{months}"], abs=0.01)
    found = percentiles(payback)
    for key, months in (("p10", found.p10), ("p50", found.p50), ("p90", found.p90)):
        assert months == pytest.approx(expect[f"payback_{key}"], abs=0.2)


def test_pert_draws_have_the_mean_and_spread_of_the_worked_case(golden):
    data = Estimate(*golden["G11_pert"]["in"]["data"])
    values = pert(data, 200_000, np.random.default_rng(2))
    assert values.mean() == pytest.approx(data.mean, rel=0.002)
    assert values.std() == pytest.approx(golden["G11_pert"]["expect"]["pert_data_sd"], rel=0.01)
    assert data.low <= values.min() and values.max() <= data.high


def test_the_investment_of_the_course_has_the_mean_and_spread_of_the_formula(golden):
    case = FineTuneCase(current_monthly_usd=8_000)
    drawn = draw_futures(case, seed=1, draws=100_000).investment_usd

    def variance(estimate):  # of a PERT: (mean - low)(high - mean) / 7
        return (estimate.mean - estimate.low) * (estimate.high - estimate.mean) / 7

    runs, run = case.training_runs, case.compute_per_run_usd
    product = (variance(runs) + runs.mean**2) * (variance(run) + run.mean**2)
    product -= (runs.mean * run.mean) ** 2
    spread = (variance(case.data_preparation_usd) + product) ** 0.5
    assert drawn.mean() == pytest.approx(
        float(golden["G11_pert"]["expect"]["pert_total"]), rel=0.005
    )
    assert drawn.std() == pytest.approx(spread, rel=0.01)


def test_an_estimate_without_doubt_draws_itself():
    assert set(pert(Estimate.exactly(3), 5, np.random.default_rng(0))) == {3.0}
    assert set(triangular(Estimate.exactly(3), 5, np.random.default_rng(0))) == {3.0}


def test_the_same_seed_gives_the_same_result_and_another_seed_another():
    case = example_case()
    assert simulate(case, seed=5) == simulate(case, seed=5)
    assert simulate(case, seed=5) != simulate(case, seed=6)


def test_without_doubt_or_failure_every_future_is_the_expected_one(bare):
    case = bare(
        30_000,
        current_monthly_usd=6_000,
        tuned_monthly_usd=Estimate.exactly(1_500),
        yearly_price_decline=Estimate.exactly(0.2),
    )
    result, simulation = assess(case), simulate(case, draws=50)
    assert simulation.payback_months.p10 == pytest.approx(result.sustained_payback_months)
    assert simulation.payback_months.p90 == pytest.approx(result.sustained_payback_months)
    assert simulation.npv_usd[24].p50 == pytest.approx(result.npv_usd[24])
    assert simulation.bands_usd[50] == pytest.approx(result.cumulative_usd)
    assert simulation.probability_payback_within_months == {6: 0, 12: 1, 18: 1, 24: 1, 36: 1}
    assert simulation.expected_loss_usd is None


def test_a_project_fails_as_often_as_it_is_told(bare):
    case = bare(10_000, current_monthly_usd=10_000, failure_chance=0.3)
    simulation = simulate(case)
    assert simulation.probability_of_payback == pytest.approx(0.7, abs=0.015)
    assert simulation.payback_months.p90 is None
    assert simulation.payback_months.p10 == pytest.approx(1.0)
    assert simulation.expected_loss_usd == pytest.approx(10_000)


def test_a_case_that_never_pays_back_has_no_percentile_and_no_chance(bare):
    simulation = simulate(bare(10_000, current_monthly_usd=0), draws=200)
    assert simulation.probability_of_payback == 0
    assert simulation.payback_months.p10 is simulation.payback_months.p90 is None
    assert simulation.probability_of_loss == 1


def test_more_months_never_lower_the_chance_and_percentiles_are_in_order():
    simulation = simulate(example_case())
    chances = list(simulation.probability_payback_within_months.values())
    assert chances == sorted(chances)
    bands = [simulation.bands_usd[band] for band in (10, 25, 50, 75, 90)]
    assert (np.diff(np.array(bands), axis=0) >= 0).all()
    assert len(bands[0]) == 25  # months 0 to 24, the life of the base model


def test_a_dearer_host_never_raises_the_chance_because_other_draws_stay():
    case = example_case()
    dearer = replace(case, hosting_monthly_usd=Estimate.exactly(5_000))
    cheaper = replace(case, hosting_monthly_usd=Estimate.exactly(500))
    one, other = simulate(cheaper), simulate(dearer)
    for months, chance in one.probability_payback_within_months.items():
        assert other.probability_payback_within_months[months] <= chance


def test_the_chance_of_a_loss_alone_is_that_of_the_whole_simulation():
    case = example_case()
    assert chance_of_loss(case) == simulate(case).probability_of_loss
    assert (
        chance_of_loss(case, seed=5, draws=50)
        == simulate(case, seed=5, draws=50).probability_of_loss
    )


def test_the_value_at_the_end_is_that_of_the_last_milestone_counted():
    simulation = simulate(example_case(), draws=500)
    assert simulation.value_usd == simulation.npv_usd[24] == simulation.npv_usd[36]


def test_values_beyond_the_horizon_are_none():
    simulation = simulate(replace(example_case(), horizon_months=12), draws=100)
    assert simulation.npv_usd[12] is not None
    assert simulation.npv_usd[24] is None


def test_drawing_the_expected_numbers_gives_the_expected_series(bare):
    case = bare(1_000, current_monthly_usd=100, monthly_growth=Estimate.exactly(0.02))
    drawn = monthly_net_usd(case, draw_futures(case, seed=1, draws=3))
    expected = monthly_net_usd(case, expected_future(case))
    assert drawn == pytest.approx(np.repeat(expected, 3, 0))


def test_never_is_kept_and_not_averaged_away():
    found = percentiles(np.array([1.0, 2.0, np.inf, np.inf]))
    assert (found.p10, found.p50, found.p90) == (1.0, 2.0, None)
