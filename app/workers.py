"""Worker processes: one job at a time each, with what a worker owes to the app beside it."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from importlib import import_module
from typing import Any, Final
from weakref import WeakSet

from core.events import place_of, watch_logs
from core.workers import end_with_parent

BACKGROUND: Final = 5  # nice: long work yields to pages; with more it would stand still in a crowd
IDLE_SECONDS: Final = 600.0  # after which a process gives back the memory of what it read


class Worker:
    """A process that calls what it is given, one after the other; started with its first call.

    It imports some modules first, before it is nice to others: somebody waits for them. Safe for
    any thread. What is called once a call is done must not call a worker: Python 3.13 does that
    while it holds a lock of its own.
    """

    def __init__(self, *modules: str, nice: int = 0) -> None:
        self._modules, self._nice = modules, nice
        self._lock = threading.RLock()
        self._executor: ProcessPoolExecutor | None = None
        self._last: Future[Any] | None = None
        self._used_at = 0.0
        _known.add(self)

    def get_ready(self) -> None:
        """Start the process before somebody waits for it; whoever needs it hears why it did not."""
        with self._lock, suppress(RuntimeError, OSError):
            self._used_at = time.monotonic()
            if self._executor is None:
                self.run(os.getpid)

    def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Future[Any]:
        """What the function will return; BrokenProcessPool where the process is ended from outside.

        A process that died while nothing ran is replaced without a word. RuntimeError or OSError
        where the machine has no room for another one.
        """
        with self._lock:
            self._used_at = time.monotonic()
            if self._executor is not None and not all(p.is_alive() for p in self._processes()):
                self.let_go()
            for _ in range(2):
                if self._executor is None:
                    self._executor = _started(self._modules, self._nice)
                try:
                    self._last = self._executor.submit(_call, function, arguments, named)
                    return self._last
                except BrokenProcessPool:
                    self.let_go()
                except Exception:
                    self.end()  # half started, it would never answer
                    raise
            raise BrokenProcessPool("the worker process does not start")

    def let_go(self) -> None:
        """End the process once it has nothing to do; the next call starts another."""
        with self._lock:
            if self._executor is not None:
                self._executor.shutdown(wait=False)
                self._executor = None

    def end(self) -> None:
        """End the process at once, whatever it does; the next call starts another."""
        with self._lock:
            processes = self._processes()
            self.let_go()
        for process in processes:
            process.kill()

    def rest(self, now: float) -> None:
        """Let the process go where nothing was asked of it for IDLE_SECONDS."""
        with self._lock:
            if self._last is not None and not self._last.done():
                self._used_at = now
            elif now - self._used_at > IDLE_SECONDS:
                self.let_go()

    def _processes(self) -> Sequence[Any]:
        """The one that there is. Python has no other way to it before 3.14."""
        return list((getattr(self._executor, "_processes", None) or {}).values())


_known: Final[WeakSet[Worker]] = WeakSet()


def tend() -> None:
    """Let workers go that nobody asks for anything, as long as the app runs."""
    while True:
        time.sleep(IDLE_SECONDS / 20)
        for worker in list(_known):
            worker.rest(time.monotonic())


def end_all() -> None:
    """End every worker process of this one at once, whatever it does."""
    for process in multiprocessing.active_children():
        process.terminate()


def _started(modules: Sequence[str], nice: int) -> ProcessPoolExecutor:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # spawn: forking a server with many threads can deadlock
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_set_up, initargs=(modules, nice))


def _call(function: Callable[..., Any], arguments: Sequence[Any], named: dict[str, Any]) -> Any:
    """Called in the worker: what the function returns; an error comes back with its place."""
    try:
        return function(*arguments, **named)
    except Exception as error:
        error.__dict__["arose_at"] = place_of(error)
        raise


def _set_up(modules: Sequence[str], nice: int) -> None:
    watch_logs()
    end_with_parent()
    for name in modules:
        import_module(name)
    if hasattr(os, "nice"):
        os.nice(nice)
