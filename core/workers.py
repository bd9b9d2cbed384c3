"""Work on many pieces in processes of their own, results in the order of the pieces.

The functions are sent by name and the pieces by value, so both must be importable or plain. A
process that dies (killed, or out of memory) takes no piece with it: pieces are worked on anew.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.process import BaseProcess
from typing import Final, TypeVar

from core.errors import BadInput, Cancelled

PROCESSES: Final = "TIERWISE_PROCESSES"
_LOST_AT_MOST: Final = 3  # times that processes die before it is taken for no accident
_AHEAD: Final = 2  # pieces handed out per process: results that wait for their turn are held
_LOOK_SECONDS: Final = 0.2

Item = TypeVar("Item")
Result = TypeVar("Result")


def process_count() -> int:
    """How many processes work at once: TIERWISE_PROCESSES, else as many as there are cores."""
    said = os.environ.get(PROCESSES, "")
    if said and not (said.isdigit() and int(said)):
        raise BadInput(
            f"{said!r} is not a number of processes", where=PROCESSES, remedy="Set it to 1 or more"
        )
    return int(said) if said else len(_cores())


def _cores() -> Collection[int]:
    """The cores that this process may use, where the system tells; else all of them."""
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return range(os.cpu_count() or 1)


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
    lost, done = 0, 0
    while done < len(items):
        try:
            for item, result in _in_pool(work, items[done:], count, stop, stopped):
                done += 1
                yield item, result
        except BrokenProcessPool as error:
            lost += 1
            if lost >= _LOST_AT_MOST:
                raise BadInput(
                    "the processes that do the work keep being ended, as happens without memory",
                    remedy=f"Close other programs, or set {PROCESSES}=1",
                ) from error


def _in_pool(
    work: Callable[[Item], Result],
    items: Sequence[Item],
    count: int,
    stop: Callable[[], bool],
    stopped: str,
) -> Generator[tuple[Item, Result]]:
    context = multiprocessing.get_context("spawn")  # a fork of many threads can deadlock
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin)
    under_way: deque[tuple[Item, Future[Result]]] = deque()
    rest = iter(items)
    try:
        while True:
            for item in islice(rest, count * _AHEAD - len(under_way)):
                under_way.append((item, pool.submit(work, item)))
            if not under_way:
                break
            item, first = under_way.popleft()
            while not wait([first], timeout=_LOOK_SECONDS).done:
                if stop():
                    raise Cancelled(stopped)
            yield item, first.result()
    finally:
        # After an error, what is under way is not waited for: nobody wants it any more.
        processes = list(pool._processes.values()) if under_way else []
        pool.shutdown(wait=not under_way, cancel_futures=True)
        for process in processes:
            process.terminate()


def _begin() -> None:
    """One thread each, for there are as many processes as cores; and none outlives its parent."""
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
