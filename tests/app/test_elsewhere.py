"""Short heavy work in a process of its own, and what happens when that process does not last."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from app import elsewhere
from app.elsewhere import worked_out
from app.workers import Worker, end_all
from core.errors import BadInput
from core.logs.log import open_log


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real process for the figures, which ends with the test."""
    monkeypatch.setattr(elsewhere, "_submit", Worker().run)
    yield
    end_all()


def test_it_is_another_process_and_one_that_is_killed_is_replaced(process: None) -> None:
    first = worked_out(os.getpid)
    assert first not in (os.getpid(), 0) and worked_out(os.getpid) == first
    with pytest.raises(BadInput, match=r"There is no log 0{16}\.") as told:
        worked_out(open_log, Path("nowhere"), "0" * 16)
    assert told.value.found == "There is no log 0000000000000000"
    assert told.value.remedy == "Import it again, or choose another one"
    os.kill(first, signal.SIGKILL)
    assert worked_out(os.getpid) not in (first, os.getpid())


def test_work_that_ends_its_process_twice_says_so_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []

    def submit(function: object) -> Future[Any]:
        asked.append(function)
        broken: Future[Any] = Future()
        broken.set_exception(BrokenProcessPool("a process was ended abruptly"))
        return broken

    monkeypatch.setattr(elsewhere, "_submit", submit)
    with pytest.raises(BadInput, match=r"ended from outside\. The machine may be short of memory"):
        worked_out(os.getpid)
    assert asked == [os.getpid, os.getpid]


def test_when_too_many_wait_the_next_is_told_to_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    full = threading.BoundedSemaphore(1)
    monkeypatch.setattr(elsewhere, "_waiting", full)
    with full, pytest.raises(BadInput, match=r"others right now\. Nothing is lost: try again"):
        worked_out(os.getpid)
    assert worked_out(os.getpid) == os.getpid()
    assert worked_out(os.getpid) == os.getpid(), "its place is given back"
