from dataclasses import replace

import pytest

from core.economics.estimate import Estimate
from core.economics.tuning.case import example_case
from core.economics.tuning.futures_words import chance_words, change_words, range_words, rounded_up
from core.economics.tuning.sensitivity import Swing, swings_of
from core.economics.tuning.uncertainty import simulate
from core.economics.tuning.verdict import assess

EXACT = Estimate.exactly


def test_chances_are_said_out_of_100_and_the_slow_ones_in_months(bare):
    # G12 with PERT in place of a triangle: 10, 26 and 50 thousand, 2,500 a month
    case = bare(
        current_monthly_usd=2_500,
        data_preparation_usd=Estimate(10_000, 26_000, 50_000),
    )
    futures = simulate(case)
    within = round(100 * futures.probability_payback_within_months[12])
    slow = round(futures.payback_months.p90)
    assert chance_words(case, futures) == (
        f"In about {within} of 100 simulated futures it pays back within 12 months. "
        f"In 10 of 100 it takes longer than {slow} months."
    )


def test_futures_that_never_pay_back_are_counted_too(bare):
    case = bare(10_000, current_monthly_usd=10_000, failure_chance=0.3)
    text = chance_words(case, simulate(case))
    assert text.startswith("In about 71 of 100")  # 70% within a standard error of half a point
    assert "In about 29 of 100 it does not within the 36 months counted." in text


def test_none_and_nearly_none_are_told_apart(bare):
    never = bare(10_000, current_monthly_usd=0)
    assert chance_words(never, simulate(never)).startswith("In none of 10,000 simulated futures")
    rare = bare(10_000, current_monthly_usd=10_000, failure_chance=0.998)
    assert "fewer than 1 of 100" in chance_words(rare, simulate(rare))


def test_a_short_horizon_is_named(bare):
    case = bare(1_000, current_monthly_usd=1_500, horizon_months=1)
    assert chance_words(case, simulate(case)) == (
        "In 100 of 100 simulated futures it pays back within the 1 month counted."
    )


def test_half_of_the_range_is_said_as_half():
    swings = [Swing("hosting_monthly_usd", 1, 2, 0, 100), Swing("training_runs", 3, 5, 100, 0)]
    assert range_words(swings).startswith("Half of the range comes from one unknown: hosting.")
    assert range_words(swings[:1]).startswith("About 100% of the range")
    four = [Swing(name, 1, 2, 0, 100) for name in ("a", "b", "c", "d")]
    assert range_words(four) == ("No single unknown makes the range: a has the most of it, 25%.")
    assert range_words([]) == ""


def test_a_case_that_pays_back_needs_no_change():
    case = example_case()
    assert change_words(case, assess(case), swings_of(case)) == ""


def test_the_volume_that_would_pay_is_named_and_rounded_up():
    case = replace(example_case(), monthly_queries=50_000)
    text = change_words(case, assess(case), swings_of(case))
    assert "it would above 4,470,000 queries a month in all (now 50,000)" in text
    enough = replace(case, monthly_queries=4_470_000)
    assert assess(enough).sustained_payback_months is not None


def test_one_input_within_its_range_that_would_pay_is_named():
    case = replace(example_case(), monthly_queries=4_200_000)
    text = change_words(case, assess(case), swings_of(case))
    assert "or with the fall of today's price below 24" in text


def test_what_nothing_can_mend_is_said(bare):
    case = bare(current_monthly_usd=100, tuned_monthly_usd=EXACT(100))
    text = change_words(case, assess(case), swings_of(case))
    assert "neither more volume nor any one input" in text


def test_without_counted_queries_volume_is_in_times_todays(bare):
    case = bare(36_000, current_monthly_usd=100)
    assert "at 10.0 times today's volume" in change_words(case, assess(case), ())


@pytest.mark.parametrize(
    ("queries", "text"), [(1234.2, "1,240"), (999.5, "1,000"), (12, "12"), (5_230_001, "5,240,000")]
)
def test_break_even_volumes_have_three_digits_and_are_never_too_low(queries, text):
    assert rounded_up(queries) == text
