"""A full, closed or busy disk or database: a page says so plainly, and the next click works."""

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import forecasting, preparing, services
from app.state import Draft
from core.catalog.additions import added_file
from core.economics.tuning.case import example_case
from core.economics.tuning.case_json import case_to_json
from core.errors import BadInput, Hindered
from core.store.access import the_person_here
from core.store.finding import find_plans
from core.store.jobs import job, start_job
from core.workload.notes import read_notes

from ..conftest import Failing
from .conftest import MAIN, labelled

Open = Callable[..., AppTest]
Hold = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def held(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hold]:
    """Lets somebody else's program hold the database, which the app waits for a moment only."""
    monkeypatch.setattr("core.store.engine.PATIENCE_MS", 100)
    monkeypatch.setattr("core.store.drafts.PATIENCE_MS", 100)

    @contextmanager
    def hold() -> Iterator[None]:
        with closing(sqlite3.connect(home / "tierwise.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            yield

    yield hold


def said(app: AppTest) -> str:
    """The one error on a page, without Markdown's escapes and what keeps links from being made."""
    assert not app.exception
    (error,) = app.error
    return error.value.replace("\\", "").replace("\u2060", "")


def test_a_home_that_cannot_be_written_is_said_and_once_it_can_the_app_opens(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("TIERWISE_HOME", str(home / "closed" / "home"))
    (home / "closed").touch()  # where a folder belongs
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.context["url"] = "http://localhost:8501/"
    assert "closed/home: cannot be written: " in said(app.run())
    assert "then try again." in said(app)
    (home / "closed").unlink()
    app.run()
    assert not app.error and not app.exception and len(app.file_uploader) == 1


def test_the_bearer_of_a_link_is_not_told_where_the_database_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("TIERWISE_HOME", str(home / "closed" / "home"))
    (home / "closed").touch()
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    app.context["url"] = "http://localhost:8501/"
    app.run()
    app.switch_page("screens/shared.py")
    app.context["url"] = "http://localhost:8501/shared"
    app.query_params["plan"] = "no-such-token"
    assert said(app.run()).startswith("The server cannot do this just now")
    assert str(home) not in said(app)
    (home / "closed").unlink()


def test_the_bearer_of_a_link_is_not_told_who_opens_the_database_whatever_page_they_claim(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app("shared", plan="no-such-token")

    def refuse() -> None:
        raise BadInput("cannot be opened: FATAL", where="postgresql://ada@10.0.0.5/plans")

    services.engine().dispose()
    services.engine.clear()
    with monkeypatch.context() as patch:
        patch.setattr(services, "open_engine", refuse)
        for claimed in ("http://localhost:8501/", "http://localhost:8501/shared"):
            app.context["url"] = claimed
            assert said(app.run()).startswith("The server cannot do this just now")
    app.run()
    assert "FATAL" not in "".join(error.value for error in app.error)


def test_a_job_that_cannot_be_stopped_right_now_says_so_on_its_page(
    open_app: Open, held: Hold, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app("queries", "unsorted")
    digest = services.known_logs()[0].digest
    job_id = start_job(services.engine(), "sort", digest, 10, datetime.now(UTC))
    app.run()
    with held():
        app.button(key="cancel-sort").click().run()
        assert "another program keeps it locked" in said(app)
    app.run()
    app.button(key="cancel-sort").click().run()
    assert not app.error and not app.exception
    assert job(services.engine(), job_id).state == "stopped"


def test_a_dropped_file_that_cannot_be_deleted_says_so_and_the_next_click_does(
    open_app: Open, home: Path, small_csv: bytes, failing: Failing
) -> None:
    app = open_app("log")
    app.file_uploader[0].upload("export.csv", small_csv, "text/csv").run()
    with failing("pathlib.Path.unlink", errno.EROFS):
        app.button(key="another").click().run()
        assert "the disk can only be read" in said(app)
    app.button(key="another").click().run()
    assert not app.error and len(app.file_uploader) == 1
    assert list((home / "uploads").iterdir()) == []


def test_a_machine_that_is_in_the_way_does_not_close_the_log(
    open_app: Open, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app("plan", "sorted")

    def refuse(digest: str) -> None:
        raise Hindered("cannot be written: the disk is full", where="home")

    with monkeypatch.context() as patch:
        patch.setattr(services, "log_of", refuse)
        app.run()
        assert "the disk is full" in said(app)
    app.run()
    assert not app.error and len(app.metric) > 0


def test_a_busy_worker_takes_no_option_from_the_savings(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*arguments: object, **named: object) -> None:
        raise Hindered("many figures are being worked out for others right now")

    with monkeypatch.context() as patch:
        patch.setattr("app.preparing.prepared", busy)
        with pytest.raises(Hindered):
            preparing.usual_cap(None, None, None)  # type: ignore[arg-type]
        patch.setattr("app.tuning.bill_of", busy)
        draft = Draft("a", "b", "c", 0.1, 0.1, fine_tuning=case_to_json(example_case()))
        with pytest.raises(Hindered):
            forecasting._tuned(None, None, draft, None)  # type: ignore[arg-type]


def test_a_plan_that_met_a_lock_keeps_its_words_and_is_saved_by_the_next_click(
    open_app: Open, held: Hold
) -> None:
    app = open_app("plan", "sorted")
    labelled(app.text_input, "Name of the plan").set_value("Autumn")
    labelled(app.text_input, "Your name").set_value("Ada")
    with held():
        next(b for b in app.button if b.label == "Save the plan").click().run()
        assert "tierwise.db: another program keeps it locked. Nothing was changed" in said(app)
    assert labelled(app.text_input, "Name of the plan").value == "Autumn"
    next(b for b in app.button if b.label == "Save the plan").click().run()
    assert not app.error and not app.exception
    found = find_plans(services.engine(), the_person_here("Ada"))
    assert [plan.name for plan in found.rows] == ["Autumn"]


def test_a_draft_that_meets_a_lock_does_not_hold_up_its_page(open_app: Open, held: Hold) -> None:
    app = open_app("plan", "sorted")
    before = len(app.metric)
    with held():
        next(box for box in app.selectbox if len(box.options) > 3).select_index(1).run()
        assert not app.error and not app.exception and len(app.metric) == before
        assert "another program keeps it locked" in app.toast[0].value
    app.run()
    assert not app.toast


def test_a_dropped_file_that_found_no_room_leaves_nothing_and_is_kept_by_the_next_run(
    open_app: Open, home: Path, small_csv: bytes, failing: Failing
) -> None:
    app = open_app("log")
    with failing("core.disk._settle", errno.ENOSPC):
        app.file_uploader[0].upload("export.csv", small_csv, "text/csv").run()
    assert "cannot be written: the disk is full. Make room there" in said(app)
    assert list((home / "uploads").iterdir()) == []
    app.run()
    assert not app.error and app.button(key="read")
    (kept,) = (home / "uploads").iterdir()
    assert kept.read_bytes() == small_csv


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_note_on_a_log_that_cannot_be_kept_is_said_and_the_earlier_ones_stay(
    open_app: Open, home: Path, failing: Failing, number: int
) -> None:
    app = open_app("log", "sorted")
    digest = services.known_logs()[0].digest
    app.number_input(key=f"volume-{digest}").set_value(77_000)
    with failing("core.disk._settle", number):
        app.button(key="use-volume").click().run()
    assert "notes.json: cannot be written: the disk " in said(app)
    assert read_notes(home / "logs" / digest).monthly_queries is None
    app.run()
    app.button(key="use-volume").click().run()
    assert not app.error
    assert read_notes(home / "logs" / digest).monthly_queries == 77_000


def test_a_model_that_found_no_room_is_not_half_added(
    open_app: Open, home: Path, failing: Failing
) -> None:
    app = open_app("models", "sorted")
    app.text_input(key="own-name").set_value("our-small")
    app.number_input(key="own-in").set_value(0.08)
    app.number_input(key="own-out").set_value(0.4)
    with failing("core.disk._settle", errno.ENOSPC):
        app.button(key="own-add").click().run()
    assert "models_added.yaml: cannot be written: the disk is full" in said(app)
    assert not added_file().exists() and not list(home.glob(".*.part"))
    app.button(key="own-add").click().run()
    assert not app.error and "our-small" in added_file().read_text()


def test_a_bug_is_not_taken_for_a_fault_of_the_machine(
    open_app: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_app("log")
    monkeypatch.setattr(services, "known_logs", lambda: 1 / 0)
    st.cache_data.clear()
    assert app.run().exception
