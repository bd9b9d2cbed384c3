from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.complexity.classifier import load_classifier
from core.errors import BadInput
from core.frozen.document import PlanDocument
from core.frozen.freeze import refigured
from core.frozen.moved import moved
from core.frozen.rerunning import revised
from core.logs.ingest import ingest
from core.logs.log import Log
from core.logs.preview import preview
from core.routing.plan import Plan
from core.workload.build import build_workload
from core.workload.notes import Notes, write_notes
from core.workload.placing import Placing
from core.workload.routing_rules import RoutingRule
from core.workload.scores import score_log, scores_file, workload_file
from core.workload.workload import from_json, to_json

from .conftest import BIG, NOON, SMALL, frozen

LATER = NOON + timedelta(days=30)
RULE = RoutingRule("contains", "refund", "force", "complex")
CONTENT = "prompt,model,id,prompt_tokens,completion_tokens\n" + "".join(
    f"a refund please,gpt-4o,q{i},900,90\nhello,gpt-4o-mini,h{i},700,70\n" for i in range(10)
)


@pytest.fixture
def log(tmp_path: Path, own_home: Path) -> Log:
    path = tmp_path / "december.csv"
    path.write_text(CONTENT)
    mapping = preview(path, path.name).mapping
    return ingest(path, mapping, tmp_path / "logs", name=path.name, now=NOON)


@pytest.fixture
def folder(tmp_path: Path, log: Log) -> Path:
    return tmp_path / "logs" / log.digest


@pytest.fixture
def sort(folder: Path) -> Callable[[Notes], None]:
    """Sorts the log in the folder with these notes, as the worker does."""

    def run(notes: Notes) -> None:
        write_notes(folder, notes)
        classifier = load_classifier()
        queries, scores = folder / "queries.parquet", scores_file(folder, classifier)
        score_log(queries, scores, classifier)
        load = build_workload(queries, scores, Placing(classifier), notes.routing_rules)
        workload_file(folder, classifier, notes).write_text(to_json(load))

    return run


SAVED = frozen(plan=Plan(SMALL, BIG, BIG, 0.1, 0.2), note="first")


def again(document: PlanDocument, folder: Path) -> PlanDocument:
    return revised(document, folder, author="Grace", now=LATER, note="a month later")


def test_the_plan_is_worked_out_anew_on_the_later_log(
    folder: Path, log: Log, sort: Callable[[Notes], None]
) -> None:
    sort(Notes(monthly_queries=2_000.0))
    found = again(SAVED, folder)
    assert (found.author, found.created_at, found.note) == ("Grace", LATER, "a month later")
    assert (found.log.name, found.log.queries, found.log.digest) == ("december.csv", 20, log.digest)
    assert from_json(found.workload).queries == 20
    assert found.monthly_queries == 2_000.0
    assert set(found.names) == {"gpt-4o", "gpt-4o-mini"} and all(found.names.values())
    assert found.figures == refigured(found)
    assert sum(found.figures.difficulty) == pytest.approx(2_000.0)


def test_what_people_chose_stays_as_it_was_frozen(
    folder: Path, sort: Callable[[Notes], None]
) -> None:
    sort(Notes())
    found = again(SAVED, folder)
    assert found.plan == SAVED.plan
    assert found.prices_as_of == SAVED.prices_as_of
    assert (found.assumptions, found.growth, found.thrift, found.fine_tuning) == (
        SAVED.assumptions,
        SAVED.growth,
        SAVED.thrift,
        SAVED.fine_tuning,
    )


def test_the_rules_are_those_of_the_log(folder: Path, sort: Callable[[Notes], None]) -> None:
    sort(Notes(routing_rules=(RULE,)))
    found = again(SAVED, folder)
    assert found.plan.rules == (RULE,)
    assert found.figures.outcome.tiers[2].queries == 10.0  # every second query is on a refund
    steps = moved(again(replace(SAVED, plan=SAVED.plan), folder), found)
    assert steps == ()


def test_a_log_that_is_not_sorted_is_refused(folder: Path) -> None:
    with pytest.raises(BadInput, match=r"december\.csv.*not sorted"):
        again(SAVED, folder)
