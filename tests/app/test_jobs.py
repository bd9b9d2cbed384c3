"""Background jobs: a queue that survives its workers, and says what became of every job."""

import errno
import multiprocessing
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import jobs, services
from app.jobs import DIED, LOST, SERVER, Queue
from app.turns import Ticket
from app.workers import Worker
from core.errors import BadInput
from core.store import work
from core.store.jobs import Job, begin, fail, finish, job, latest_job, start_job

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]
NOW = datetime.now(UTC)
ONE, TWO = "1" * 16, "2" * 16  # digests of logs


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Future[Any]]]:
    """Workers that begin and do not end before the test says so: job ids and what they wait for."""
    begun: list[tuple[str, Future[Any]]] = []

    def run(worker: Worker, function: object, url: str, job_id: str, *rest: object) -> Future[Any]:
        begun.append((job_id, Future()))
        begin(services.engine(), job_id, now=NOW)
        return begun[-1][1]

    monkeypatch.setattr(Worker, "run", run)
    return begun


def ask(subject: str, who: str = "ada", **more: Any) -> None:
    """Ask for a job on that subject."""
    jobs._queue().add("sort", subject, (who, who), "computing", work.sort_log, subject, **more)


@contextmanager
def reader_of(pipe: Path) -> Iterator[None]:
    """Hold the pipe open once some process reads it, so that it reads on and on."""
    deadline = time.monotonic() + 30
    while True:
        try:
            end = os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
            break
        except OSError as error:
            assert error.errno == errno.ENXIO and time.monotonic() < deadline
        threading.Event().wait(0.01)
    yield
    os.close(end)


def seen(subject: str) -> Job:
    found = latest_job(services.engine(), "sort", subject)
    assert found is not None
    return found


