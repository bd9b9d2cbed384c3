"""Short heavy work in processes of its own, and what happens when such a process does not last."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from app import elsewhere, site
from app.elsewhere import read_through, worked_out
from app.workers import Worker, end_all
from core.errors import BadInput, Conflict, Hindered
from core.events import place_of
from core.logs.log import open_log
from core.scrub import scrub

from .conftest import Here


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real process for the figures, which ends with the test."""
    monkeypatch.setattr(elsewhere._quick, "worker", Worker())
    yield
    end_all()


class Counted(Here):
    """Answers with whatever it is given, and counts how often it was asked."""

    def __init__(self, answer: Future[Any]) -> None:
        super().__init__()
        self.answer, self.asked, self.ended = answer, 0, 0

    def run(self, function: Any, *arguments: Any, **named: Any) -> Future[Any]:
        self.asked += 1
        return self.answer

    def end(self) -> None:
        self.ended += 1


def test_it_is_another_process_and_one_that_is_killed_is_replaced(process: None) -> None:
    first = worked_out(os.getpid)
    assert first not in (os.getpid(), 0) and worked_out(os.getpid) == first
    with pytest.raises(BadInput, match=r"There is no log 0{16}\.") as told:
        worked_out(open_log, Path("nowhere"), "0" * 16)
    assert told.value.found == "There is no log 0000000000000000"
    assert told.value.remedy == "Import it again, or choose another one"
    with pytest.raises(TypeError) as bug:
        worked_out(scrub, 4711)  # type: ignore[arg-type]
    assert place_of(bug.value).startswith("core.scrub:"), "where it arose"
    (worker,) = multiprocessing.active_children()
    os.kill(first, signal.SIGKILL)
    worker.join(20)
    assert worked_out(os.getpid) not in (first, os.getpid())


def test_a_conflict_comes_back_whole() -> None:
    after = Here().run(told_conflict).exception()
    assert isinstance(after, Conflict) and str(after) == "plan: somebody was faster. Merge."
    assert (after.newest, after.where, after.remedy) == (7, "plan", "Merge")


def told_conflict() -> None:
    raise Conflict("somebody was faster", newest=7, where="plan", remedy="Merge")


def test_work_whose_process_is_killed_is_not_given_to_the_next_one_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken: Future[Any] = Future()
    broken.set_exception(BrokenProcessPool("a process was ended abruptly"))
    worker = Counted(broken)
    monkeypatch.setattr(elsewhere._quick, "worker", worker)
    with pytest.raises(Hindered, match=r"ended from outside\. The machine may be short of memory"):
        worked_out(os.getpid)
    assert worker.asked == 1
    assert read_through(os.getpid) == os.getpid(), "the others have a process of their own"


def test_work_that_does_not_end_gives_its_process_up_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = Counted(Future())
    monkeypatch.setattr(elsewhere._quick, "worker", worker)
    monkeypatch.setattr(elsewhere._quick, "seconds", 0.0)
    with pytest.raises(Hindered, match="not worked out within 0 minutes"):
        worked_out(os.getpid)
    assert worker.ended == 1 and not elsewhere._quick.turn.locked()


def test_a_process_that_hangs_is_ended_and_the_next_call_has_another(
    process: None, tmp_path: Path
) -> None:
    first = worked_out(os.getpid)
    os.mkfifo(tmp_path / "log.json")  # to read it takes until somebody writes
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(elsewhere._quick, "seconds", 0.1)
        with pytest.raises(Hindered, match="not worked out within"):
            worked_out(Path.read_text, tmp_path / "log.json")
    assert worked_out(os.getpid) not in (first, os.getpid())


def test_when_too_many_wait_the_next_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    full = threading.BoundedSemaphore(1)
    monkeypatch.setattr(elsewhere, "_places", full)
    with full, pytest.raises(Hindered, match=r"others right now\. Nothing is lost: try again"):
        worked_out(os.getpid)
    assert worked_out(os.getpid) == os.getpid()
    assert worked_out(os.getpid) == os.getpid(), "its place is given back"


def test_readers_of_links_leave_room_for_those_who_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    full = threading.BoundedSemaphore(1)
    monkeypatch.setattr(elsewhere, "_readers", full)
    with full:
        assert worked_out(os.getpid) == os.getpid()
        monkeypatch.setattr(elsewhere, "is_for_reader", lambda: True)
        with pytest.raises(Hindered, match="others right now"):
            worked_out(os.getpid)


def test_a_run_of_a_page_that_is_out_of_date_waits_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class OutOfDate(Exception):
        """As Streamlit stops a run when it looks at the session."""

    class State:
        def get(self, *arguments: object) -> None:
            raise OutOfDate

    monkeypatch.setattr(elsewhere, "is_for_reader", lambda: False)
    monkeypatch.setattr(elsewhere, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(elsewhere, "get_script_run_ctx", lambda: object())
    monkeypatch.setattr(st, "session_state", State())
    with elsewhere._quick.turn, pytest.raises(OutOfDate):
        worked_out(os.getpid)
    with pytest.raises(OutOfDate):  # nor does it draw what comes too late
        worked_out(os.getpid)
    monkeypatch.setattr(elsewhere, "get_script_run_ctx", lambda: None)
    assert worked_out(os.getpid) == os.getpid(), "its place is given back"


def test_an_app_that_stops_starts_no_process_for_those_who_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(elsewhere, "_ended", threading.Event())
    elsewhere.close()
    with pytest.raises(Hindered, match="the app stops"):
        worked_out(os.getpid)


def test_calls_of_many_at_once_are_answered_one_by_one() -> None:
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda n: worked_out(divmod, n, 7)[1], range(40))) == set(range(7))


def test_a_process_that_nobody_asks_goes_and_one_that_works_stays() -> None:
    gone: list[int] = []
    worker = Worker()
    worker.let_go = lambda: gone.append(1)  # type: ignore[method-assign]
    now = time.monotonic()
    worker._last = Future()
    worker.rest(now + 10_000)
    assert not gone, "it works"
    worker._last.set_result(None)
    worker.rest(now + 10_100)
    assert not gone, "it has just ended"
    worker.rest(now + 11_000)
    assert gone


def test_a_process_that_cannot_be_started_is_tried_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    worker, refused = Worker(), RuntimeError("can't start new thread")

    def refuse(thread: threading.Thread) -> None:
        raise refused

    with monkeypatch.context() as patch:
        patch.setattr("concurrent.futures.process._ExecutorManagerThread.start", refuse)
        worker.get_ready()  # whoever needs it hears of it
        with pytest.raises(RuntimeError, match="new thread"):
            worker.run(os.getpid)
    assert worker.run(os.getpid).result(20) != os.getpid()
    end_all()


def test_which_page_it_is_goes_by_what_runs_not_by_what_the_browser_says() -> None:
    with pytest.MonkeyPatch.context() as patch:
        state: dict[str, Any] = {}
        patch.setattr(st, "session_state", state)
        patch.setattr(site, "is_shared_link", lambda: False)
        assert not site.is_for_reader()
        site.note_page("shared")
        assert site.is_for_reader()
        site.note_page("plans")
        assert not site.is_for_reader()
