from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics.estimate import Estimate
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.verdict import assess, textbook_payback_months
from core.errors import BadInput

EXACT = Estimate.exactly


@pytest.fixture
def declining(golden, bare):
    """The worked cases G8 and G8b as a case."""

    def build(key, **changes):
        g = golden[key]["in"]
        values = {
            "monthly_queries": g["V0"],
            "cost_per_query_usd": g["cb0"],
            "slice_share": g["share"],
            "tuned_monthly_usd": EXACT(g["V0"] * g["share"] * g["cft"]),
            "hosting_monthly_usd": EXACT(g["ongoing"]),
            "retrain_usd": g["retrain"],
            "retrain_every_months": g["retrain_every"],
            "monthly_growth": EXACT(g["g"]),
            "yearly_price_decline": EXACT(g["price_decline_year"]),
            "horizon_months": g["T"],
            "asset_life_months": g["T"],
        }
        return bare(g["I0"], **(values | changes))

    return build


def test_the_ranges_of_the_course_sum_to_8_to_70_thousand(golden):
    result = assess(FineTuneCase(current_monthly_usd=8_000))
    expect = golden["G6_textbook_ranges"]["expect"]
    assert result.investment_low_usd == float(expect["arith_min"])
    assert result.investment_high_usd == float(expect["arith_max"])
    pert = float(golden["G11_pert"]["expect"]["pert_total"])
    assert result.investment_mean_usd == pytest.approx(pert, abs=0.005)


@pytest.mark.parametrize(
    ("investment", "running", "key"),
    [
        (10_000, 0, "payback_10k"),
        (50_000, 0, "payback_50k"),
        (10_000, 1_500, "payback_10k_ongoing"),
        (26_000, 1_500, "payback_26k_ongoing"),
        (50_000, 1_500, "payback_50k_ongoing"),
    ],
)
def test_plain_paybacks_match_the_worked_case(golden, bare, investment, running, key):
    g, expect = golden["G6_textbook_ranges"]["in"], golden["G6_textbook_ranges"]["expect"]
    case = bare(
        investment,
        current_monthly_usd=g["current_month"],
        tuned_monthly_usd=EXACT(g["ft_month"]),
        hosting_monthly_usd=EXACT(running),
    )
    result = assess(case)
    assert result.payback_months == pytest.approx(expect[key], abs=1e-4)
    assert result.textbook_payback_months == pytest.approx(investment / 6_000)


def test_after_routing_the_same_project_never_pays_back(golden, bare):
    g, expect = golden["G6_textbook_ranges"]["in"], golden["G6_textbook_ranges"]["expect"]
    case = bare(
        50_000,
        current_monthly_usd=g["current_month"],
        tuned_monthly_usd=EXACT(g["ft_month"]),
        hosting_monthly_usd=EXACT(g["ongoing"]),
        routing_multiplier=g["routing_multiplier"],
    )
    result = assess(case)
    assert result.routed_monthly_usd == pytest.approx(float(expect["baseline_after_routing"]))
    assert result.monthly_net_usd[0] == pytest.approx(float(expect["net_after_routing"]), abs=0.005)
    assert result.sustained_payback_months is None
    assert result.no_payback_reason == "running cost above saving"
    assert result.textbook_payback_months == pytest.approx(8.3333, abs=1e-4)


def test_a_growing_case_with_retraining_and_decline_matches_the_worked_loss(golden, declining):
    expect, result = golden["G8_declining_loss"]["expect"], assess(declining("G8_declining_loss"))
    for month in (1, 6, 12, 24):
        net = result.monthly_net_usd[month - 1]
        assert net == pytest.approx(float(expect[f"net_t{month}"]), abs=0.005)
    for month in (12, 24):
        assert result.cumulative_usd[month] == pytest.approx(
            float(expect[f"cum{month}"]), abs=0.005
        )
        assert result.npv_usd[month] == pytest.approx(float(expect[f"npv{month}"]), abs=0.005)
    assert result.payback_months is None
    assert result.npv_usd[36] is None  # beyond the horizon


