import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics.estimate import Estimate
from core.economics.forecast import Bill, forecast, monthly_ramp, nothing_changes
from core.economics.outlook import Outlook
from core.errors import BadInput

USD = st.floats(0, 1e6)
GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "economics.json").read_text())


def outlook(growth: float = 0.0, decline: float = 0.0, **values: object) -> Outlook:
    return Outlook(
        monthly_growth=Estimate.exactly(growth),
        yearly_price_decline=Estimate.exactly(decline),
        **values,  # type: ignore[arg-type]
    )


def test_without_growth_or_decline_a_year_saves_twelve_times_the_month() -> None:
    found = forecast(Bill(5_500), Bill(1_881), outlook())
    assert found.months == tuple(range(1, 13))
    assert found.total_saving_usd == pytest.approx(12 * 3_619)


def test_growth_decline_and_costs_enter_as_worked_by_hand() -> None:
    months = outlook(
        0.1, 0.3, months=2, one_off_usd=Estimate.exactly(500),
        running_monthly_usd=Estimate.exactly(50),
    )  # fmt: skip
    found = forecast(Bill(1_000), Bill(400), months)
    second = 1.1**2 * 0.7 ** (2 / 12)
    assert found.baseline_usd[1] == pytest.approx(1_000 * second)
    assert found.planned_usd[1] == pytest.approx(400 * second + 50)
    first_saving = 600 * 1.1 * 0.7 ** (1 / 12) - 50
    assert found.cumulative_usd[0] == pytest.approx(first_saving - 500)


def test_money_enters_at_its_mean_and_rates_at_their_likely_value() -> None:
    months = outlook(one_off_usd=Estimate(0, 100, 800), months=1)
    months_with_rates = Outlook(monthly_growth=Estimate(0.0, 0.1, 0.5), months=1)
    assert forecast(Bill(100), Bill(100), months).total_saving_usd == pytest.approx(-200)
    grown = forecast(Bill(100), Bill(0), months_with_rates)
    assert grown.baseline_usd[0] == pytest.approx(110 * 0.7 ** (1 / 12))


def test_rent_follows_neither_volume_nor_prices() -> None:
    found = forecast(Bill(1_000), Bill(500, fixed_usd=400), outlook(0.0, 0.6))
    assert found.baseline_usd[-1] == pytest.approx(400)
    assert found.planned_usd[-1] == pytest.approx(400 + 100 * 0.4)


def test_an_endpoint_is_rented_whole_from_the_first_query_on() -> None:
    months = outlook(weekly_ramp=(0.5,), months=1)
    found = forecast(Bill(1_000), Bill(3_000, fixed_usd=3_000), months)
    assert found.planned_usd == (3_000 + 500,)
    none = forecast(Bill(1_000), Bill(3_000, fixed_usd=3_000), outlook(weekly_ramp=(0.0,)))
    assert none.total_saving_usd == pytest.approx(0)


def test_a_repricing_cuts_both_bills_and_charges_the_move() -> None:
    months = outlook(months=2, reprice_month=2, reprice_factor=0.5, reprice_usd=30)
    found = forecast(Bill(1_000), Bill(400), months)
    assert found.baseline_usd == (1_000, 500) and found.planned_usd == (400, 230)


def test_tokens_that_grow_longer_move_both_bills() -> None:
    months = outlook(monthly_token_drift=Estimate.exactly(0.05))
    found = forecast(Bill(100), Bill(40), months)
    assert found.planned_usd[11] == pytest.approx(40 * 1.05**12)


def test_until_the_rollout_is_complete_the_rest_pays_as_today() -> None:
    months = outlook(weekly_ramp=(0.0, 0.25, 0.5, 0.75, 1.0), months=3)
    found = forecast(Bill(1_000), Bill(400), months)
    # 4.348 weeks: none, a quarter, a half, three quarters, and all for the rest
    weeks = 365.25 / 12 / 7
    share = (0.25 + 0.5 + 0.75 + (weeks - 4)) / weeks
    assert found.saving_usd[0] == pytest.approx(600 * share, abs=1.0)
    assert found.saving_usd[1:] == pytest.approx((600, 600))


def test_a_rollout_that_never_starts_costs_nothing_to_run() -> None:
    months = outlook(weekly_ramp=(0.0,), running_monthly_usd=Estimate.exactly(50))
    assert forecast(Bill(1_000), Bill(400), months).total_saving_usd == pytest.approx(0)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60), st.integers(1, 36))
