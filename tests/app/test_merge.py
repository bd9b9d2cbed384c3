"""Merge: two people changed the same plan, and nothing of either is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from app import services
from core.economics.estimate import Estimate
from core.frozen.document import document_from_json
from core.store.access import the_person_here
from core.store.finding import find_plans
from core.store.plans import load_plan, rename_plan
from core.store.saved import PlanRow
from core.store.saving import At, save_document

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Save = Callable[..., tuple[AppTest, str]]
ME = the_person_here("Ada")


def the_plan() -> PlanRow:
    (row,) = find_plans(services.engine(), ME).rows
    return row


def somebody_saves(growth: float) -> None:
    """Bo saves a version with another growth, while Ada's page is open."""
    row, now = the_plan(), datetime.now(UTC)
    saved = load_plan(services.engine(), ME, row.id, now=now)
    document = document_from_json(saved.document)
    outlook = replace(document.growth, monthly_growth=Estimate.exactly(growth))
    made = replace(document, author="Bo", growth=outlook, created_at=now)
    save_document(services.engine(), ME, made, name=row.name, after=At(row.id, row.version))


def press(app: AppTest, words: str) -> AppTest:
    next(b for b in app.button if b.label == words).click().run()
    assert not app.exception and not app.error
    return app


def go_on(page: AppTest) -> AppTest:
    """The merge page by its address: the test's browser does not follow a page that switches."""
    page.switch_page("screens/merge.py")
    page.query_params["plan"] = the_plan().id
    page.run()
    assert not page.exception
    return page


def test_nothing_to_merge_says_so(open_app: Open) -> None:
    app = open_app("merge", plan="0123456789abcdef")
    assert app.header[0].value == "There is nothing to merge"


def test_a_save_that_came_second_leads_to_both_and_loses_neither(
    save_plan: Save, words: Words
) -> None:
    page, _ = save_plan("Support bot")
    (log,) = services.known_logs()
    somebody_saves(0.07)
    page.slider(key=f"to-medium-{log.digest}").set_value(33.0).run()
    press(page, "Save as next version")
    assert the_plan().version == 2 and the_plan().author == "Bo"
    said = words(page)
    assert "Bo saved version 2 while you worked on version 1" in said
    assert "Theirs: version 2, Bo" in said and "2 differences" in said

    go_on(page)  # as after a reload
    press(page, "Save as version 3")
    row = the_plan()
    assert (row.version, row.author) == (3, "Ada")
    document = document_from_json(
        load_plan(services.engine(), ME, row.id, now=datetime.now(UTC)).document
    )
    assert document.growth.monthly_growth.likely == 0.07, "theirs"
    assert document.plan.to_medium == 0.33, "mine"
    # The draft goes on from there: the next save is no conflict.
    page.switch_page("screens/plan.py").run()
    press(page, "Save as next version")
    assert the_plan().version == 4


def test_theirs_can_be_kept_as_it_is(save_plan: Save, words: Words) -> None:
    page, _ = save_plan("Support bot")
    (log,) = services.known_logs()
    somebody_saves(0.07)
    page.slider(key=f"to-medium-{log.digest}").set_value(33.0).run()
    press(page, "Save as next version")
    press(go_on(page), "Drop mine, keep theirs")
    assert the_plan().version == 2
    assert go_on(page).header[0].value == "There is nothing to merge"


def test_what_both_changed_waits_for_a_choice(save_plan: Save, words: Words) -> None:
    page, _ = save_plan("Support bot")
    (log,) = services.known_logs()
    row, now = the_plan(), datetime.now(UTC)
    document = document_from_json(load_plan(services.engine(), ME, row.id, now=now).document)
    made = replace(document, author="Bo", plan=replace(document.plan, to_medium=0.0))
    save_document(services.engine(), ME, made, name=row.name, after=At(row.id, 1))
    page.slider(key=f"to-medium-{log.digest}").set_value(33.0).run()
    press(page, "Save as next version")
    go_on(page)
    assert any("changed by both" in w.value for w in page.warning)
    (choice,) = page.radio
    assert choice.value is None, "nobody is overruled by a default"
    assert not any("Together" in m.value for m in page.markdown)
    assert page.button(key="merge-save-2").disabled
    together = []
    for side in ("mine", "theirs"):
        page.radio[0].set_value(side).run()
        together.append(next(m.value for m in page.markdown if "Together" in m.value))
    assert together[0] != together[1]
    press(page, "Save as version 3")
    saved = load_plan(services.engine(), ME, row.id, now=datetime.now(UTC))
    assert document_from_json(saved.document).plan.to_medium == 0.0


def test_a_merge_gives_no_name_back_that_somebody_changed_meanwhile(
    save_plan: Save, words: Words
) -> None:
    page, _ = save_plan("Support bot")
    (log,) = services.known_logs()
    somebody_saves(0.07)
    rename_plan(services.engine(), ME, the_plan().id, "Helpdesk", datetime.now(UTC))
    page.slider(key=f"to-medium-{log.digest}").set_value(33.0).run()
    press(page, "Save as next version")
    assert not go_on(page).checkbox, "nobody here gave it another name"
    press(page, "Save as version 3")
    assert the_plan().name == "Helpdesk"


def test_a_new_name_is_kept_through_a_merge(save_plan: Save) -> None:
    page, _ = save_plan("Support bot")
    somebody_saves(0.07)
    next(t for t in page.text_input if t.label == "Name of the plan").set_value("Winter")
    (log,) = services.known_logs()
    page.slider(key=f"to-medium-{log.digest}").set_value(33.0)
    press(page, "Save as next version")
    (box,) = go_on(page).checkbox
    assert "Winter" in box.label and box.value
    press(page, "Save as version 3")
    assert the_plan().name == "Winter"
