"""Work on many pieces in processes of their own, results in the order of the pieces.

The functions are sent by name and the pieces by value, so both must be importable or plain. A
process that dies (killed, or out of memory) takes no piece with it: pieces are worked on anew.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing.process import BaseProcess
from typing import Final, TypeVar

from core.errors import BadInput, Cancelled

PROCESSES: Final = "TIERWISE_PROCESSES"
_LOST_AT_MOST: Final = 3  # times that processes die before it is taken for no accident
_AHEAD: Final = 2  # pieces handed out per process: results that wait for their turn are held
_LOOK_SECONDS: Final = 0.2
_one_of_many = False

Item = TypeVar("Item")
Result = TypeVar("Result")


def process_count() -> int:
    """How many processes work at once: TIERWISE_PROCESSES, else as many as there are cores."""
    said = os.environ.get(PROCESSES, "")
    if said and not (said.isdecimal() and int(said)):
        raise BadInput(
            f"{said!r} is not a number of processes", where=PROCESSES, remedy="Set it to 1 or more"
        )
    if said:
        return int(said)
    import joblib

    return int(joblib.cpu_count())  # within what a container or a mask leaves


def in_processes(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    *,
    stop: Callable[[], bool],
    stopped: str,
) -> Generator[tuple[Item, Result]]:
    """Each item with what `work` makes of it, in the order of the items.

    One item, or one process, is worked on right here. Errors come out where their item is due.
    Raises Cancelled, saying `stopped`, soon after `stop()` turns true.
    """
    count = min(process_count(), len(items))
    if count < 2:
        for item in items:
            if stop():
                raise Cancelled(stopped)
            yield item, work(item)
        return
    if _kept is not None and _kept.pool is None:
        _kept.pool = _new_pool(process_count())
    lost, done = 0, 0
    while done < len(items):
        try:
            for item, result in _handed_out(work, items[done:], count, stop, stopped):
                done, lost = done + 1, 0
                yield item, result
        except BrokenProcessPool as error:
            lost += 1
            if _kept is not None:
                _kept.pool = _new_pool(process_count())
            if lost >= _LOST_AT_MOST:
                raise BadInput(
                    "the processes that do the work keep being ended, as happens without memory",
                    remedy=f"Close other programs, or set {PROCESSES}=1",
                ) from error


@dataclass
class _Kept:
    pool: ProcessPoolExecutor | None = None


_kept: _Kept | None = None


@contextmanager
def kept_processes() -> Iterator[None]:
    """Within the block the processes stay for the next work: starting them takes a second."""
    global _kept
    if _kept is not None:
        yield
        return
    _kept = _Kept()
    try:
        yield
    finally:
        if _kept.pool is not None:
            _end(_kept.pool)
        _kept = None


def _handed_out(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    count: int,
    stop: Callable[[], bool],
    stopped: str,
) -> Generator[tuple[Item, Result]]:
    pool = _kept.pool if _kept is not None and _kept.pool is not None else _new_pool(count)
    under_way: deque[tuple[Item, Future[Result]]] = deque()
    rest = iter(items)
    try:
        while True:
            for item in islice(rest, count * _AHEAD - len(under_way)):
                under_way.append((item, pool.submit(work, item)))
            if not under_way:
                break
            item, first = under_way.popleft()
            while not stop():
                if wait([first], timeout=_LOOK_SECONDS).done:
                    break
            else:
                raise Cancelled(stopped)
            yield item, first.result()
    finally:
        if under_way and _kept is not None:
            _kept.pool = None
        if under_way or _kept is None:
            _end(pool)


def _new_pool(count: int) -> ProcessPoolExecutor:
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # there are as many processes as cores
    context = multiprocessing.get_context("spawn")  # a fork of many threads can deadlock
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)


def _end(pool: ProcessPoolExecutor) -> None:
    """End the processes now: after an error nobody wants what is under way any more."""
    processes = list(pool._processes.values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()


def is_one_of_many() -> bool:
    """Whether others work beside this process, so that threads would be in each other's way."""
    return _one_of_many


def be_one_of_many() -> None:
    """Work with one thread from now on: others work beside this process."""
    global _one_of_many
    import pyarrow as pa

    if not _one_of_many:
        _one_of_many = True
        pa.set_cpu_count(1)
        pa.set_io_thread_count(1)


def _begin() -> None:
    """One thread each, no ear for Ctrl-C, which is for the parent; and none outlives that."""
    be_one_of_many()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent()


def end_with_parent() -> None:
    """See that this process does not outlive its parent: it would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