def test_a_growing_case_with_retraining_and_decline_matches_the_worked_gain(golden, declining):
    expect, result = golden["G8b_gain"]["expect"], assess(declining("G8b_gain"))
    assert result.payback_months == pytest.approx(expect["payback_first"], abs=1e-4)
    assert result.sustained_payback_months == pytest.approx(expect["payback_sustained"], abs=1e-4)
    assert result.discounted_payback_months == pytest.approx(
        expect["payback_discounted_sustained"], abs=1e-4
    )
    for month in (12, 24, 36):
        assert result.cumulative_usd[month] == pytest.approx(
            float(expect[f"cum{month}"]), abs=0.005
        )
        assert result.npv_usd[month] == pytest.approx(float(expect[f"npv{month}"]), abs=0.005)
        assert result.roi[month] == pytest.approx(expect[f"roi{month}"], abs=1e-4)
    assert result.irr_yearly is None  # the balance crosses zero three times


def test_a_falling_api_price_against_a_fixed_endpoint_matches_the_worked_case(golden, bare):
    g = golden["G9_price_fall_vs_fixed_endpoint"]["in"]
    expect = golden["G9_price_fall_vs_fixed_endpoint"]["expect"]
    case = bare(
        g["I0"],
        current_monthly_usd=g["baseline0"],
        hosting_monthly_usd=EXACT(g["endpoint"]),
        yearly_price_decline=EXACT(g["decline_year"]),
    )
    result = assess(case)
    positive = [t for t, net in enumerate(result.monthly_net_usd, start=1) if net > 0]
    assert positive[-1] == expect["last_positive_month"]
    assert max(result.cumulative_usd) == pytest.approx(float(expect["cum_peak"]), abs=0.005)
    assert result.cumulative_usd[24] == pytest.approx(float(expect["cum24"]), abs=0.005)
    assert result.npv_usd[24] == pytest.approx(float(expect["npv24"]), abs=0.005)
    assert result.payback_months is None
    assert result.no_payback_reason == "saving shrinks"
    still = assess(replace(case, yearly_price_decline=EXACT(0)))
    assert still.payback_months == pytest.approx(expect["static_payback"], abs=1e-4)


def test_break_even_queries_match_the_worked_case(golden, bare):
    g, expect = golden["G13_break_even_queries"]["in"], golden["G13_break_even_queries"]["expect"]
    case = bare(
        g["I0"],
        monthly_queries=1_000_000,
        cost_per_query_usd=0.0055,
        slice_share=g["share"],
        tuned_monthly_usd=EXACT(1_000_000 * g["share"] * (0.0055 - g["delta_c"])),
        hosting_monthly_usd=EXACT(g["ongoing"]),
    )
    result = assess(case)
    assert result.break_even_queries == expect["q"]
    assert result.running_break_even_queries == expect["q_ongoing_only"]


def test_at_the_break_even_volume_the_project_pays_back_in_twelve_months():
    case = example_case()
    needed = assess(case).break_even_volume
    assert case.monthly_queries is not None and needed is not None
    result = assess(replace(case, monthly_queries=case.monthly_queries * needed))
    assert result.cumulative_usd[12] == pytest.approx(0, abs=0.01)


def test_shrinking_a_prompt_matches_the_worked_case(golden, bare):
    usd, expect = (golden["G15_prompt_shrink"][key] for key in ("expect_per_1M", "expect"))
    for current, key in (
        ("mini_long_prompt", "payback_30k_no_cache"),
        ("mini_long_prompt_cached", "payback_30k_cache"),
        ("gpt6_luna_long_cached", "payback_vs_luna_cached"),
    ):
        case = bare(
            30_000,
            current_monthly_usd=float(usd[current]),
            tuned_monthly_usd=EXACT(float(usd["ft_mini_short_prompt"])),
        )
        months = textbook_payback_months(case)
        assert months == (None if expect[key] is None else pytest.approx(expect[key], abs=1e-3))


def test_a_model_that_retires_first_is_named_as_the_reason(bare):
    case = bare(30_000, current_monthly_usd=4_500, asset_life_months=6)
    result = assess(case)
    assert result.no_payback_reason == "base model retires first"
    assert result.npv_usd[36] == pytest.approx(-3_874.48, abs=0.005)  # worked: stands still at 6
    assert len(result.monthly_net_usd) == 6


def test_a_lead_time_moves_payback_by_as_many_months(bare):
    case = bare(30_000, current_monthly_usd=4_500)
    assert assess(case).payback_months == pytest.approx(6.6667, abs=1e-4)
    assert assess(replace(case, lead_months=2)).payback_months == pytest.approx(8.6667, abs=1e-4)


def test_a_better_model_needs_fewer_retries(bare):
    case = bare(
        current_monthly_usd=8_000,
        tuned_monthly_usd=EXACT(2_000),
        accuracy_now=0.65,
        accuracy_gain=EXACT(0.2),
        accuracy_gain_kind="relative",
    )
    # attempts with two retries: 1 + r + r^2 at r = 0.35 and at r = 0.22
    expected = 2_000 * (1 + 0.22 + 0.22**2) / (1 + 0.35 + 0.35**2)
    assert assess(case).tuned_monthly_usd == pytest.approx(expected)


