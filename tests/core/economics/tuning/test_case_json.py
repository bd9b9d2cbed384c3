import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.economics.estimate import Estimate
from core.economics.tuning.bounds import BOUNDS
from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.case_json import case_from_json, case_to_json
from core.economics.tuning.defaults import PROVENANCE
from core.errors import BadInput


def test_the_example_survives_the_round_trip():
    assert case_from_json(case_to_json(example_case())) == example_case()


@given(
    st.lists(st.floats(0, 1e9), min_size=3, max_size=3).map(sorted),
    st.floats(0, 1e9),
    st.floats(0, 1, exclude_max=True),
    st.integers(1, 120),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
)
def test_any_case_survives_the_round_trip(parts, bill, chance, months, name):
    case = FineTuneCase(
        name=name,
        current_monthly_usd=bill,
        data_preparation_usd=Estimate(*parts),
        failure_chance=chance,
        horizon_months=months,
    )
    assert case_from_json(case_to_json(case)) == case


@pytest.mark.parametrize("name", [n for n, b in BOUNDS.items() if b.shape == "estimate"])
def test_every_estimate_survives_the_round_trip_to_the_last_bit(name):
    parts = {"low": 0.1 + 0.2, "likely": 1 / 3, "high": 0.7 - 1e-16}
    values = {"current_monthly_usd": 1 / 7, "accuracy_now": 0.1, name: Estimate(**parts)}
    case = FineTuneCase(**values, accuracy_gain_kind="relative")
    assert json.loads(case_to_json(case))[name] == parts
    assert case_from_json(case_to_json(case)) == case


def test_keys_left_out_or_null_keep_their_defaults():
    read = case_from_json('{"current_monthly_usd": 8000, "cost_ratio": null}')
    assert read == FineTuneCase(current_monthly_usd=8_000)


def test_a_number_stands_for_an_estimate_without_doubt():
    read = case_from_json('{"current_monthly_usd": 8000, "cost_ratio": 10}')
    assert read.cost_ratio == Estimate(10, 10, 10)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('"cost_ratoi": 10', "unknown key 'cost_ratoi'. Did you mean 'cost_ratio'?"),
        ('"zzz": 1', "unknown key 'zzz'. Valid keys: name, current_monthly_usd"),
        ('"retrain_usd": "6000"', "'retrain_usd' is \"6000\". Use an amount in USD"),
        ('"retrain_usd": true', "'retrain_usd' is true. Use an amount in USD"),
        ('"retrain_usd": -5', "'retrain_usd' is -5. Use an amount in USD, 0 or more"),
        ('"retrain_usd": NaN', "'retrain_usd' is nan. Use an amount"),
        ('"retrain_usd": 1e999', "'retrain_usd' is inf. Use an amount"),
        ('"retrain_usd": ' + "9" * 400, "'retrain_usd' is \"a number beyond 10^18\""),
        ('"lead_months": 1.5', "'lead_months' is 1.5. Use a whole number of months"),
        ('"horizon_months": 0', "'horizon_months' is 0. Use a whole number of months from 1"),
        ('"yearly_discount_rate": 1', "'yearly_discount_rate' is 1. Use a yearly rate from 0"),
        ('"yearly_price_decline": 30', "'yearly_price_decline' is 30. Use a rate above -1"),
        ('"monthly_growth": -1', "'monthly_growth' is -1. Use a rate above -1"),
        ('"failure_chance": 1', "'failure_chance' is 1. Use a chance from 0 to below 1"),
        (
            '"cost_ratio": {"low": 5, "likely": 3, "high": 9}',
            "'cost_ratio': low 5, likely 3, high 9 are not in order",
        ),
        ('"cost_ratio": {"low": 5, "high": 9}', "'cost_ratio' has the keys high, low"),
        ('"cost_ratio": {"low": 1, "likely": [], "high": 9}', "'cost_ratio.likely' is []"),
        ('"cost_ratio": [4, 10, 30]', "'cost_ratio' is [4, 10, 30]. Use how many times cheaper"),
        ('"accuracy_gain_kind": "percent"', '"points" or "relative"'),
        ('"accuracy_gain_kind": ["points"]', '"points" or "relative"'),
        ('"name": 5', "'name' is 5. Use a text of up to 200 characters"),
    ],
)
def test_a_bad_key_or_value_is_named_with_what_is_valid(part, words):
    with pytest.raises(BadInput) as error:
        case_from_json('{"current_monthly_usd": 8000, ' + part + "}")
    assert words in str(error.value)
    assert str(error.value).startswith("fine-tuning case: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", '"x"', "7", "[" * 100_000, "9" * 10_000])
def test_anything_but_an_object_is_refused(text):
    with pytest.raises(BadInput):
        case_from_json(text)


def test_every_default_that_is_not_nothing_has_an_origin():
    document = json.loads(case_to_json(FineTuneCase(current_monthly_usd=1)))
    neutral = {
        "name", "current_monthly_usd", "slice_share", "routing_multiplier", "fallback_share",
        "accuracy_gain_kind", "max_retries", "horizon_months", "reprice_factor",
    }  # fmt: skip
    given_ = {key for key, value in document.items() if value != 0}
    assert given_ - neutral <= set(PROVENANCE)
