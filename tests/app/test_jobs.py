"""Background jobs: a queue that survives its workers, and says what became of every job."""

import errno
import multiprocessing
import os
import queue
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from app import jobs, queueing, services, uploads
from app.queueing import BROKE, DIED, LOST, SERVER, UNTOLD, Queue
from app.turns import Ticket
from app.workers import Worker
from core.errors import BadInput, Hindered
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
    monkeypatch.setattr(Queue, "_has_ended", Queue._end)  # here and now
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


def ask_for_answers(folder: Path, replay_id: str, key: str = "") -> None:
    """Ask for a replay: it is the same one whatever the key of its endpoint."""
    arguments = ("asking", work.replay_log, str(folder), replay_id, {"openai": key})
    jobs._queue().add("replay", folder.name, ("ada", "ada"), *arguments)


@contextmanager
def held_database(home: Path) -> Iterator[None]:
    """Somebody else's program writes, and does not come to an end."""
    with closing(sqlite3.connect(home / "tierwise.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> queue.Queue[str]:
    """The ids of jobs whose end was taken in."""
    found: queue.Queue[str] = queue.Queue()
    end = Queue._end

    def watched(self: Queue, ticket: Ticket, worker: Worker, future: Future[None]) -> None:
        end(self, ticket, worker, future)
        found.put(ticket.job_id)

    monkeypatch.setattr(Queue, "_end", watched)
    return found


def seen(subject: str, kind: str = "sort") -> Job:
    found = latest_job(services.engine(), kind, subject)
    assert found is not None
    return found


def test_a_worker_that_is_killed_fails_its_job_at_once_and_the_next_one_begins(
    home: Path, ended: queue.Queue[str]
) -> None:
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
    for process in multiprocessing.active_children():
        process.join(20)
    assert not multiprocessing.active_children()


def test_a_worker_that_asks_and_is_killed_fails_its_job_and_the_lane_goes_on(
    home: Path, ended: queue.Queue[str]
) -> None:
    place = home / ONE / "replays" / "r1"
    place.mkdir(parents=True)
    os.mkfifo(place / "replay.json")
    for _ in range(2):
        ask_for_answers(home / ONE, "r1")
        asked = seen(ONE, "replay")
        with reader_of(place / "replay.json"):
            (worker,) = multiprocessing.active_children()
            os.kill(worker.pid or 0, signal.SIGKILL)
            assert ended.get(timeout=20) == asked.id
        assert job(services.engine(), asked.id).message == DIED
        worker.join(20)


def test_what_a_worker_is_done_with_is_only_told_on(
    home: Path, ended: queue.Queue[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.13 tells it under a lock that every call of that worker wants."""
    lock, futures = threading.Lock(), list[Future[Any]]()

    def run(worker: Worker, *arguments: object) -> Future[Any]:
        with lock:
            futures.append(Future())
        return futures[-1]

    def let_go(worker: Worker) -> None:
        with lock:
            pass

    monkeypatch.setattr(Worker, "run", run)
    monkeypatch.setattr(Worker, "let_go", let_go)
    ask_for_answers(home / ONE, "r1")
    with lock:
        futures[0].set_exception(BrokenProcessPool("killed"))
    assert ended.get(timeout=20) == seen(ONE, "replay").id
    ask_for_answers(home / ONE, "r1")
    assert len(futures) == 2


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


def test_a_replay_runs_once_at_a_time_whoever_wants_it_to_go_on(
    home: Path, held: list[tuple[str, Future[Any]]]
) -> None:
    ask_for_answers(home / ONE, "r1")
    running = seen(ONE, "replay").id
    ask_for_answers(home / ONE, "r1", "another key")
    assert seen(ONE, "replay").id == running and len(held) == 1
    ask_for_answers(home / ONE, "r2")
    assert len(held) == 2
    fail(services.engine(), running, LOST, now=NOW)  # as another server saw it
    with pytest.raises(Hindered, match="its earlier run has not quite ended"):
        ask_for_answers(home / ONE, "r1")
    held[0][1].set_result(None)
    ask_for_answers(home / ONE, "r1")
    assert len(held) == 3


def test_work_that_counts_as_lost_is_queued_anew(held: list[tuple[str, Future[Any]]]) -> None:
    ask("first")
    ask("second")
    lost = seen("second").id
    fail(services.engine(), lost, LOST, now=NOW)
    ask("second")
    assert seen("second").id != lost and seen("second").state == "waiting"
    held[0][1].set_result(None)
    assert [job_id for job_id, _ in held][1:] == [seen("second").id]


def test_a_lane_outlives_whatever_keeps_a_worker_from_starting(
    monkeypatch: pytest.MonkeyPatch, ended: queue.Queue[str]
) -> None:
    def refuse(worker: Worker, *arguments: object) -> Future[Any]:
        raise RuntimeError("can't start new thread")

    def closed() -> str:
        raise Hindered("cannot be written: the disk is full", where="home")

    monkeypatch.setattr(Worker, "run", refuse)
    ask("first")
    assert ended.get(timeout=20) == seen("first").id
    assert seen("first").message == BROKE.format("RuntimeError")
    with monkeypatch.context() as patch:
        patch.setattr(queueing, "database_url", closed)
        ask("second")
        assert ended.get(timeout=20) == seen("second").id
    assert seen("second").message.startswith("This could not be started. home: cannot be written")
    done: Future[Any] = Future()
    done.set_result(None)
    monkeypatch.setattr(Worker, "run", lambda *arguments: done)
    ask("third")
    assert ended.get(timeout=20) == seen("third").id


def test_a_place_is_given_back_where_the_database_takes_no_job(
    home: Path, held: list[tuple[str, Future[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(queueing.PER_USER, "1")
    monkeypatch.setattr("core.store.engine.PATIENCE_MS", 50)
    with held_database(home), pytest.raises(Hindered, match="keeps it locked"):
        ask("first")
    ask("first")
    assert len(held) == 1


def test_how_a_job_failed_is_noted_once_the_database_answers(
    home: Path, held: list[tuple[str, Future[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.store.engine.PATIENCE_MS", 50)
    ask("first")
    with held_database(home):
        held[0][1].set_exception(Hindered("another program keeps it locked"))
        assert seen("first").state == "running"
    jobs._queue()._tell(NOW)
    assert (seen("first").state, seen("first").message) == (
        "failed",
        UNTOLD.format("Hindered"),
    )
    jobs._queue()._tell(NOW)


def test_an_app_that_stops_ends_its_workers_though_the_database_is_held(
    home: Path, held: list[tuple[str, Future[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[int] = []
    monkeypatch.setattr(jobs.workers, "end_all", lambda: gone.append(1))
    monkeypatch.setattr(queueing, "LAST_PATIENCE_MS", 50)
    ask("first")
    with held_database(home):
        jobs.close()
    assert gone and seen("first").state == "running"


def test_a_dropped_file_that_is_being_read_is_not_taken_for_abandoned(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "uploads").mkdir()
    for name in ("read", "abandoned", "locked"):
        (home / "uploads" / name).touch()
        os.utime(home / "uploads" / name, (1e9, 1e9))
    start_job(services.engine(), "import", "a workspace/read", 10, NOW)
    unlink = Path.unlink

    def refusing(path: Path, missing_ok: bool = False) -> None:
        if path.name == "locked":
            raise PermissionError
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)
    uploads.tidy()
    assert {file.name for file in (home / "uploads").iterdir()} == {"read", "locked"}


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
        start_job(engine, "sort", str(n), 10, NOW - timedelta(hours=1), server=server)
        for n, server in enumerate((gone, gone, SERVER, elsewhere, f"{host}:{os.getppid()}"))
    ]
    begin(engine, left[0], now=NOW)
    old = start_job(engine, "sort", "old", 10, NOW)
    finish(engine, old, now=NOW - timedelta(days=31))
    ours = start_job(engine, "sort", "asked while it tidies up", 10, NOW, server=SERVER)
    jobs.tidy()
    states = [job(engine, job_id) for job_id in left]
    assert [s.state for s in states] == ["failed"] * 3 + ["waiting"] * 2
    assert {s.message for s in states[:3]} == {LOST}
    assert job(engine, ours).state == "waiting"
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
    monkeypatch.setenv(queueing.IN_ALL, said)
    with pytest.raises(BadInput, match=f"TIERWISE_JOBS: is '{said}'"):
        jobs._queue()


def test_a_full_queue_is_told_on_the_page_and_nothing_is_lost(
    open_app: Open, held: list[tuple[str, Future[Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(queueing.PER_USER, "1")
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
