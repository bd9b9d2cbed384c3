"""Whatever a valid case holds, the answers are words, finite numbers or None."""

import math
import re
from dataclasses import fields

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from core.economics.bounds import Bound
from core.economics.estimate import Estimate
from core.economics.tuning.bounds import BOUNDS
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.case_json import case_from_json, case_to_json
from core.economics.tuning.futures_words import chance_words, change_words, range_words
from core.economics.tuning.payback_map import payback_map
from core.economics.tuning.scenarios import scenarios
from core.economics.tuning.sensitivity import bridge, swings_of
from core.economics.tuning.uncertainty import simulate
from core.economics.tuning.verdict import assess
from core.economics.tuning.words import sentences

CHOSEN = {"monthly_queries", "cost_per_query_usd", "cost_ratio", "accuracy_now", "accuracy_gain"}


def values(bound: Bound):
    numbers = st.one_of(
        st.floats(bound.low, bound.high, exclude_min=bound.low_open, exclude_max=bound.high_open),
        st.sampled_from([bound.low, bound.high]).filter(
            lambda end: (
                not (end == bound.low and bound.low_open)
                and not (end == bound.high and bound.high_open)
            )
        )
        if not (bound.low_open and bound.high_open)
        else st.just(0.0),
    )
    if bound.shape == "whole":
        return st.integers(int(bound.low), int(bound.high))
    if bound.shape == "estimate":
        return st.lists(numbers, min_size=3, max_size=3).map(lambda v: Estimate(*sorted(v)))
    return numbers


CASES = st.fixed_dictionaries(
    {"current_monthly_usd": values(BOUNDS["current_monthly_usd"])},
    optional={
        name: values(bound)
        for name, bound in BOUNDS.items()
        if name not in CHOSEN | {"current_monthly_usd"}
    },
).map(lambda chosen: FineTuneCase(**chosen))


@settings(max_examples=80, deadline=None)
@given(CASES)
def test_any_valid_case_gives_words_and_finite_numbers_or_none(case):
    result = assess(case)
    for field in fields(result):
        value = getattr(result, field.name)
        for number in value.values() if isinstance(value, dict) else np.atleast_1d(value):
            assert number is None or isinstance(number, str) or math.isfinite(number), field.name
    assert (result.no_payback_reason is None) == (result.sustained_payback_months is not None)
    simulation, swings = simulate(case, draws=20), swings_of(case)
    text = " ".join(
        [
            *sentences(case, result),
            chance_words(case, simulation),
            range_words(swings),
            change_words(case, result, swings),
        ]
    )
    assert not re.search(r"\b(inf|nan|None)\b", text)
    assert bridge(case)[-1].payback_months == result.sustained_payback_months
    for scenario in scenarios(case, case.slice_monthly_usd / 2, draws=20):
        assert math.isfinite(scenario.value_usd) and 0 <= scenario.chance_of_loss <= 1
    months = [m for row in payback_map(case).months for m in row if m is not None]
    assert all(math.isfinite(m) and m >= 0 for m in months)
    assert all(math.isfinite(usd) for band in simulation.bands_usd.values() for usd in band)
    assert case_from_json(case_to_json(case)) == case
