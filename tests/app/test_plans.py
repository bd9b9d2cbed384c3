"""Plans: what was decided, and everything that can be done with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from streamlit.testing.v1 import AppTest

from app import services
from core.store.plans import list_plans, load_plan
from core.store.plans import save_plan as save_plan_row

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Save = Callable[..., tuple[AppTest, str]]


def names() -> list[str]:
    return sorted(row.name for row in list_plans(services.engine()))


def press(app: AppTest, action: str, name: str) -> AppTest:
    """Press a plan's button, found by its key."""
    (row,) = [r for r in list_plans(services.engine()) if r.name == name]
    app.button(key=f"{action}-{row.id}").click().run()
    assert not app.exception and not app.error
    return app


def test_without_plans_the_page_leads_to_the_first_one(open_app: Open) -> None:
    app = open_app("plans")
    assert len(app.get("page_link")) == 1
    assert not app.button and not app.text_input


def test_a_saved_plan_appears_and_can_be_searched(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot, autumn")
    app = open_app("plans")
    assert "Support bot, autumn" in words(app) and "Ada" in words(app)
    app.text_input(key="search-plans").set_value("nothing like it").run()
    assert "Support bot, autumn" not in words(app) and len(app.info) == 1
    app.text_input(key="search-plans").set_value("AUTUMN").run()
    assert "Support bot, autumn" in words(app)


def test_a_plan_is_renamed_duplicated_deleted_and_brought_back(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("First")
    app = open_app("plans")
    next(t for t in app.text_input if t.label == "Name").set_value("Second").run()
    press(app, "rename", "First")
    assert names() == ["Second"] and "Second" in words(app)
    press(app, "duplicate", "Second")
    assert len(names()) == 2 and "Second" in names()
    press(app, "delete", "Second")
    assert len(names()) == 1 and "Second" not in names()
    assert "Deleted: Second" in words(app)
    app.button(key="undo-delete").click().run()
    assert not app.exception
    assert len(names()) == 2 and "Second" in names()
    assert "Deleted: Second" not in words(app)


def test_two_plans_stand_side_by_side(save_plan: Save, open_app: Open) -> None:
    save_plan("Only one")
    app = open_app("plans")
    press(app, "duplicate", "Only one")
    for box in app.checkbox:
        box.check()
    app.run()
    assert not app.exception
    (table,) = [t.value for t in app.dataframe]
    assert sorted(table.columns) == names()
    assert (table.iloc[:, 0] == table.iloc[:, 1]).all(), "a copy has the same frozen figures"


def test_a_plan_opens_in_the_planner_with_its_own_sliders(save_plan: Save, open_app: Open) -> None:
    page, _ = save_plan("Kept")
    (log,) = services.known_logs()
    usual = page.slider(key=f"to-medium-{log.digest}").value
    page.slider(key=f"to-medium-{log.digest}").set_value(33.0).run()
    page.switch_page("screens/plans.py").run()
    press(page, "open", "Kept")
    page.switch_page("screens/plan.py").run()
    assert page.slider(key=f"to-medium-{log.digest}").value == usual


def test_a_hostile_plan_name_is_shown_as_it_is_typed(save_plan: Save, open_app: Open) -> None:
    name = "![x](http://evil.invalid/p.png) $5 and $6"
    save_plan(name, author="<img src=x>")
    app = open_app("plans")
    assert names() == [name]
    rendered = [e.value for e in [*app.markdown, *app.caption, *app.header]]
    assert any("evil" in text for text in rendered)
    assert not any("![x](" in text or " $5" in text for text in rendered)


def test_only_a_verified_saving_is_in_the_headline_and_the_history_says_what_it_rests_on(
    save_plan: Save, open_app: Open, words: Words
) -> None:
    save_plan("Support bot")
    app = open_app("plans")
    assert app.header[0].value == "1 plan, not verified yet"
    assert "unverified" in words(app)
    (row,) = list_plans(services.engine())
    save_plan_row(
        services.engine(),
        name=row.name,
        author="Ada",
        document=load_plan(services.engine(), row.id).document,
        headline=replace(row.headline, verified_queries=260, note="After <b>a replay</b>"),
        now=datetime.now(UTC),
        plan_id=row.id,
    )
    app = open_app("plans")
    assert "1 plan; it would save" in app.header[0].value
    said = words(app)
    assert "verified on 260 of its own queries" in said
    assert "After <b>a replay</b>" in said and "unverified" in said  # both versions
