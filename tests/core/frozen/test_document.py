import json
import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.economics.estimate import Estimate
from core.economics.outlook import Outlook
from core.economics.tuning.case import example_case
from core.errors import BadInput
from core.frozen.document import PlanDocument, document_from_json, document_to_json
from core.routing.assumptions import Assumptions
from core.routing.plan import Plan
from core.workload.workload import empty_workload

from ..workload.conftest import make_model
from .conftest import BIG, PLAN, SECRET, SMALL, frozen, made_workload

OWN = make_model("own", None, ability=0.5, fixed=2_000 / 3)


@pytest.mark.parametrize(
    "document",
    [
        frozen(),
        frozen(plan=Plan(BIG, BIG, BIG)),  # both cuts infinite
        frozen(plan=Plan(SMALL, BIG, BIG, to_medium=0.0)),  # a cut at minus infinity
        frozen(plan=Plan(OWN, SMALL, BIG, 1 / 3, 0.1)),
        frozen(fine_tuning=example_case(), note="as agreed on Monday\n<b>really</b>"),
        frozen(monthly_queries=1e6 / 7),
        frozen(workload=empty_workload(), names={}),
    ],
    ids=["usual", "inf", "-inf", "rented", "fine-tuning", "volume", "empty"],
)
def test_a_document_comes_back_from_json_as_it_was(document: PlanDocument) -> None:
    text = document_to_json(document)
    again = document_from_json(text)
    assert again == document
    assert document_to_json(again) == text


def test_infinite_cuts_stay_infinite() -> None:
    same = document_from_json(document_to_json(frozen(plan=Plan(BIG, BIG, BIG))))
    assert same.figures.outcome.cuts == (math.inf, math.inf)
    never = document_from_json(document_to_json(frozen(plan=Plan(SMALL, BIG, BIG, to_medium=0.0))))
    assert never.figures.outcome.cuts == (-math.inf, math.inf)


USUAL = frozen()


@settings(max_examples=15, deadline=None)
@given(st.floats(0, 1), st.floats(-0.5, 0.5), st.floats(0, 1), st.integers(0, 2**53), st.text())
def test_every_number_and_text_survives_exactly(
    tolerance: float, growth: float, kept: float, seed: int, note: str
) -> None:
    document = replace(
        USUAL,
        plan=replace(PLAN, to_medium=tolerance),
        growth=Outlook(monthly_growth=Estimate.exactly(growth)),
        assumptions=Assumptions(cache_kept=kept, seed=seed),
        note=note,
    )
    assert document_from_json(document_to_json(document)) == document


def test_the_json_holds_no_query_text() -> None:
    assert all(SECRET in example.text for example in made_workload().examples)
    text = document_to_json(frozen())
    assert not [word for word in SECRET.split() if word in text]
    assert json.loads(json.loads(text)["workload"])["examples"] == []


def damaged(**values: object) -> str:
    return json.dumps(json.loads(document_to_json(USUAL)) | values)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "{}",
        "[1, 2]",
        '{"plan": "mine"}',
        "not json at all",
        "[" * 100_000,  # deeper than any reader goes
        '{"plan":' * 100_000,
        document_to_json(USUAL)[:-20],
        damaged(figures=None),
        damaged(created_at="yesterday"),
        damaged(plan=5),
        damaged(format="one"),
        damaged(uncertainty={"spread": "wide", "level_sd": 1}),
    ],
)
def test_what_is_no_saved_plan_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadInput, match="this is not a saved plan") as error:
        document_from_json(text)
    assert "\n" not in str(error.value)


def test_a_tolerance_that_no_plan_may_have_is_refused() -> None:
    plan = json.loads(document_to_json(USUAL))["plan"] | {"to_medium": 5}
    with pytest.raises(BadInput, match="to_medium"):
        document_from_json(damaged(plan=plan))


def test_a_later_format_is_named() -> None:
    with pytest.raises(BadInput, match="format 2, and this version reads 1"):
        document_from_json(damaged(format=2))
