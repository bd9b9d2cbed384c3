import json
from dataclasses import fields

import pytest
from jsonschema import Draft202012Validator

from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.case_json import case_from_json, case_to_json
from core.economics.tuning.case_schema import case_schema
from core.errors import BadInput

SCHEMA = Draft202012Validator(case_schema())


def test_the_schema_is_one_and_knows_every_field() -> None:
    Draft202012Validator.check_schema(case_schema())
    properties = case_schema()["properties"]
    assert isinstance(properties, dict)
    assert properties.keys() == {field.name for field in fields(FineTuneCase)}


def test_the_example_is_valid_as_written() -> None:
    assert not list(SCHEMA.iter_errors(json.loads(case_to_json(example_case()))))


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"current_monthly_usd": -1},
        {"current_monthly_usd": 100, "yearly_discount_rate": 1.0},
        {"current_monthly_usd": 100, "horizon_months": 1.5},
        {"current_monthly_usd": 100, "horizon_months": 0},
        {"current_monthly_usd": 100, "monthly_growth": -1},
        {"current_monthly_usd": 100, "accuracy_gain_kind": "percent"},
        {"current_monthly_usd": 100, "training_runs": {"low": 1, "likely": 2}},
        {"current_monthly_usd": 100, "colour": "red"},
        {"current_monthly_usd": "100"},
    ],
)
def test_what_the_schema_refuses_the_program_refuses_too(case: dict[str, object]) -> None:
    assert list(SCHEMA.iter_errors(case))
    with pytest.raises(BadInput):
        case_from_json(json.dumps(case))


@pytest.mark.parametrize(
    "case",
    [
        {"current_monthly_usd": 20_000, "cost_ratio": 10},
        {"monthly_queries": 1_000, "cost_per_query_usd": 0.01, "name": "Mine"},
        {"current_monthly_usd": 1, "training_runs": {"low": 1, "likely": 2, "high": 3}},
    ],
)
def test_what_the_schema_takes_the_program_takes(case: dict[str, object]) -> None:
    assert not list(SCHEMA.iter_errors(case))
    case_from_json(json.dumps(case))
