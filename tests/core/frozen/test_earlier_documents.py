"""Plan files from every earlier shape of a document, made by the program of their time.

`tests/golden/plans/expected.json` holds what that program showed of each, and the commit.
"""

import json
from pathlib import Path

import pytest

from core.economics.projection import Projection
from core.frozen.document import document_from_json, document_to_json
from core.frozen.freeze import refigured
from core.frozen.headline import headline_of
from core.frozen.upgrading import upgraded
from core.routing.simulate import Range
from core.workload.workload import from_json

GOLDEN = Path(__file__).parents[2] / "golden" / "plans"
EXPECTED = json.loads((GOLDEN / "expected.json").read_text("utf-8"))


def plan_file(name: str) -> str:
    return (GOLDEN / f"{name}.json").read_text("utf-8")


def ends(found: Range) -> list[float]:
    return [found.central, found.low, found.high]


def total(found: Projection) -> float:
    """The saving over all months, from the monthly bills and what was spent once."""
    return found.cumulative_usd[0] - found.saving_usd[0] + sum(found.saving_usd)


def test_every_plan_file_has_figures_of_its_own_time_and_every_figure_a_file() -> None:
    files = {path.stem for path in GOLDEN.glob("*.json")} - {"expected"}
    assert files == set(EXPECTED) and len(files) >= 20
    assert len({made["made_by"] for made in EXPECTED.values()}) == 13  # one per shape


@pytest.mark.parametrize("name", EXPECTED)
def test_an_earlier_plan_file_opens_with_exactly_the_numbers_it_was_saved_with(name: str) -> None:
    document, expected = document_from_json(plan_file(name)), EXPECTED[name]
    outcome, figures = document.figures.outcome, document.figures
    assert outcome.baseline_usd == expected["baseline_usd"]
    assert ends(outcome.planned) == expected["planned_usd"]
    assert ends(outcome.saving_share) == expected["saving_share"]
    assert outcome.baseline_quality == expected["baseline_quality"]
    assert ends(outcome.quality) == expected["quality"]
    assert ends(outcome.quality_kept) == expected["quality_kept"]
    assert outcome.left_out_share == expected["left_out_share"]
    months = (figures.central, figures.low, figures.high)
    assert [p.total_saving_usd for p in months] == expected["saving_12_months_usd"]
    assert [total(p) for p in months] == pytest.approx(expected["saving_12_months_usd"])
    assert figures.central.planned_usd[-1] == expected["last_month_planned_usd"]
    assert {t.tier: [t.model.name, t.queries, t.usd, t.quality] for t in outcome.tiers} == expected[
        "tiers"
    ]
    assert {c.name: [c.monthly_usd, c.quality_kept] for c in figures.controls} == expected[
        "controls"
    ]
    assert sum(figures.difficulty) == expected["difficulty"]
    assert (document.log.queries, document.author, document.note) == (
        expected["queries"],
        expected["author"],
        expected["note"],
    )


@pytest.mark.parametrize("name", EXPECTED)
def test_an_earlier_plan_file_can_be_used_as_one_of_today(name: str) -> None:
    document = document_from_json(plan_file(name))
    assert from_json(document.workload).queries == document.log.queries
    assert refigured(document).outcome.baseline_usd == pytest.approx(EXPECTED[name]["baseline_usd"])
    assert headline_of(document).verified_queries == (240 if "learned" in name else 0)
    again = document_to_json(document)
    assert document_from_json(again) == document
    assert document_to_json(document_from_json(again)) == again


def test_the_first_plans_mean_the_volume_of_their_log() -> None:
    text = plan_file("2026-11-23-first-tuning")
    assert "monthly_queries" not in json.loads(text)
    assert document_from_json(text).monthly_queries is None


def test_what_is_of_today_is_left_as_it_is() -> None:
    found: dict[str, object] = {"monthly_queries": 5.0}
    assert upgraded(found) is found
