"""Work on several pieces at once, handed on in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from core.workers import is_one_of_many

STOPPED: Final = "The import was stopped; nothing was kept."
THREADS: Final = 2  # pyarrow and numpy let go of the interpreter while they work
_AHEAD: Final = 2  # pieces under way or done: memory stays flat

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(
    work: Callable[[Item], Result], items: Iterable[Item]
) -> Generator[tuple[Item, Result]]:
    """Each item with what `work` makes of it, in the order of the items.

    Items are fetched in the caller's thread, at most two ahead of the one handed out. An error
    comes out where its item is due; closing the generator lets what is under way end. In one of
    many processes they are worked on one after the other.
    """
    if is_one_of_many():
        for item in items:
            yield item, work(item)
        return
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="pipeline") as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(work, item)))
                if len(waiting) > _AHEAD:
                    first, done = waiting.popleft()
                    yield first, done.result()
            while waiting:
                first, done = waiting.popleft()
                yield first, done.result()
        finally:
            for _, pending in waiting:
                pending.cancel()
            if isinstance(items, Generator):
                items.close()
