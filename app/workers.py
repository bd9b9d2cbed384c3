"""Worker processes: one job at a time each, with what a worker owes to the app beside it."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from typing import Any, Final

from core.events import watch_logs

BACKGROUND: Final = 5  # nice: long work yields to pages; with more it would stand still in a crowd


class Worker:
    """A process that calls what it is given, one after the other; started with its first call.

    It imports some modules first, before it is nice to others: somebody waits for them.
    """

    def __init__(self, *modules: str, nice: int = 0) -> None:
        self._modules, self._nice = modules, nice
        self._executor: ProcessPoolExecutor | None = None

    @property
    def is_started(self) -> bool:
        """Whether the process is there, or was until somebody ended it from outside."""
        return self._executor is not None

    def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Future[Any]:
        """What the function will return; BrokenProcessPool where the process is ended from outside.

        A process that died while nothing ran is replaced without a word.
        """
        for _ in range(2):
            if self._executor is None:
                self._executor = _started(self._modules, self._nice)
            try:
                return self._executor.submit(function, *arguments, **named)
            except BrokenProcessPool:
                self.let_go()
        raise BrokenProcessPool("the worker process does not start")

    def let_go(self) -> None:
        """End the process once it has nothing to do; the next call starts another."""
        if self._executor is not None:
            self._executor.shutdown(wait=False)
            self._executor = None


def end_all() -> None:
    """End every worker process of this one at once, whatever it does."""
    for process in multiprocessing.active_children():
        process.terminate()


def _started(modules: Sequence[str], nice: int) -> ProcessPoolExecutor:
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    # spawn: forking a server with many threads can deadlock
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_set_up, initargs=(modules, nice))


def _set_up(modules: Sequence[str], nice: int) -> None:
    watch_logs()
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    for name in modules:
        import_module(name)
    if hasattr(os, "nice"):
        os.nice(nice)


def _end_with_the_app() -> None:
    """A worker whose app was killed would wait for work for ever."""
    app = multiprocessing.parent_process()
    if app is not None:
        app.join()
        os._exit(1)
