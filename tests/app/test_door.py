"""The door: who comes in, with which pages, and what those read who do not."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from app import services
from core.store.access import Role, the_person_here
from core.store.finding import find_plans
from core.store.links import share_plan
from core.store.members import create_workspace, remove_member, set_role

from .conftest import MAIN

Words = Callable[[AppTest], str]
Save = Callable[..., tuple[AppTest, str]]
ME = the_person_here("Ada")


@pytest.fixture
def words(words: Callable[[AppTest], str]) -> Words:
    """What a page says, without the invisible signs that keep addresses from becoming links."""
    return lambda app: words(app).replace("\u2060", "")


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def by_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERWISE_ACCESS", "proxy")


def visit(email: str = "", screen: str = "", **query: str) -> AppTest:
    """The app as the proxy hands somebody on; `screen` is where their address points."""
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.context["url"] = f"http://localhost:8501/{screen}"
    app.user = {"email": email} if email else {}
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    if screen:
        app.switch_page(f"screens/{screen}.py").run()
    assert not app.exception
    return app


def member(email: str, role: Role, workspace_id: str = "main") -> None:
    set_role(services.engine(), ME, email, role, now(), workspace_id)


def test_on_a_machine_of_ones_own_nobody_is_asked(words: Words) -> None:
    app = visit()
    assert "Sign in to see" not in words(app) and app.get("file_uploader")


def test_without_a_name_from_the_proxy_nothing_is_shown(by_proxy: None, words: Words) -> None:
    app = visit()
    assert "did not say who you are" in words(app)
    assert not app.get("file_uploader") and not app.header


def test_a_stranger_reads_whom_to_ask_and_nothing_else(by_proxy: None, words: Words) -> None:
    app = visit("eve@elsewhere.org")
    assert "eve@elsewhere.org" in words(app) and "Ask an owner" in words(app)
    assert not app.get("file_uploader")


def test_whoever_the_server_names_as_owner_comes_in_and_gives_roles(
    by_proxy: None, monkeypatch: pytest.MonkeyPatch, words: Words
) -> None:
    monkeypatch.setenv("TIERWISE_OWNERS", "grace@example.com, Ada@Example.com")
    app = visit("ada@example.com", "workspace")
    app.session_state["people"] = True
    app.run()
    assert "ada@example.com, owner" in words(app)
    app.text_input(key="role-email").set_value("@example.com")
    app.selectbox(key="role-role").set_value("viewer")
    app.button(key="role-give").click().run()
    assert not app.exception and not app.error
    assert "bob@example.com, viewer" in words(visit("bob@example.com"))


def test_a_viewer_has_the_pages_of_a_viewer_only(
    save_plan: Save, monkeypatch: pytest.MonkeyPatch, words: Words
) -> None:
    save_plan("Support bot")
    member("bob@example.com", "viewer")
    monkeypatch.setenv("TIERWISE_ACCESS", "proxy")
    app = visit("bob@example.com")
    assert app.header[0].value == "1 plan, not verified yet", "the first page is the list"
    assert not app.get("file_uploader")
    (row,) = find_plans(services.engine(), ME).rows
    app.multiselect(key="chosen-plans").set_value([row.id]).run()
    keys = {str(button.key) for button in app.button}
    assert not {f"share-{row.id}", f"keep-{row.id}", f"reprice-{row.id}"} & keys
    assert any("decide-approved" in key for key in keys), "a viewer may approve"
    with pytest.raises(ValueError, match="screens/log"):
        app.switch_page("screens/log.py")


def test_an_editor_has_all_pages_but_not_the_record(
    save_plan: Save, monkeypatch: pytest.MonkeyPatch, words: Words
) -> None:
    save_plan("Support bot")
    member("eddy@example.com", "editor")
    monkeypatch.setenv("TIERWISE_ACCESS", "proxy")
    app = visit("eddy@example.com", "workspace")
    assert not [e for e in app.expander if e.label in ("People", "Record of changes")]


def test_a_role_that_is_taken_away_ends_with_the_next_click(by_proxy: None, words: Words) -> None:
    member("bob@example.com", "editor")
    app = visit("bob@example.com")
    assert app.get("file_uploader")
    remove_member(services.engine(), ME, "bob@example.com", now())
    app.run()
    assert "Ask an owner" in words(app) and not app.get("file_uploader")


def test_a_share_link_needs_no_signing_in(save_plan: Save, monkeypatch: pytest.MonkeyPatch) -> None:
    save_plan("Support bot")
    (row,) = find_plans(services.engine(), ME).rows
    token = share_plan(services.engine(), ME, row.id, now())
    monkeypatch.setenv("TIERWISE_ACCESS", "proxy")
    app = visit("", "shared", plan=token)
    app.query_params["plan"] = token
    app.run()
    assert app.metric


def test_whoever_pretends_to_have_opened_a_link_gets_no_other_page(
    keep: Callable[[str], str], by_proxy: None, words: Words
) -> None:
    digest = keep("sorted")
    app = visit("", "shared")
    app.switch_page("screens/queries.py")
    app.query_params["log"] = digest
    app.run()
    assert not app.exception and not app.metric and not app.header
    assert "sorted.csv" not in words(app)


def test_a_mistyped_setting_opens_no_door(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIERWISE_ACCESS", "opne")
    app = visit()
    assert len(app.error) == 1 and "Use open, login or proxy" in app.error[0].value
    assert not app.get("file_uploader")


def test_logs_of_one_workspace_are_not_in_another(
    keep: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, words: Words
) -> None:
    digest = keep("sorted")
    other = create_workspace(services.engine(), ME, "Elsewhere", now())
    member("bob@example.com", "editor", other)
    monkeypatch.setenv("TIERWISE_ACCESS", "proxy")
    app = visit("bob@example.com", "queries", log=digest)
    app.query_params["log"] = digest
    app.run()
    assert "no longer on this machine" in words(app) or "First open a log" in words(app)
    assert "Where is my order" not in words(app)
