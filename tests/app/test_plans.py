"""Plans: what was decided, and everything that can be done with it."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from app import services
from app.state import MAIN
from core.frozen.document import document_from_json, document_to_json
from core.frozen.headline import headline_of
from core.store.access import the_person_here
from core.store.bin import list_deleted, undelete_plan
from core.store.decisions import list_decisions
from core.store.finding import find_plans
from core.store.links import list_links
from core.store.members import create_workspace
from core.store.plan_file import export_file
from core.store.plans import load_plan, save_version
from core.store.plans import save_plan as save_row
from core.store.saved import PlanRow

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Save = Callable[..., tuple[AppTest, str]]
ME = the_person_here("Ada")


def rows() -> tuple[PlanRow, ...]:
    return find_plans(services.engine(), ME).rows


def row_of(name: str) -> PlanRow:
    (found,) = [row for row in rows() if row.name == name]
    return found


def names() -> list[str]:
    return sorted(row.name for row in rows())


def choose(app: AppTest, *wanted: str, tab: str = "As it reads") -> AppTest:
    """Choose plans by name, and a tab of the one that is then open."""
    ids = [row_of(name).id for name in wanted]
    app.multiselect(key="chosen-plans").set_value(ids)
    for plan_id in ids:
        app.session_state[f"record-{plan_id}"] = tab
    app.run()
    assert not app.exception and not app.error
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception and not app.error
    return app


def saved_again(row: PlanRow, author: str = "Bo", **changed: object) -> int:
    """Another version of a plan, as somebody else would save it."""
    before = load_plan(services.engine(), ME, row.id, now=datetime.now(UTC))
    document = replace(document_from_json(before.document), author=author, **changed)  # type: ignore[arg-type]
    return save_version(
        services.engine(), ME, row.id, base_version=before.version, name=row.name, author=author,
        document=document_to_json(document), headline=headline_of(document),
        changes=("Something changed <b>here</b>",), now=datetime.now(UTC),
    )  # fmt: skip


def test_without_plans_the_page_leads_to_the_first_one_and_opens_files(open_app: Open) -> None:
    app = open_app("plans")
    assert len(app.get("page_link")) == 1
    assert not app.button and not app.text_input
    assert len(app.get("file_uploader")) == 1


def test_a_saved_plan_appears_and_can_be_searched(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot, autumn")
    app = open_app("plans")
    (table,) = [t.value for t in app.dataframe]
    assert list(table["Plan"]) == ["Support bot, autumn"] and list(table["Owner"]) == ["Ada"]
    head = row_of("Support bot, autumn").headline
    assert list(table["Saved a month"]) == [round(head.saving_usd)]
    assert list(table["Over 12 months"].iloc[0]) == list(head.trend)
    app.text_input(key="search-plans").set_value("nothing like it").run()
    assert not app.dataframe and len(app.info) == 1
    app.text_input(key="search-plans").set_value("AUTUMN").run()
    assert len(app.dataframe) == 1


def test_a_plan_gets_a_name_tags_and_words_for_whoever_decides(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("First")
    app = choose(open_app("plans"), "First", tab="Details")
    plan_id = row_of("First").id
    app.text_input(key=f"name-{plan_id}").set_value("Second")
    app.text_input(key=f"tags-{plan_id}").set_value("support, q4 , support")
    app.text_area(key=f"needs-{plan_id}").set_value("Two days of *engineering*")
    app.date_input(key=f"decide-by-{plan_id}").set_value(date(2027, 1, 15))
    press(app, f"keep-{plan_id}")
    row = row_of("Second")
    assert (row.tags, row.needs, row.decide_by) == (
        ("q4", "support"), "Two days of *engineering*", date(2027, 1, 15),
    )  # fmt: skip
    app = choose(open_app("plans"), "Second")
    assert "Two days of *engineering*" in words(app) and "Decide by 15 Jan 2027" in words(app)
    assert r"\*engineering\*" in "".join(m.value for m in app.markdown), "shown as it was typed"
    app.selectbox(key="plan-tag").set_value("q4").run()
    assert list(app.dataframe[0].value["Plan"]) == ["Second"]


def test_a_plan_is_duplicated_deleted_and_brought_back(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("First")
    plan_id = row_of("First").id
    app = choose(open_app("plans"), "First", tab="Details")
    press(app, f"duplicate-{plan_id}")
    assert names() == ["Copy of First", "First"]
    assert app.multiselect(key="chosen-plans").value == [row_of("Copy of First").id]
    app = choose(app, "First", tab="Details")
    press(app, f"delete-{plan_id}")
    assert names() == ["Copy of First"]
    assert "Deleted: First" in words(app)
    press(app, "undo-delete")
    assert names() == ["Copy of First", "First"] and "Deleted: First" not in words(app)

    app = choose(app, "First", tab="Details")
    press(app, f"delete-{plan_id}")
    later = open_app("plans")  # another tab, which knows of no undo
    press(later, f"undelete-{plan_id}")
    assert names() == ["Copy of First", "First"]
    app = choose(open_app("plans"), "First", tab="Details")
    press(app, f"delete-{plan_id}")
    press(app, f"remove-{plan_id}")
    assert not list_deleted(services.engine(), ME)


def test_two_plans_stand_side_by_side_and_a_sixth_is_refused(
    save_plan: Save, open_app: Open
) -> None:
    save_plan("Only one")
    app = choose(open_app("plans"), "Only one", tab="Details")
    press(app, f"duplicate-{row_of('Only one').id}")
    app = choose(app, "Only one", "Copy of Only one")
    table = app.dataframe[-1].value
    assert sorted(table.columns) == names()
    assert (table.iloc[:, 0] == table.iloc[:, 1]).all(), "a copy has the same frozen figures"
    assert app.multiselect(key="chosen-plans").proto.max_selections == 5


def test_a_plan_opens_in_the_planner_with_its_own_sliders(save_plan: Save, open_app: Open) -> None:
    page, _ = save_plan("Kept")
    (log,) = services.known_logs()
    usual = page.slider(key=f"to-medium-{log.digest}").value
    page.slider(key=f"to-medium-{log.digest}").set_value(33.0).run()
    page.switch_page("screens/plans.py").run()
    choose(page, "Kept", tab="Versions")
    press(page, f"open-{row_of('Kept').id}")
    page.switch_page("screens/plan.py").run()
    assert page.slider(key=f"to-medium-{log.digest}").value == usual


def test_a_hostile_plan_name_is_shown_as_it_is_typed(save_plan: Save, open_app: Open) -> None:
    name = "![x](http://evil.invalid/p.png) $5 and $6"
    save_plan(name, author="<img src=x>")
    app = choose(open_app("plans"), name)
    assert names() == [name]
    rendered = [e.value for e in [*app.markdown, *app.caption, *app.header, *app.subheader]]
    assert any("evil" in text for text in rendered)
    assert not any("![x](" in text or " $5" in text for text in rendered)


def test_only_a_verified_saving_is_in_the_headline_and_the_history_says_what_it_rests_on(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot")
    app = open_app("plans")
    assert app.header[0].value == "1 plan, not verified yet"
    assert list(app.dataframe[0].value["Rests on"]) == ["unverified"]
    row = row_of("Support bot")
    save_version(
        services.engine(), ME, row.id, base_version=1, name=row.name, author="Ada",
        document=load_plan(services.engine(), ME, row.id, now=datetime.now(UTC)).document,
        headline=replace(row.headline, verified_queries=260, note="After <b>a replay</b>"),
        now=datetime.now(UTC),
    )  # fmt: skip
    app = choose(open_app("plans"), "Support bot", tab="Versions")
    assert "1 plan; it would save" in app.header[0].value
    said = words(app)
    assert "verified on 260 of its own queries" in said
    assert "After <b>a replay</b>" in said and "unverified" in said  # both versions


def test_the_history_says_who_when_why_and_what_changed(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot")
    saved_again(row_of("Support bot"), monthly_queries=1e6, note="Twice the traffic")
    app = choose(open_app("plans"), "Support bot", tab="Versions")
    said = words(app)
    assert "Version 2, Bo" in said.replace("**", "") and "Twice the traffic" in said
    assert "Something changed <b>here</b>" in said


def test_new_prices_make_a_new_version_and_the_same_ones_make_none(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot")
    row = row_of("Support bot")
    before = load_plan(services.engine(), ME, row.id, now=datetime.now(UTC))
    app = choose(open_app("plans"), "Support bot", tab="Versions")
    press(app, f"reprice-{row.id}")
    assert "Nothing has changed" in words(app)
    assert row_of("Support bot").version == 1

    # A version whose simple tier was dearer then: today's list price makes it cheaper.
    document = document_from_json(before.document)
    price = document.plan.simple.price
    assert price is not None
    dearer = replace(price, input_usd_per_mtok=9 * price.input_usd_per_mtok)
    plan = replace(document.plan, simple=replace(document.plan.simple, price=dearer))
    saved_again(row, plan=plan)
    app = choose(open_app("plans"), "Support bot", tab="Versions")
    press(app, f"reprice-{row.id}")
    newest = row_of("Support bot")
    assert newest.version == 3 and newest.headline.note == "Re-priced"
    assert any("$" in words and document.plan.simple.name in words for words in newest.changes)
    kept = load_plan(services.engine(), ME, row.id, 1, now=datetime.now(UTC))
    assert kept.document == before.document, "what was saved never changes"


def test_a_plan_runs_again_on_the_open_log(save_plan: Save, open_app: Open, words: Words) -> None:
    save_plan("Support bot")
    row = row_of("Support bot")
    app = choose(open_app("plans", "a month later"), "Support bot", tab="Versions")
    press(app, f"rerun-{row.id}")
    newest = row_of("Support bot")
    assert newest.version == 2 and newest.headline.log_name == "a month later.csv"
    assert newest.headline.note == "Re-run with a new log"
    assert any("a month later.csv" in words for words in newest.changes)


def test_a_plan_file_opens_with_the_same_numbers(save_plan: Save, open_app: Open) -> None:
    save_plan("Travels")
    row = row_of("Travels")
    content = export_file(services.engine(), ME, row.id, datetime.now(UTC))
    app = choose(open_app("plans"), "Travels", tab="Details")
    press(app, f"delete-{row.id}")
    app.get("file_uploader")[0].upload("plan.tierwise.json", content, "application/json").run()
    assert not app.exception and not app.error
    again = row_of("Travels")
    assert again.id != row.id and again.headline == row.headline


@pytest.mark.parametrize("content", [b"", b"{}", b"not json", b"\xff\xfe\x00"])
def test_a_file_that_is_no_plan_is_refused_in_one_line(open_app: Open, content: bytes) -> None:
    app = open_app("plans")
    app.get("file_uploader")[0].upload("plan.json", content, "application/json").run()
    assert not app.exception
    assert len(app.error) == 1 and "plan file" in app.error[0].value
    assert not rows()


def test_links_are_made_with_their_kind_end_and_passphrase_and_closed(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot")
    plan_id = row_of("Support bot").id
    app = choose(open_app("plans"), "Support bot", tab="Links")
    app.selectbox(key=f"share-kind-{plan_id}").set_value("comment")
    app.selectbox(key=f"share-ends-{plan_id}").set_value("After a month")
    app.text_input(key=f"share-pass-{plan_id}").set_value("correct horse")
    press(app, f"share-{plan_id}")
    assert any("/shared?plan=" in c.value for c in app.code)
    newest, _ = list_links(services.engine(), ME, plan_id, now=datetime.now(UTC))
    assert (newest.kind, newest.version, newest.has_passphrase) == ("comment", 1, True)
    assert newest.expires_at is not None
    assert timedelta(days=29) < newest.expires_at - datetime.now(UTC) <= timedelta(days=30)
    app.text_input(key=f"share-pass-{plan_id}").set_value("short")
    app.button(key=f"share-{plan_id}").click().run()
    assert len(app.error) == 1 and "at least 8" in app.error[0].value
    press(app, f"revoke-{plan_id}")
    links = list_links(services.engine(), ME, plan_id, now=datetime.now(UTC))
    assert all(link.revoked_at for link in links)
    assert not any("/shared?plan=" in c.value for c in app.code)


def test_a_link_carries_the_sample_only_where_its_log_is_open_and_it_was_asked_for(
    save_plan: Save, open_app: Open
) -> None:
    save_plan("Support bot")
    plan_id = row_of("Support bot").id
    app = choose(open_app("plans"), "Support bot", tab="Links")
    assert app.checkbox(key=f"share-sample-{plan_id}").disabled, "no log is open in this tab"
    app = choose(open_app("plans", "sorted"), "Support bot", tab="Links")
    app.checkbox(key=f"share-sample-{plan_id}").check()
    press(app, f"share-{plan_id}")
    links = list_links(services.engine(), ME, plan_id, now=datetime.now(UTC))
    assert [link.has_examples for link in links] == [True, False]


def test_an_address_opens_its_plan_and_an_unknown_one_says_so(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot")
    app = open_app("plans", plan=row_of("Support bot").id)
    assert "a month instead of" in words(app)
    lost = open_app("plans", plan="0123456789abcdef")
    assert len(lost.error) == 1 and "no plan" in lost.error[0].value


def test_plans_of_another_workspace_are_not_here(save_plan: Save, open_app: Open) -> None:
    save_plan("Here")
    other = create_workspace(services.engine(), ME, "Elsewhere", datetime.now(UTC))
    assert other != MAIN
    app = open_app("plans", ws=other)
    assert app.header[0].value == "No plan is saved yet"


def test_many_plans_come_a_page_at_a_time(save_plan: Save, open_app: Open) -> None:
    save_plan("Original")
    document = load_plan(services.engine(), ME, row_of("Original").id, now=datetime.now(UTC))
    for number in range(60):
        save_row(
            services.engine(), ME, name=f"Plan {number:02}", author="Ada",
            document=document.document, headline=document.headline, now=datetime.now(UTC),
        )  # fmt: skip
    app = open_app("plans")
    assert len(app.dataframe[0].value) == 50
    app.session_state["plan-page"] = 2
    app.run()
    assert len(app.dataframe[0].value) == 11


def test_a_click_on_a_version_that_is_not_the_newest_any_more_decides_nothing(
    save_plan: Save, open_app: Open
) -> None:
    save_plan("Support bot")
    row = row_of("Support bot")
    app = choose(open_app("plans"), "Support bot")
    app.text_input(key=f"decide-name-{row.id}").set_value("Boss")
    saved_again(row)  # while the boss reads version 1
    button = next(b for b in app.button if b.label == "Approve")
    button.click().run()
    assert not app.exception
    assert not list_decisions(services.engine(), ME, row.id, now=datetime.now(UTC))
    assert row_of("Support bot").status == "open"


def test_undo_after_the_plan_came_back_otherwise_says_nothing_wrong(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("First")
    plan_id = row_of("First").id
    app = choose(open_app("plans"), "First", tab="Details")
    press(app, f"delete-{plan_id}")
    press(app, f"undelete-{plan_id}")
    assert names() == ["First"] and "Deleted: First" not in words(app)
    app = choose(app, "First", tab="Details")
    press(app, f"delete-{plan_id}")
    undelete_plan(services.engine(), ME, plan_id, datetime.now(UTC))  # somebody else
    app.button(key="undo-delete").click().run()
    assert not app.exception and len(app.error) == 1
    assert names() == ["First"]


def test_the_same_log_in_two_workspaces_makes_two_plans(save_plan: Save, open_app: Open) -> None:
    save_plan("In main")
    (log,) = services.known_logs()
    other = create_workspace(services.engine(), ME, "Elsewhere", datetime.now(UTC))
    elsewhere = services.home() / "workspaces" / other / "logs"
    shutil.copytree(services.home() / "logs", elsewhere)
    app = open_app("plan", None, ws=other, log=log.digest)
    assert next(t for t in app.text_input if t.label == "Name of the plan").value == ""
    next(t for t in app.text_input if t.label == "Name of the plan").set_value("In other")
    next(t for t in app.text_input if t.label == "Your name").set_value("Bo")
    next(b for b in app.button if b.label == "Save the plan").click().run()
    assert not app.exception and not app.error
    assert [r.version for r in rows()] == [1]
    assert [r.name for r in find_plans(services.engine(), ME, workspace_id=other).rows] == [
        "In other"
    ]


@pytest.mark.parametrize("word", ["%00", "\x00", "../..", "x" * 999])
def test_an_address_that_says_nonsense_merges_nothing(open_app: Open, word: str) -> None:
    app = open_app("merge", plan=word, mine=word)
    assert not app.exception and app.header[0].value == "There is nothing to merge"


def test_what_was_chosen_in_one_workspace_is_not_shown_in_another(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Here")
    other = create_workspace(services.engine(), ME, "Elsewhere", datetime.now(UTC))
    kept = load_plan(services.engine(), ME, row_of("Here").id, now=datetime.now(UTC))
    save_row(
        services.engine(), ME, name="There", author="Ada", workspace_id=other,
        document=kept.document, headline=kept.headline, now=datetime.now(UTC),
    )  # fmt: skip
    app = choose(open_app("plans", ws="main"), "Here")
    app.query_params["ws"] = other
    app.run()
    assert list(app.dataframe[0].value["Plan"]) == ["There"]
    assert app.multiselect(key="chosen-plans").value == [] and not app.metric
