import threading
import time
from collections.abc import Iterator

import pytest

from core.logs.pipeline import in_order


def test_results_come_in_the_order_of_the_items_whatever_takes_longest() -> None:
    def work(item: int) -> int:
        time.sleep(0.02 if item % 2 == 0 else 0)
        return item * item

    assert list(in_order(work, range(7))) == [(i, i * i) for i in range(7)]


def test_at_most_a_few_items_are_fetched_ahead() -> None:
    fetched: list[int] = []

    def items() -> Iterator[int]:
        for item in range(50):
            fetched.append(item)
            yield item

    for item, _ in in_order(lambda item: item, items()):
        assert len(fetched) <= item + 4


def test_an_error_comes_out_where_its_item_is_due() -> None:
    def work(item: int) -> int:
        return 1 // (item - 2)

    seen = []
    with pytest.raises(ZeroDivisionError):
        for item, _ in in_order(work, range(5)):
            seen.append(item)
    assert seen == [0, 1]


def test_closing_early_ends_the_threads_and_closes_the_items() -> None:
    closed = []

    def items() -> Iterator[int]:
        try:
            yield from range(100)
        finally:
            closed.append(True)

    results = in_order(lambda item: item, items())
    next(results)
    results.close()
    assert closed == [True]
    assert not [t for t in threading.enumerate() if t.name.startswith("pipeline")]
