"""Short heavy work in processes of its own, while whoever asked for it waits and nobody else does.

Python runs one thread at a time: a script that computes for a second holds up every page for that
second, one that waits for another process holds up none. What is there on a page stays until the
answer comes. Jobs have workers of their own, which may take minutes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from app.site import is_for_reader
from app.workers import Worker
from core.errors import Hindered

P = ParamSpec("P")
T = TypeVar("T")

WORKING: Final = "Working it out ..."  # beside the old figures, until the new ones are there
MOST_WAITING: Final = 24  # a fifth of a second each, as a rule
MOST_READERS: Final = 8  # of these for readers of shared links: others find room beside them
_SHORT: Final = "The machine may be short of memory: try again in a few minutes"
LOOK_SECONDS: Final = 0.1  # how soon a run of a page that is out of date gives its place up


@dataclass
class Line:
    """A worker and those who wait for it: it is given one call at a time.

    So a call's time counts from its beginning, and a process that dies takes no other call along.
    """

    worker: Worker
    seconds: float  # that a call may take
    turn: threading.Lock = field(default_factory=threading.Lock)


_quick: Final = Line(
    Worker("core.economics.tuning.sensitivity", "core.frozen.moved", "core.frozen.rerunning"),
    seconds=120.0,
)
_reading: Final = Line(Worker("app.reading", "core.workload.standing"), seconds=1800.0)
_places: Final = threading.BoundedSemaphore(MOST_WAITING)
_readers: Final = threading.BoundedSemaphore(MOST_READERS)
_ended: Final = threading.Event()


def worked_out(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function of core returns, called in a worker process; its BadInput comes back too.

    What goes in and out is copied, so both should be small beside the work. Hindered when too many
    wait already, when it takes too long, or when its process is ended from outside.
    """
    return _ask(_quick, function, *arguments, **named)


def read_through(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """The same for what reads a whole log: it has a process of its own, and much longer."""
    return _ask(_reading, function, *arguments, **named)


def get_ready(*, to_read: bool) -> None:
    """Start the processes before somebody waits for them: what they need takes a second to import.

    The one that reads whole logs only where there is one `to_read`: it holds over 100 MB.

    To be called by a page. Called earlier, it would import Streamlit, which started this process.
    """
    _quick.worker.get_ready()
    if to_read:
        _reading.worker.get_ready()


def close() -> None:
    """Start no process any more, since the app stops: those that wait would."""
    _ended.set()


def _ask(line: Line, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    with _place(), _turn(line):
        if _ended.is_set():
            raise Hindered("the app stops", remedy="Open it again in a moment")
        try:
            future: Future[T] = line.worker.run(function, *arguments, **named)
        except RuntimeError as error:  # BrokenProcessPool is one, no room for a thread another
            raise Hindered(
                "the process that works out figures does not start", remedy=_SHORT
            ) from error
        if not wait([future], line.seconds).done:
            line.worker.end()
            raise Hindered(
                f"this was not worked out within {line.seconds / 60:.0f} minutes",
                remedy="The machine may be busy: try again in a few minutes",
            )
        _end_if_outdated()  # before this run draws anything beside the one that took its place
        try:
            return future.result()
        except BrokenProcessPool as error:  # what was asked may be why: it is not asked again
            raise Hindered(
                "the process that works out figures was ended from outside", remedy=_SHORT
            ) from error


@contextmanager
def _place() -> Iterator[None]:
    """A place among those who wait; Hindered where all are taken."""
    with ExitStack() as held:
        for places in (_readers, _places) if is_for_reader() else (_places,):
            if not places.acquire(blocking=False):
                raise Hindered(
                    "many figures are being worked out for others right now",
                    remedy="Nothing is lost: try again in a few seconds",
                )
            held.callback(places.release)
        yield


@contextmanager
def _turn(line: Line) -> Iterator[None]:
    """The worker for oneself.

    A slider starts a new run of its page with every step, while the earlier ones wait here: they
    leave, so that one tab never has more than one call that waits.
    """
    while not line.turn.acquire(timeout=LOOK_SECONDS):
        _end_if_outdated()
    try:
        yield
    finally:
        line.turn.release()


def _end_if_outdated() -> None:
    """End a run of a page that a newer one has replaced: both would change the same state."""
    if get_script_run_ctx() is not None:
        st.session_state.get("log")  # any look at it does
