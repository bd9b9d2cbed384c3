"""The queue for all heavy work: who waits, who runs, within limits, and what became of it."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from queue import SimpleQueue
from typing import Any, Final

from app.turns import Lane, Ticket, Turns
from app.workers import BACKGROUND, Worker
from core.errors import BadInput, Hindered
from core.events import event, place_of
from core.store import jobs as store
from core.store import work
from core.store.engine import Engine, database_url
from core.store.trouble import told

PER_USER: Final = "TIERWISE_JOBS_PER_USER"  # waiting and running, 4 without it
IN_ALL: Final = "TIERWISE_JOBS"  # 24
WORKERS: Final = "TIERWISE_WORKERS"  # jobs that compute at the same time, 1
ASKING: Final = 4  # jobs at the same time that mostly wait for somebody else's server

LIFE_SIGN_SECONDS: Final = 20.0
LAST_PATIENCE_MS: Final = 2_000  # an app that stops waits no longer for the database
LOST: Final = "This was cut off when the app stopped. Nothing is lost: start it again."
DIED: Final = (
    "The process that did this was ended from outside, perhaps for want of memory. Start it again: "
    "a long log goes on where it was."
)
NOT_BEGUN: Final = "This could not be started."
BROKE: Final = f"{NOT_BEGUN[:-1]} ({{}}). Nothing was kept; try again."
UNTOLD: Final = (
    "This ended while the database took no word of it ({}). Look whether it is done, else start it "
    "again: what was kept so far is used."
)

SERVER: Final = f"{socket.gethostname()[:80]}:{os.getpid()}"  # fits its column


class Queue:
    """Who waits, the workers, and the database that says so; safe for any thread.

    The database is never asked under the lock: it may take half a minute, and every page asks.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.RLock()
        slots: dict[Lane, int] = {"computing": _number(WORKERS, 1), "asking": ASKING}
        self._turns = Turns(per_user=_number(PER_USER, 4), in_all=_number(IN_ALL, 24), slots=slots)
        self._idle = {
            lane: [Worker(work.__name__, nice=BACKGROUND) for _ in range(count)]
            for lane, count in slots.items()
        }
        self._endings: SimpleQueue[tuple[Ticket, Worker, Future[None]] | None] = SimpleQueue()
        self._unsaid: dict[str, BaseException] = {}  # what jobs failed with, not noted yet
        self._ended = threading.Event()
        threading.Thread(target=self._show_life, daemon=True).start()
        threading.Thread(target=self._take_endings, daemon=True).start()

    def add(
        self,
        kind: str,
        subject: str,
        who: tuple[str, str],
        lane: Lane,
        function: Callable[..., None],
        *arguments: Any,
    ) -> None:
        """Let the work wait for its turn, unless the very same waits already; BadInput when full.

        `who` is the key that limits go by, and the name for the record.
        """
        now = datetime.now(UTC)
        ticket = Ticket(store.new_id(), who[0], lane, function, arguments)
        while (same := self._hold(ticket)) is not None:
            if self._is_open(same):
                return
            # It counts as lost: whoever presses the button again shall not wait for nothing.
            with self._lock:
                self._turns.drop(same.job_id)
                if same in self._turns.open:
                    raise Hindered(
                        "its earlier run has not quite ended",
                        remedy="Nothing is lost: try again in a few seconds",
                    )
        try:
            store.start_job(
                self._engine, kind, subject, 1000, now,
                who=who[1], server=SERVER, job_id=ticket.job_id,
            )  # fmt: skip
        except BaseException:
            with self._lock:
                self._turns.end(ticket.job_id)
            raise
        with self._lock:
            self._turns.add(ticket)
            self._go_on(lane)

    def _hold(self, ticket: Ticket) -> Ticket | None:
        """Keep a place for the job; the one that does the same, where there is one already."""
        with self._lock:
            same = self._turns.same(ticket)
            if same is None:
                self._turns.check(ticket.who)
                self._turns.hold(ticket)
            return same

    def _is_open(self, ticket: Ticket) -> bool:
        """Whether the database has that job as one that waits or runs."""
        try:
            return store.job(self._engine, ticket.job_id).state in store.OPEN
        except Hindered:
            raise
        except BadInput:  # another tab is just asking for it
            return True

    def get_ready(self) -> None:
        """Start the worker that would take the next job: what it needs takes seconds to import."""
        with self._lock:
            idle = self._idle["computing"]
            if idle:
                idle[-1].get_ready()

    def before(self, job_id: str) -> int | None:
        """How many jobs run or come before that one; None where it does not wait here."""
        with self._lock:
            return self._turns.before(job_id)

    def has(self, job_id: str) -> bool:
        """Whether that job waits or runs here."""
        with self._lock:
            return any(ticket.job_id == job_id for ticket in self._turns.open)

    def cancel(self, job_id: str) -> None:
        """Take a job out that waits, and ask a running one to stop."""
        with self._lock:
            self._turns.drop(job_id)
        store.request_cancel(self._engine, job_id, now=datetime.now(UTC))

    def close(self) -> None:
        """Let the jobs end that wait or run; their workers are for `close` to end.

        Hindered where the database takes no word of it: the next start will say it.
        """
        with self._lock:  # not in the middle of a start
            self._ended.set()
        self._endings.put(None)
        now = datetime.now(UTC)
        store.fail_jobs_of(self._engine, SERVER, LOST, now, patience_ms=LAST_PATIENCE_MS)

    def _go_on(self, lane: Lane) -> None:
        """Begin what can begin; to be called under the lock."""
        while not self._ended.is_set() and (ticket := self._turns.next(lane)):
            worker = self._idle[lane].pop()
            try:
                future = worker.run(
                    ticket.function, database_url(), ticket.job_id, *ticket.arguments
                )
            except Exception as error:  # no memory, no process, no home: the lane goes on
                future = Future()
                future.set_exception(error)
            future.add_done_callback(partial(self._has_ended, ticket, worker))

    def _has_ended(self, ticket: Ticket, worker: Worker, future: Future[None]) -> None:
        """Called by whoever ends the future, perhaps with locks of its own: nothing but told on."""
        self._endings.put((ticket, worker, future))

    def _take_endings(self) -> None:
        while (ending := self._endings.get()) is not None:
            self._end(*ending)

    def _end(self, ticket: Ticket, worker: Worker, future: Future[None]) -> None:
        """Note how a job ended, where its process could not, and let the next one begin."""
        error = future.exception()
        if error is not None:
            self._unsaid[ticket.job_id] = error
        if ticket.lane == "asking":
            worker.let_go()  # rare, and each would hold its memory until the next one
        with self._lock:
            self._turns.end(ticket.job_id)
            self._idle[ticket.lane].append(worker)
            self._go_on(ticket.lane)
        with telling():
            self._tell_failures(datetime.now(UTC))

    def _show_life(self) -> None:
        while not self._ended.wait(LIFE_SIGN_SECONDS):
            with telling():
                self._tell(datetime.now(UTC))

    def _tell(self, now: datetime) -> None:
        """Tell all servers that this one is there, and so its jobs are not lost."""
        self._tell_failures(now)
        with self._lock:
            here = [ticket.job_id for ticket in self._turns.open]
        if here:
            store.show_life(self._engine, here, now)

    def _tell_failures(self, now: datetime) -> None:
        """Note why jobs failed; what they have noted themselves stays as it is."""
        for job_id in list(self._unsaid):
            error = self._unsaid.pop(job_id)
            try:
                store.fail(self._engine, job_id, self._words(job_id, error), now=now)
            except Hindered:
                self._unsaid[job_id] = error  # with the next sign of life
                raise

    def _words(self, job_id: str, error: BaseException) -> str:
        if isinstance(error, BrokenProcessPool):
            return DIED
        if store.job(self._engine, job_id).began_at is not None:
            return UNTOLD.format(type(error).__name__)
        reason = told(error) if isinstance(error, Exception) else None
        return f"{NOT_BEGUN} {reason}" if reason else BROKE.format(type(error).__name__)


@contextmanager
def telling() -> Iterator[None]:
    """Around what the database is told by the way: it may answer again next time."""
    try:
        yield
    except Exception as error:
        event("no_life_sign", logging.WARNING, error=type(error).__name__, at=place_of(error))


def _number(name: str, usual: int) -> int:
    """A setting from the environment; BadInput for one that is no number from 1 on."""
    said = os.environ.get(name, "").strip() or str(usual)
    if not said.isdecimal() or int(said) < 1:
        raise BadInput(f"is '{said}'", where=name, remedy="Use a whole number from 1 on")
    return int(said)
