"""Processes that work on pieces: in order, as many as said, and none lost for good."""

import os
import signal
import time
from pathlib import Path

import pytest

from core.errors import BadInput, Cancelled
from core.workers import PROCESSES, in_processes, kept_processes, process_count


def squared(number: int) -> int:
    time.sleep(0.02 if number % 2 == 0 else 0)
    return number * number


def refuse(number: int) -> int:
    raise BadInput(f"{number} is too much", where="here", remedy="Take less")


def die_once(place: Path) -> int:
    """The first process that does this is killed in the middle of it."""
    if not place.exists():
        place.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def die(_: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def never() -> bool:
    return False


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROCESSES, "2")


def test_the_number_of_processes_is_as_said_or_that_of_the_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv(PROCESSES, raising=False)
    assert process_count() == len(os.sched_getaffinity(0))
    monkeypatch.setenv(PROCESSES, "3")
    assert process_count() == 3
    for words in ("0", "-1", "many"):
        monkeypatch.setenv(PROCESSES, words)
        with pytest.raises(BadInput, match="is not a number of processes"):
            process_count()


def test_one_process_works_right_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PROCESSES, "1")
    done = in_processes(lambda n: (n, os.getpid()), [1, 2], stop=never, stopped="")
    assert list(done) == [(1, (1, os.getpid())), (2, (2, os.getpid()))]


@pytest.mark.usefixtures("two")
def test_processes_that_are_kept_give_results_in_order_and_errors_in_their_place(
    tmp_path: Path,
) -> None:
    with kept_processes():
        done = in_processes(squared, range(7), stop=never, stopped="")
        assert list(done) == [(n, n * n) for n in range(7)]
        with pytest.raises(BadInput, match=r"here: 1 is too much\. Take less\."):
            list(in_processes(refuse, [1, 2], stop=never, stopped=""))
        lost = [tmp_path / "a", tmp_path / "b"]
        assert len(list(in_processes(die_once, lost, stop=never, stopped=""))) == 2
        with pytest.raises(Cancelled, match="Enough"):
            list(in_processes(squared, range(500), stop=lambda: True, stopped="Enough."))


@pytest.mark.usefixtures("two")
def test_processes_that_die_again_and_again_are_no_accident() -> None:
    with pytest.raises(BadInput, match="keep being ended"):
        list(in_processes(die, [1, 2], stop=never, stopped=""))
