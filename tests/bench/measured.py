"""One measurement in a fresh process: its clocks, and the memory of all its processes.

`of_command` measures a command from its start to its end; `of_function` a function of a module,
without the start of Python and the module's imports. Either way standard output is one JSON value.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil

ROOT: Final = Path(__file__).parents[2]
TIERWISE: Final = (sys.executable, "-m", "core.commands.main")
EVERY_SECONDS: Final = 0.05
MB: Final = 1e6


@dataclass(frozen=True)
class Measured:
    """What a measurement took, and the JSON that it printed.

    `cpu_seconds` are user and system, of it and of the children that it waited for. `peak_mb` is
    the most resident memory of all its processes together, looked at every 50 ms: pages that
    processes share count once for each of them, and what comes and goes in between is not seen.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    result: Any


def of_command(command: Sequence[str], *, also: Mapping[str, str] | None = None) -> Measured:
    """A command that prints JSON, with a home of its own; `also` are more environment variables.

    Raises RuntimeError, with what it said, when it fails.
    """
    with _started(command, also or {}) as (process, out, err):
        began = time.perf_counter()
        memory = _Memory(process.pid)
        _, status, used = os.wait4(process.pid, 0)  # what it used comes with its end
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = memory.peak()
        if process.returncode:
            raise RuntimeError(f"{' '.join(command)}\n{err.read_text()}")
        result = json.loads(out.read_text())
    return Measured(seconds, used.ru_utime + used.ru_stime, peak / MB, result)


def of_function(function: Callable[..., Any], *values: Any) -> Measured:
    """A module's function of JSON values that gives one; the clocks are of the call alone."""
    module = function.__module__
    if module == "__main__":
        module = sys.modules[module].__spec__.name  # type: ignore[union-attr]
    words = [module, function.__qualname__, json.dumps(values)]
    found = of_command([sys.executable, "-m", "tests.bench.measured", *words])
    return Measured(peak_mb=found.peak_mb, **found.result)


def cut_off(command: Sequence[str], seconds: float) -> bool:
    """Whether a command, with all its processes, still ran when it was killed after so long."""
    with _started(command, {}) as (process, _, _):
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return True  # leaving the block kills it
    return False


@contextmanager
def _started(
    command: Sequence[str], also: Mapping[str, str]
) -> Iterator[tuple[subprocess.Popen[bytes], Path, Path]]:
    """A process in a group of its own, which ends with the block, and the files of its output."""
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder) / "out", Path(folder) / "err"
        env = os.environ | {"TIERWISE_HOME": folder} | dict(also)
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=stdout, stderr=stderr, start_new_session=True
            )
        try:
            yield process, out, err
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


class _Memory:
    """The most bytes that a process and its descendants have held since now."""

    def __init__(self, pid: int) -> None:
        self._pid, self._most = pid, 0
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def peak(self) -> int:
        """The bytes; nobody looks any more."""
        self._end.set()
        self._thread.join()
        return self._most

    def _look(self) -> None:
        while not self._end.wait(EVERY_SECONDS):
            self._most = max(self._most, _bytes_now(self._pid))


def _bytes_now(pid: int) -> int:
    """Resident bytes of a process and of its descendants; 0 for those that are gone."""
    found = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                found += process.memory_info().rss
    return found


def _cpu_seconds() -> float:
    return sum(os.times()[:4])  # user and system, of this process and its children


def main(module: str, name: str, values: str) -> None:
    """Call the function and print the clocks and what it gave."""
    function = getattr(importlib.import_module(module), name)
    with contextlib.redirect_stdout(sys.stderr):
        began, cpu = time.perf_counter(), _cpu_seconds()
        result = function(*json.loads(values))
        seconds, cpu = time.perf_counter() - began, _cpu_seconds() - cpu
    json.dump({"seconds": seconds, "cpu_seconds": cpu, "result": result}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
