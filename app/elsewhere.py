"""Short heavy work in a process of its own, while whoever asked for it waits and nobody else does.

Python runs one thread at a time: a script that computes for a second holds up every page for that
second, one that waits for another process holds up none. What is there on a page stays until the
answer comes. Jobs have workers of their own, which may take minutes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any, Final, ParamSpec, TypeVar

from app.workers import Worker
from core.errors import BadInput

P = ParamSpec("P")
T = TypeVar("T")

WORKING: Final = "Working it out ..."  # beside the old figures, until the new ones are there
MOST_WAITING: Final = 24  # a fifth of a second each, as a rule

_worker: Final = Worker(
    "core.economics.tuning.sensitivity", "core.frozen.moved", "core.frozen.rerunning",
    "core.quality.prepare", "core.workload.standing",
)  # fmt: skip
_waiting: Final = threading.BoundedSemaphore(MOST_WAITING)
_lock: Final = threading.Lock()  # to start a process is not for two threads at once


def worked_out(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What a function of core returns, called in the worker process; its BadInput comes back too.

    What goes in and out is copied, so both should be small beside the work. BadInput also when
    too many wait already, or when the process is ended from outside twice.
    """
    if not _waiting.acquire(blocking=False):
        raise BadInput(
            f"{MOST_WAITING} figures are being worked out for others right now",
            remedy="Nothing is lost: try again in a few seconds",
        )
    try:
        return _ask(function, *arguments, **named)
    finally:
        _waiting.release()


def get_ready() -> None:
    """Start the process before somebody waits for it: what it needs takes seconds to import.

    To be called by a page. Called earlier, it would import Streamlit, which started this process.
    """
    if not _worker.is_started:
        with suppress(BrokenProcessPool, OSError):  # whoever needs it will hear of it
            _submit(os.getpid)


def _ask(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    for _ in range(2):
        try:
            return _submit(function, *arguments, **named).result()
        except BrokenProcessPool:  # ended from outside: once may be chance
            continue
    raise BadInput(
        "the process that works out figures was ended from outside",
        remedy="The machine may be short of memory: try again in a few minutes",
    )


def _submit(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> Future[Any]:
    with _lock:
        return _worker.run(function, *arguments, **named)
