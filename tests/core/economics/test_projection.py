from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics.projection import project, waterfall
from core.economics.volume import PriceStep
from core.errors import BadInput

USD = st.floats(0, 1e6)


def test_without_growth_or_decline_a_year_saves_twelve_times_the_month():
    projection = project(5_500, 1_881)
    assert projection.months == tuple(range(1, 13))
    assert projection.total_saving_usd == pytest.approx(12 * 3_619)


def test_growth_decline_and_costs_enter_as_worked_by_hand():
    projection = project(
        1_000, 400, months=2, monthly_growth=0.1, yearly_price_decline=0.3,
        one_off_usd=500, extra_monthly_usd=50,
    )  # fmt: skip
    second = 1.1**2 * 0.7 ** (2 / 12)
    assert projection.baseline_usd[1] == pytest.approx(1_000 * second)
    assert projection.planned_usd[1] == pytest.approx(400 * second + 50)
    first_saving = 600 * 1.1 * 0.7 ** (1 / 12) - 50
    assert projection.cumulative_usd[0] == pytest.approx(first_saving - 500)


def test_rented_hardware_need_not_follow_the_price_of_tokens():
    projection = project(1_000, 400, yearly_price_decline=0.6, planned_yearly_price_decline=0.0)
    assert projection.baseline_usd[-1] == pytest.approx(400)
    assert projection.planned_usd[-1] == pytest.approx(400)


def test_a_price_step_cuts_both_bills_and_charges_the_move():
    projection = project(1_000, 400, months=2, steps=[PriceStep(2, 0.5, migration_usd=30)])
    assert projection.baseline_usd == (1_000, 500)
    assert projection.planned_usd == (400, 230)


def test_a_dearer_plan_shows_a_negative_saving():
    assert project(100, 150).total_saving_usd == pytest.approx(-600)


@given(USD, USD, st.floats(-0.5, 0.5), st.floats(0, 0.9))
def test_savings_are_the_difference_of_the_bills_and_add_up(today, planned, growth, decline):
    projection = project(today, planned, monthly_growth=growth, yearly_price_decline=decline)
    pairs = zip(projection.baseline_usd, projection.planned_usd, strict=True)
    assert projection.saving_usd == pytest.approx([a - b for a, b in pairs])
    assert projection.total_saving_usd == pytest.approx(sum(projection.saving_usd), abs=1e-3)


@given(USD, USD, USD, st.floats(-0.5, 0.5))
def test_a_cheaper_plan_never_saves_less(today, planned, more, growth):
    cheap = project(today, planned, monthly_growth=growth)
    dear = project(today, planned + more, monthly_growth=growth)
    assert cheap.total_saving_usd >= dear.total_saving_usd - 1e-6


@pytest.mark.parametrize(
    "change", [{"monthly_growth": -1.0}, {"yearly_price_decline": 1.0}, {"months": 0}]
)
def test_impossible_rates_are_refused(change):
    with pytest.raises(BadInput):
        project(100, 50, **change)


@pytest.mark.parametrize("bill", [-1.0, float("nan")])
def test_a_negative_bill_is_refused(bill):
    with pytest.raises(BadInput, match="bill"):
        project(bill, 50)


def test_an_idle_log_saves_nothing():
    assert project(0, 0).total_saving_usd == 0


@given(st.floats(0, 1e6), st.lists(st.floats(-1e5, 1e5), max_size=8))
def test_a_waterfall_leads_from_one_bill_to_the_other_to_the_cent(today, changes):
    planned = today + sum(changes)
    bars = waterfall(today, {f"step {i}": usd for i, usd in enumerate(changes)}, planned)
    cents = [round(100 * bar.amount_usd) for bar in bars]
    assert cents[0] + sum(cents[1:-1]) == cents[-1]
    assert round(100 * planned) - cents[-1] in (-1, 0, 1)  # half a cent may round either way
    for before, after in pairwise(bars[:-1]):
        assert after.start_usd == before.end_usd


def test_a_waterfall_names_its_steps_in_order():
    bars = waterfall(100.0, {"Simple queries move": -40.005, "Checks": 5.0}, 64.995)
    assert [bar.name for bar in bars] == ["Today", "Simple queries move", "Checks", "Planned"]
    assert [bar.kind for bar in bars] == ["total", "step", "step", "total"]


def test_steps_that_lead_elsewhere_are_refused():
    with pytest.raises(BadInput, match=r"to 60\.00 USD, but the planned bill is 50\.00"):
        waterfall(100, {"a": -40}, 50)