def test_a_ramp_stays_within_its_weeks_and_ends_at_the_last(
    weeks: list[float], months: int
) -> None:
    ramp = monthly_ramp(tuple(weeks), months)
    assert ramp.shape == (months,)
    assert np.all(ramp >= min(weeks) - 1e-9) and np.all(ramp <= max(weeks) + 1e-9)
    if months > len(weeks) / 4 + 1:
        assert ramp[-1] == pytest.approx(weeks[-1])


def test_a_plan_of_volumes_takes_the_place_of_growth_and_season() -> None:
    months = outlook(0.5, months=4, volume_plan=(1.0, 2.0), season=(2.0, *[1.0] * 11))
    assert forecast(Bill(100), Bill(0), months).baseline_usd == (100, 200, 200, 200)


def test_a_season_moves_volume_within_the_year_as_in_the_worked_case() -> None:
    case, expected = GOLDEN["G10_season"]["in"], GOLDEN["G10_season"]["expect"]
    months = outlook(case["g"], season=tuple(case["index"]))
    found = forecast(Bill(case["V0"] * case["c"]), Bill(0), months)
    assert sum(found.baseline_usd) == pytest.approx(float(expected["year"]), abs=0.005)


def test_the_own_net_of_a_fine_tune_comes_on_top() -> None:
    other = Bill(400, extra_usd=(100.0, -300.0), started_usd=1_000)
    found = forecast(Bill(1_000), other, outlook(months=3))
    assert found.saving_usd == pytest.approx((500, 900, 600))
    assert found.cumulative_usd == pytest.approx((-500, 400, 1_000))


def test_doing_nothing_has_no_cost_of_change() -> None:
    months = outlook(one_off_usd=Estimate.exactly(9), running_monthly_usd=Estimate.exactly(9))
    assert forecast(Bill(10), Bill(10), nothing_changes(months)).total_saving_usd == 0


@given(USD, USD, st.floats(-0.5, 0.5), st.floats(0, 0.9))
def test_savings_are_the_difference_of_the_bills_and_add_up(
    today: float, planned: float, growth: float, decline: float
) -> None:
    found = forecast(Bill(today), Bill(planned), outlook(growth, decline))
    pairs = zip(found.baseline_usd, found.planned_usd, strict=True)
    assert found.saving_usd == pytest.approx([a - b for a, b in pairs])
    assert found.total_saving_usd == pytest.approx(sum(found.saving_usd), abs=1e-3)


@given(USD, USD, USD, st.floats(-0.5, 0.5))
def test_a_cheaper_plan_never_saves_less(
    today: float, planned: float, more: float, growth: float
) -> None:
    cheap, dear = (
        forecast(Bill(today), Bill(bill), outlook(growth)) for bill in (planned, planned + more)
    )
    assert cheap.total_saving_usd >= dear.total_saving_usd - 1e-6


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"monthly_growth": Estimate.exactly(-1.0)}, "monthly_growth"),
        ({"yearly_price_decline": Estimate(0, 0.5, 1.0)}, "yearly_price_decline"),
        ({"monthly_token_drift": Estimate.exactly(1.5)}, "monthly_token_drift"),
        ({"running_monthly_usd": Estimate.exactly(-1)}, "running_monthly_usd"),
        ({"months": 0}, "months"),
        ({"volume_plan": (1.0, -2.0)}, "volume_plan"),
        ({"volume_plan": (float("inf"),)}, "volume_plan"),
        ({"season": (float("inf"), *[1.0] * 11)}, "season"),
        ({"season": (float("nan"), *[1.0] * 11)}, "season"),
        ({"reprice_month": 2, "reprice_usd": float("inf")}, "reprice_usd"),
        ({"season": (1.0, 2.0)}, "twelve"),
        ({"first_month": 13}, "calendar month"),
        ({"weekly_ramp": ()}, "rollout"),
        ({"weekly_ramp": (0.5, 1.2)}, "rollout"),
        ({"reprice_month": 0}, "reprice_month"),
    ],
)
def test_what_cannot_be_is_named(values: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput) as error:
        Outlook(**values)  # type: ignore[arg-type]
    assert said in f"{error.value.found} {error.value.remedy}"


@pytest.mark.parametrize("usd", [-1.0, float("nan")])
def test_a_negative_bill_is_refused(usd: float) -> None:
    with pytest.raises(BadInput, match="bill"):
        Bill(usd)


def test_an_idle_log_saves_nothing() -> None:
    assert forecast(Bill(0), Bill(0), Outlook()).total_saving_usd == 0


def test_a_volume_that_doubles_every_month_is_steep_and_no_mistake() -> None:
    assert Outlook(monthly_growth=Estimate.exactly(1.0)).monthly_growth.likely == 1.0
