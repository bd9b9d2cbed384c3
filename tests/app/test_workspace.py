"""Workspace: what was decided, what waits, what came of it, and who may do what."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from streamlit.testing.v1 import AppTest

from app import services
from app.parts.audit_table import _csv
from app.parts.wording import usd
from core.quality.actual import Actual
from core.routing.simulate import Range
from core.store.access import the_person_here
from core.store.actuals import record_month
from core.store.audit import list_audit
from core.store.decisions import decide
from core.store.finding import find_plans
from core.store.members import list_members, workspaces_of
from core.store.plans import describe_plan, rename_plan
from core.store.saved import PlanRow

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Save = Callable[..., tuple[AppTest, str]]
ME = the_person_here("Ada")


def now() -> datetime:
    return datetime.now(UTC)


def the_plan() -> PlanRow:
    (row,) = find_plans(services.engine(), ME).rows
    return row


def unfold(app: AppTest, *keys: str) -> AppTest:
    for key in keys:
        app.session_state[key] = True
    app.run()
    assert not app.exception
    return app


def test_an_empty_workspace_says_so(open_app: Open) -> None:
    app = open_app("workspace")
    assert "Nothing is decided yet" in app.header[0].value and not app.metric


def test_what_is_approved_and_what_waits_is_told_in_money(save_plan: Save, open_app: Open) -> None:
    save_plan("Support bot")
    row = the_plan()
    describe_plan(
        services.engine(), ME, row.id, tags=[], needs="", decide_by=date(2030, 1, 15), now=now()
    )
    app = open_app("workspace")
    assert app.header[0].value == "1 plan, none approved yet"
    (table,) = [t.value for t in app.dataframe]
    assert list(table["Decide by"]) == ["15 Jan 2030"]
    assert list(table["Really saved"]) == ["not known yet"]

    decide(services.engine(), ME, row.id, 1, "approved", "", now())
    found = Actual(
        planned=Range(400.0, 350.0, 450.0), came=520.0, volume=100.0, mix=10.0, tokens=5.0,
        price=-15.0, routing=20.0, saved=480.0, saved_planned=600.0,
    )  # fmt: skip
    record_month(
        services.engine(), ME, row.id, 1, found, log_name="november.csv", first_time=None,
        last_time=None, now=now(),
    )  # fmt: skip
    app = open_app("workspace")
    saved = usd(row.headline.saving_usd)
    would = f"1 approved plan would save {saved} a month, if quality holds"
    assert app.header[0].value.replace("\\", "") == would
    values = {m.label: m.value.replace("\\", "") for m in app.metric}
    assert values["Approved, not verified"] == saved, "nothing of it is verified"
    assert values["Approved, verified"] == usd(0.0) and values["Waiting for a decision"] == "0"
    (table,) = [t.value for t in app.dataframe]
    assert list(table["Really saved"]) == ["$480"]


def test_a_role_is_given_and_taken_and_the_workspace_renamed(open_app: Open, words: Words) -> None:
    app = unfold(open_app("workspace"), "people")
    assert "Nobody signs in" in words(app)
    app.text_input(key="role-email").set_value("not an address")
    app.button(key="role-give").click().run()
    assert len(app.error) == 1 and "members" in app.error[0].value
    app.text_input(key="role-email").set_value("Grace@Example.com")
    app.selectbox(key="role-role").set_value("editor")
    app.button(key="role-give").click().run()
    (member,) = list_members(services.engine(), ME)
    assert (member.email, member.role) == ("grace@example.com", "editor")
    app = unfold(app, "people")
    app.button(key="role-take").click().run()
    assert list_members(services.engine(), ME) == []
    app = unfold(app, "people")
    app.text_input(key="ws-name-main").set_value("Support & search")
    app.run()
    app.button(key="ws-rename").click().run()
    assert [w.name for w in workspaces_of(services.engine(), ME)] == ["Support & search"]


def test_another_workspace_is_made_and_entered(open_app: Open) -> None:
    app = unfold(open_app("workspace"), "people")
    app.text_input(key="ws-new").set_value("Research").run()
    app.button(key="ws-make").click().run()
    assert not app.exception
    assert {w.name for w in workspaces_of(services.engine(), ME)} == {"Workspace", "Research"}
    assert any(s.label == "Workspace" for s in app.selectbox), "now there is a choice"


def test_the_record_says_who_did_what_and_its_file_starts_no_formula(
    save_plan: Save, open_app: Open
) -> None:
    save_plan("Support bot")
    rename_plan(services.engine(), ME, the_plan().id, "=HYPERLINK(1)", now())
    app = unfold(open_app("workspace"), "record")
    table = app.dataframe[-1].value
    assert list(table["What"]) == ["renamed", "made a link", "saved"]
    text = _csv(list_audit(services.engine(), ME))
    assert text.count("\n") == 4 and '"=HYPERLINK' not in text and "'=HYPERLINK" in text
