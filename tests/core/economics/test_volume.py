import numpy as np
import pytest

from core.economics import volume
from core.errors import BadInput


def test_season_and_shrinkage_match_the_worked_case(golden):
    case = golden["G10_season"]
    given, expect = case["in"], case["expect"]
    queries = given["V0"] * volume.volume_factors(12, given["g"], season=given["index"])
    assert queries[0] == pytest.approx(expect["q_t1"], abs=0.005)
    assert queries[-1] == pytest.approx(expect["q_t12"], abs=0.005)
    assert queries.sum() * given["c"] == pytest.approx(float(expect["year"]), abs=0.005)
    plain = given["V0"] * volume.volume_factors(12, given["g"])
    assert plain.sum() * given["c"] == pytest.approx(
        float(expect["year_without_season"]), abs=0.005
    )


def test_a_season_starts_in_the_month_it_is_told():
    season = [float(month) for month in range(1, 13)]
    factors = volume.volume_factors(3, 0.0, season=season, first_calendar_month=12)
    assert factors == pytest.approx([12 / 6.5, 1 / 6.5, 2 / 6.5])


def test_a_year_of_monthly_rates_is_the_yearly_rate():
    assert (1 + volume.monthly_rate(0.12)) ** 12 == pytest.approx(1.12)
    assert volume.monthly_rate(0.12) == pytest.approx(0.00948879293458)


def test_prices_fall_by_the_yearly_decline_after_twelve_months():
    assert volume.price_factors(12, 0.3)[-1] == pytest.approx(0.7)
    assert volume.decline_from_fold(10) == pytest.approx(0.9)


def test_a_step_reprices_from_its_month_on_and_charges_its_migration_once():
    steps = [volume.PriceStep(month=3, factor=0.5, migration_usd=700)]
    assert volume.price_factors(4, 0.0, steps=steps).tolist() == [1, 1, 0.5, 0.5]
    assert volume.migration_costs_usd(4, steps).tolist() == [0, 0, 700, 0]
    assert volume.migration_costs_usd(2, steps).tolist() == [0, 0]


def test_many_futures_have_a_row_each():
    rows = volume.volume_factors(2, np.array([0.0, 0.1]))
    assert rows == pytest.approx(np.array([[1, 1], [1.1, 1.21]]))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: volume.volume_factors(12, -1.0),
        lambda: volume.volume_factors(0, 0.0),
        lambda: volume.volume_factors(12, 0.0, season=[1.0] * 11),
        lambda: volume.volume_factors(12, 0.0, season=[0.0] * 12),
        lambda: volume.price_factors(12, 1.0),
        lambda: volume.price_factors(12, 0.1, steps=[volume.PriceStep(1, -0.5)]),
        lambda: volume.monthly_rate(-1.5),
        lambda: volume.decline_from_fold(0),
    ],
)
def test_impossible_rates_are_refused(ask):
    with pytest.raises(BadInput):
        ask()