def test_a_worker_that_is_killed_fails_its_job_at_once_and_the_next_one_begins(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended: queue.Queue[str] = queue.Queue()
    end = Queue._end

    def watched(self: Queue, ticket: Ticket, worker: Worker, future: Future[None]) -> None:
        end(self, ticket, worker, future)
        ended.put(ticket.job_id)

    monkeypatch.setattr(Queue, "_end", watched)
    for name in (ONE, TWO):
        (home / name).mkdir()
        os.mkfifo(home / name / "log.json")  # to read it takes until somebody writes
        ask(str(home / name), name)
    first, second = seen(str(home / ONE)), seen(str(home / TWO))
    assert jobs.before(second) == 1
    with reader_of(home / ONE / "log.json"):
        assert job(services.engine(), first.id).state == "running"
        assert job(services.engine(), second.id).state == "waiting"
        (worker,) = multiprocessing.active_children()
        assert os.getpriority(os.PRIO_PROCESS, worker.pid or 0) > os.getpriority(os.PRIO_PROCESS, 0)
        os.kill(worker.pid or 0, signal.SIGKILL)
        assert ended.get(timeout=20) == first.id
    died = job(services.engine(), first.id)
    assert (died.state, died.message) == ("failed", DIED)
    with reader_of(home / TWO / "log.json"):
        assert job(services.engine(), second.id).state == "running"
        jobs.close()
        lost = job(services.engine(), second.id)
        assert (lost.state, lost.message) == ("failed", LOST)
        assert ended.get(timeout=20) == second.id
    for process in multiprocessing.active_children():
        process.join(20)
    assert not multiprocessing.active_children()


def test_a_job_that_waits_is_cancelled_at_once_and_the_one_after_it_moves_up(
    held: list[tuple[str, Future[Any]]],
) -> None:
    for subject in ("first", "second", "third"):
        ask(subject)
    assert [seen(s).state for s in ("first", "second", "third")] == [
        "running",
        "waiting",
        "waiting",
    ]
    assert jobs.before(seen("third")) == 2
    jobs.cancel(seen("second"))
    assert seen("second").state == "stopped" and jobs.before(seen("third")) == 1
    jobs.cancel(seen("first"))
    assert seen("first").state == "running" and seen("first").cancel_requested
    held[0][1].set_result(None)
    assert seen("third").state == "running" and seen("third").server == SERVER


def test_a_worker_that_cannot_begin_fails_the_job_and_goes_on(
    held: list[tuple[str, Future[Any]]],
) -> None:
    ask("first")
    ask("second")
    held[0][1].set_exception(TypeError("cannot pickle 'module' object"))
    assert seen("first").state == "failed"
    assert "TypeError" in seen("first").message and "pickle" not in seen("first").message
    assert seen("second").state == "running"


def test_what_a_worker_has_noted_itself_stays_as_it_is(
    held: list[tuple[str, Future[Any]]],
) -> None:
    ask("first")
    fail(services.engine(), seen("first").id, "row 3: no tokens", now=NOW)
    held[0][1].set_exception(RuntimeError())
    assert seen("first").message == "row 3: no tokens"


def test_the_same_work_is_not_queued_twice(held: list[tuple[str, Future[Any]]]) -> None:
    ask("first")
    ask("second")
    waiting = seen("second").id
    ask("second")
    assert seen("second").id == waiting
    ask("first")  # which runs already, and may have read what has changed since
    assert seen("first").state == "waiting"


def test_a_restart_fails_what_was_left_waiting_or_running_and_forgets_what_is_old(
    home: Path,
) -> None:
    engine, host = services.engine(), SERVER.rpartition(":")[0]
    gone, elsewhere = f"{host}:{2**22 + 1}", "another-machine:1"
    left = [
        start_job(engine, "sort", str(n), 10, NOW, server=server)
        for n, server in enumerate((gone, gone, SERVER, elsewhere, f"{host}:{os.getppid()}"))
    ]
    begin(engine, left[0], now=NOW)
    old = start_job(engine, "sort", "old", 10, NOW)
    finish(engine, old, now=NOW - timedelta(days=31))
    jobs.tidy()
    states = [job(engine, job_id) for job_id in left]
    assert [s.state for s in states] == ["failed"] * 3 + ["waiting"] * 2
    assert {s.message for s in states[:3]} == {LOST}
    with pytest.raises(BadInput):
        job(engine, old)


def test_a_job_that_waits_long_is_not_called_lost(
    held: list[tuple[str, Future[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("first")
    ask("second")
    monkeypatch.setattr(jobs, "SILENT_AFTER", timedelta(0))
    jobs._queue()._tell(NOW + timedelta(hours=1))
    assert jobs.job_of("sort", "second") == seen("second")
    assert [seen(s).state for s in ("first", "second")] == ["running", "waiting"]


@pytest.mark.parametrize("said", ["none", "0", "-1", "2.5"])
def test_a_limit_that_is_no_number_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(jobs.IN_ALL, said)
    with pytest.raises(BadInput, match=f"TIERWISE_JOBS: is '{said}'"):
        jobs._queue()


def test_a_full_queue_is_told_on_the_page_and_nothing_is_lost(
    open_app: Open, held: list[tuple[str, Future[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(jobs.PER_USER, "1")
    app = open_app("queries", "unsorted")
    ask("another log", "tab test session id")
    app.button(key="sort").click().run()
    assert not app.exception
    (error,) = app.error
    assert "1 of your jobs" in error.value
    assert "Wait until one has ended, or stop one" in error.value
    held[0][1].set_result(None)
    app.button(key="sort").click().run()
    assert not app.error and len(held) == 2


def test_a_job_that_waits_says_its_place_and_can_be_taken_out(
    open_app: Open, held: list[tuple[str, Future[Any]]], words: Words
) -> None:
    ask("one log", "bo")
    ask("another log", "cy")
    app = open_app("queries", "unsorted")
    app.button(key="sort").click().run()
    assert "Waiting for its turn: 2 jobs before yours." in words(app)
    app.button(key="cancel-sort").click().run()
    assert not app.exception and "Waiting" not in words(app)
    assert app.button(key="sort")


def test_a_worker_without_work_gives_its_memory_back(
    held: list[tuple[str, Future[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[Worker] = []
    monkeypatch.setattr(Worker, "let_go", lambda worker: gone.append(worker))
    monkeypatch.setattr(jobs, "IDLE_SECONDS", -1.0)
    ask("first")
    jobs._queue()._tell(NOW)
    assert gone == [], "it works"
    held[0][1].set_result(None)
    jobs._queue()._tell(NOW)
    assert len(gone) == 1