def test_answers_handed_back_are_paid_twice(bare):
    case = bare(current_monthly_usd=1_000, tuned_monthly_usd=EXACT(100), fallback_share=0.2)
    assert assess(case).monthly_net_usd[0] == pytest.approx(1_000 - 100 - 0.2 * 1_000)


def test_a_successor_at_a_fifth_of_the_price_cuts_the_saving_from_its_month_on(bare):
    case = bare(current_monthly_usd=1_000, reprice_month=3, reprice_factor=0.2)
    assert assess(case).monthly_net_usd[:4] == pytest.approx((1_000, 1_000, 200, 200))


def test_the_chance_of_failure_weighs_every_month_and_not_the_investment(bare):
    case = bare(30_000, current_monthly_usd=4_500, failure_chance=0.2)
    result = assess(case)
    assert result.payback_months == pytest.approx(30_000 / 3_600)
    assert result.payback_if_it_works_months == pytest.approx(30_000 / 4_500)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"current_monthly_usd": 0}, "no traffic"),
        ({"current_monthly_usd": 100, "tuned_monthly_usd": EXACT(100)}, "routed model as cheap"),
        ({"current_monthly_usd": 100, "horizon_months": 1}, "beyond horizon"),
        ({"current_monthly_usd": 10_000, "monthly_growth": EXACT(-0.5)}, "beyond horizon"),
        ({"current_monthly_usd": 10_000, "lead_months": 40}, "beyond horizon"),
    ],
)
def test_edge_cases_give_none_and_a_reason(bare, changes, reason):
    result = assess(bare(30_000, **changes))
    assert result.payback_months is None
    assert result.sustained_payback_months is None
    assert result.no_payback_reason == reason


def test_without_an_investment_payback_is_at_once_and_roi_means_nothing(bare):
    result = assess(bare(0, current_monthly_usd=100))
    assert result.sustained_payback_months == 0
    assert set(result.roi.values()) == {None}


@given(
    st.floats(100, 1e5), st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0, 1), st.floats(-0.2, 0),
    st.floats(0, 0.9), st.floats(0, 5_000),
)  # fmt: skip
def test_payback_is_never_shorter_than_investment_over_the_bill(
    bare, investment, bill, tuned, routing, growth, decline, running
):
    case = bare(
        investment,
        current_monthly_usd=bill,
        tuned_monthly_usd=EXACT(tuned),
        routing_multiplier=routing,
        monthly_growth=EXACT(growth),
        yearly_price_decline=EXACT(decline),
        hosting_monthly_usd=EXACT(running),
    )
    result = assess(case)
    if result.payback_months is not None:
        assert result.ceiling_months is not None
        assert result.payback_months >= result.ceiling_months * (1 - 1e-9)
        assert result.textbook_payback_months is not None


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_more_routing_has_saved_the_less_fine_tuning_is_worth(one, other):
    low, high = sorted((one, other))
    cases = [replace(example_case(), routing_multiplier=share) for share in (low, high)]
    worth = [assess(case).npv_usd[24] for case in cases]
    assert worth[0] <= worth[1] + 1e-6


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "the current bill is missing"),
        ({"monthly_queries": 5}, "the current bill is missing"),
        ({"current_monthly_usd": 5, "cost_per_query_usd": 1}, "both 'current_monthly_usd'"),
        ({"current_monthly_usd": 5, "slice_share": 1.5}, "'slice_share' is 1.5"),
        (
            {"current_monthly_usd": 5, "cost_ratio": EXACT(2), "tuned_monthly_usd": EXACT(2)},
            "both 'tuned_monthly_usd' and 'cost_ratio'",
        ),
        ({"current_monthly_usd": 5, "accuracy_gain": EXACT(0.1)}, "without 'accuracy_now'"),
        (
            {"current_monthly_usd": 5, "accuracy_now": 0.9, "accuracy_gain": EXACT(0.2)},
            "'accuracy_gain': a gain of 20 points on an accuracy of 90%",
        ),
        ({"current_monthly_usd": float("nan")}, "'current_monthly_usd' is nan"),
    ],
)
def test_a_case_that_cannot_be_is_refused(changes, words):
    with pytest.raises(BadInput, match=words):
        FineTuneCase(**changes)
