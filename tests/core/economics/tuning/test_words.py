import pytest

from core.economics.estimate import Estimate
from core.economics.tuning.bounds import BOUNDS
from core.economics.tuning.case import example_case
from core.economics.tuning.verdict import assess
from core.economics.tuning.words import LABELS, answer, sentences, value_words


def words(case):
    return " ".join(sentences(case, assess(case)))


def test_a_case_that_pays_back_says_when(bare):
    case = bare(30_000, current_monthly_usd=4_500)
    assert answer(case, assess(case)) == "Pays back in 6.7 months."


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"current_monthly_usd": 0}, "Does not pay back: the slice costs nothing today"),
        (
            {
                "current_monthly_usd": 8_000,
                "tuned_monthly_usd": Estimate.exactly(2_000),
                "routing_multiplier": 0.342,
                "hosting_monthly_usd": Estimate.exactly(1_500),
            },
            "costs $1,500 a month to run and retrain, more than the $736 a month that it saves",
        ),
        (
            {"current_monthly_usd": 900, "tuned_monthly_usd": Estimate.exactly(1_000)},
            "after routing the slice costs $900 a month and the tuned model $1,000",
        ),
        ({"current_monthly_usd": 4_500, "asset_life_months": 6}, "retires after 6 months"),
        ({"current_monthly_usd": 100}, "not within 36 months"),
        ({"current_monthly_usd": 100, "horizon_months": 1}, "not within 1 month."),
        (
            {
                "current_monthly_usd": 8_000,
                "hosting_monthly_usd": Estimate.exactly(4_500),
                "yearly_price_decline": Estimate.exactly(0.6),
            },
            "the saving shrinks",
        ),
    ],
)
def test_a_case_that_does_not_pay_back_says_why(bare, changes, text):
    case = bare(30_000, **changes)
    assert text in answer(case, assess(case))


def test_no_investment_is_said_plainly(bare):
    assert "nothing to pay back" in words(bare(0, current_monthly_usd=100))


def test_the_example_names_every_correction():
    text = words(example_case())
    for part in (
        "The textbook figure is 2.8 months",
        "Routing has already cut the slice from $13,750 to $11,000",
        "A 20% chance",
        "queries a month",
        "Even if the tuned model ran for free",
        "after month 24",
    ):
        assert part in text


def test_a_balance_that_dips_again_is_explained(bare):
    case = bare(
        10_000,
        current_monthly_usd=2_600,
        retrain_usd=6_000,
        retrain_every_months=5,
        asset_life_months=12,
        horizon_months=12,
    )
    text = words(case)
    assert "It first breaks even after 3.8 months" in text


@pytest.mark.parametrize("infinite", ["inf", "nan", "None"])
def test_no_sentence_shows_a_number_that_is_none(bare, infinite):
    for bill in (0, 1, 1e6):
        for months in (1, 36):
            case = bare(30_000, current_monthly_usd=bill, horizon_months=months)
            assert infinite not in words(case)


def test_every_range_has_a_name():
    assert set(LABELS) == {name for name, bound in BOUNDS.items() if bound.shape == "estimate"}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("hosting_monthly_usd", 1306.7, "$1,307 a month"),
        ("data_preparation_usd", 10_000, "$10,000"),
        ("training_runs", 4, "4.0 runs"),
        ("cost_ratio", 7.414, "7.41 times"),
        ("cost_ratio", 12_345.6, "12,346 times"),
        ("accuracy_gain", -0.03, "-3.0 points"),
        ("monthly_growth", 0.0052, "0.52% a month"),
        ("yearly_price_decline", 0.344, "34.4% a year"),
    ],
)
def test_a_value_is_said_with_its_unit(name, value, text):
    assert value_words(name, value, example_case()) == text
