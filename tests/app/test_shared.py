"""Shared plan: one read-only page behind an unguessable link."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from app import services
from app.parts.wording import usd
from core.store.document import Figures
from core.store.plans import list_plans

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
Save = Callable[..., tuple[AppTest, str]]

INPUTS = ("button", "checkbox", "data_editor", "download_button", "file_uploader", "form",
          "multiselect", "number_input", "pills", "radio", "segmented_control", "select_slider",
          "selectbox", "slider", "text_area", "text_input", "toggle", "page_link")  # fmt: skip


def test_the_right_link_opens_the_figures_of_that_moment(
    save_plan: Save, open_app: Open, words: Words, figures: Callable[..., Figures]
) -> None:
    page, token = save_plan("Support bot", author="Grace")
    (log,) = services.known_logs()
    kept = figures(log.digest)
    page.slider(key=f"to-medium-{log.digest}").set_value(30.0).run()  # after that moment
    app = open_app("shared", plan=token)
    assert usd(kept.outcome.planned.central) in app.header[0].value.replace("\\", "")
    values = [m.value.replace("\\", "") for m in app.metric]
    assert usd(kept.outcome.planned.central) in values
    assert f"{kept.outcome.quality_kept.central:.0%}" in values
    assert usd(kept.central.total_saving_usd) in values
    assert "Support bot" in words(app) and "Grace" in words(app)


def test_a_shared_page_takes_nothing_in(save_plan: Save, open_app: Open) -> None:
    _, token = save_plan("Support bot")
    app = open_app("shared", plan=token)
    assert {kind: len(app.get(kind)) for kind in INPUTS} == dict.fromkeys(INPUTS, 0)


@pytest.mark.parametrize("token", ["", "wrong", "x" * 5_000, "'; drop table plan; --"])
def test_a_wrong_link_opens_nothing_and_says_so(open_app: Open, token: str) -> None:
    app = open_app("shared", plan=token)
    assert "opens nothing" in app.title[0].value
    assert not app.metric


def test_a_closed_link_and_a_deleted_plan_open_nothing(save_plan: Save, open_app: Open) -> None:
    _, token = save_plan("Support bot")
    (row,) = list_plans(services.engine())
    plans = open_app("plans")
    plans.button(key=f"revoke-{row.id}").click().run()
    assert "opens nothing" in open_app("shared", plan=token).title[0].value

    plans.button(key=f"share-{row.id}").click().run()
    (code,) = [c.value for c in plans.code if "/shared?plan=" in c.value]
    newer = code.split("plan=")[1]
    assert open_app("shared", plan=newer).metric
    plans.button(key=f"delete-{row.id}").click().run()
    assert "opens nothing" in open_app("shared", plan=newer).title[0].value
    plans.button(key="undo-delete").click().run()
    assert open_app("shared", plan=newer).metric
    assert "opens nothing" in open_app("shared", plan=token).title[0].value


def test_the_page_lives_without_its_log(save_plan: Save, open_app: Open) -> None:
    _, token = save_plan("Support bot")
    before = [m.value for m in open_app("shared", plan=token).metric]
    (log,) = services.known_logs()
    services.forget_log(log.digest)
    assert [m.value for m in open_app("shared", plan=token).metric] == before


def test_no_query_text_travels_with_a_shared_plan(save_plan: Save, trap: str) -> None:
    from core.store.links import open_link

    _, token = save_plan("Support bot")
    saved = open_link(services.engine(), token)
    assert saved is not None
    assert "evil.invalid" not in saved.document and "parcel" not in saved.document
