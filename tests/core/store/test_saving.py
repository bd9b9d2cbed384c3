from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from core.errors import BadInput, Conflict, Forbidden
from core.frozen.changes import changes
from core.frozen.document import document_from_json
from core.frozen.headline import headline_of
from core.routing.plan import Plan
from core.store.members import create_workspace
from core.store.plans import list_versions, load_plan
from core.store.saving import At, save_document
from core.store.tables import MAIN

from ..frozen.conftest import BIG, NOON, SMALL, frozen
from .people import EDITOR, HERE, OWNER, STRANGER, VIEWER, bearer, everything, make_team

LATER = NOON + timedelta(hours=1)
FIRST = frozen()
SECOND = frozen(plan=Plan(SMALL, SMALL, BIG), author="Bo", now=LATER, note="cheaper")
THIRD = frozen(plan=Plan(BIG, BIG, BIG), author="Cy", now=LATER + timedelta(hours=1))


def test_a_document_becomes_a_plan_with_its_own_figures_date_and_author(engine: Engine) -> None:
    at = save_document(engine, HERE, FIRST, name="Support")
    assert at.version == 1
    plan = load_plan(engine, HERE, at.plan_id, now=NOON)
    assert document_from_json(plan.document) == FIRST
    assert (plan.name, plan.author, plan.saved_at) == ("Support", "Ada", NOON)
    outcome = FIRST.figures.outcome
    assert plan.headline.baseline_monthly_usd == outcome.baseline_usd
    assert plan.headline.planned_monthly_usd == outcome.planned.central
    assert plan.headline.saving_usd == outcome.baseline_usd - outcome.planned.central
    assert plan.headline.log_digest == FIRST.log.digest
    months = FIRST.figures.central.saving_usd
    assert plan.headline.trend == tuple(
        pytest.approx(sum(months[:n]), abs=0.006) for n in range(1, 13)
    )


def test_what_differs_from_the_version_before_is_kept_in_words(engine: Engine) -> None:
    at = save_document(engine, HERE, FIRST, name="Support")
    second = save_document(engine, HERE, SECOND, name="Support", after=at)
    assert second == At(at.plan_id, 2)
    newest, oldest = list_versions(engine, HERE, at.plan_id, now=NOON)
    assert oldest.changes == ()
    assert newest.changes == changes(FIRST, SECOND)
    assert any("Small" in line and "Big" in line for line in newest.changes)
    assert any("cheaper" in line for line in newest.changes)
    assert (newest.author, newest.updated_at, newest.headline) == (
        "Bo", LATER, replace(headline_of(SECOND), trend=newest.headline.trend),
    )  # fmt: skip


def test_whoever_saves_after_somebody_else_is_told_and_nothing_is_stored(engine: Engine) -> None:
    at = save_document(engine, HERE, FIRST, name="Support")
    save_document(engine, HERE, SECOND, name="Support", after=at)
    before = everything(engine)
    with pytest.raises(Conflict, match="Bo saved version 2 while you worked on version 1") as error:
        save_document(engine, HERE, THIRD, name="Renamed", after=at)
    assert error.value.newest == 2
    assert everything(engine) == before
    again = save_document(engine, HERE, THIRD, name="Renamed", after=At(at.plan_id, 2))
    assert again.version == 3
    newest = list_versions(engine, HERE, at.plan_id, now=NOON)[0]
    assert newest.changes == changes(SECOND, THIRD) and newest.name == "Renamed"


def test_saving_the_same_again_is_a_version_without_a_difference(engine: Engine) -> None:
    at = save_document(engine, HERE, FIRST, name="Support")
    save_document(engine, HERE, replace(FIRST, created_at=LATER), name="Support", after=at)
    assert list_versions(engine, HERE, at.plan_id, now=NOON)[0].changes == ()


@pytest.mark.parametrize("version", [0, 2, 99])
def test_a_version_that_is_not_there_cannot_be_followed(engine: Engine, version: int) -> None:
    at = save_document(engine, HERE, FIRST, name="Support")
    before = everything(engine)
    with pytest.raises(BadInput, match=f"no plan '{at.plan_id}, version {version}'"):
        save_document(engine, HERE, SECOND, name="Support", after=At(at.plan_id, version))
    assert everything(engine) == before


def test_editors_and_links_to_edit_save_and_others_do_not(engine: Engine) -> None:
    make_team(engine)
    at = save_document(engine, EDITOR, FIRST, name="Support")
    assert load_plan(engine, HERE, at.plan_id, now=NOON).owner == EDITOR.email
    pinned = bearer(engine, at.plan_id, kind="comment")
    before = everything(engine)
    for actor, error in ((VIEWER, Forbidden), (pinned, Forbidden), (STRANGER, BadInput)):
        with pytest.raises(error):
            save_document(engine, actor, SECOND, name="Support", after=at)
        with pytest.raises(BadInput):
            save_document(engine, actor, SECOND, name="Support")
    assert everything(engine) == before
    lin = bearer(engine, at.plan_id, kind="edit")
    assert save_document(engine, lin, SECOND, name="Support", after=at).version == 2
    with pytest.raises(Forbidden):
        save_document(engine, lin, SECOND, name="Mine")


def test_a_plan_is_saved_in_the_workspace_that_was_named(engine: Engine) -> None:
    make_team(engine)
    research = create_workspace(engine, OWNER, "Research", NOON)
    at = save_document(engine, OWNER, FIRST, name="Secret", workspace_id=research)
    assert list_versions(engine, OWNER, at.plan_id, now=NOON)[0].workspace_id == research != MAIN
    with pytest.raises(BadInput, match="no member"):
        save_document(engine, EDITOR, FIRST, name="Secret", workspace_id=research)
    with pytest.raises(BadInput, match="does not exist"):
        save_document(engine, HERE, FIRST, name="Lost", workspace_id="nowhere")


def test_a_note_with_odd_characters_is_kept_in_the_document_letter_by_letter(
    engine: Engine,
) -> None:
    odd = replace(FIRST, note="NUL \0 and\r\n=1+1 <b>", author="Ada")
    plan = load_plan(engine, HERE, save_document(engine, HERE, odd, name="x").plan_id, now=NOON)
    assert document_from_json(plan.document).note == odd.note
    assert plan.headline.note == "NUL \ufffd and\r\n=1+1 <b>"
