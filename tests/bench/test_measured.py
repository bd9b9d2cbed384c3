"""One measurement in a fresh process."""

import os
import sys

import pytest

from tests.bench.measured import ROOT, cut_off, of_command, of_function

HOLDING = """
import time
held = bytearray(b"1") * 100_000_000
while time.process_time() < 0.4:
    pass
"""
PARENT = f"""
import json, subprocess, sys
children = [subprocess.Popen([sys.executable, "-c", {HOLDING!r}]) for _ in range(2)]
for child in children:
    child.wait()
json.dump({{"held": 2}}, sys.stdout)
"""


def test_clocks_and_memory_are_those_of_all_processes() -> None:
    found = of_command([sys.executable, "-c", PARENT])
    assert found.result == {"held": 2}
    assert 200 < found.peak_mb < 400
    assert found.seconds >= 0.4
    assert found.cpu_seconds >= 0.8


def test_a_function_is_timed_without_the_start_of_its_process() -> None:
    found = of_function(os.path.basename, str(ROOT / "a.csv"))
    assert found.result == "a.csv"
    assert found.seconds < 0.1


def test_what_fails_says_why() -> None:
    with pytest.raises(RuntimeError, match="no such luck"):
        of_command([sys.executable, "-c", "raise SystemExit('no such luck')"])


def test_what_is_cut_off_does_not_run_any_more() -> None:
    endless = [sys.executable, "-c", "import threading; threading.Event().wait()"]
    assert cut_off(endless, 0.1)
    assert not cut_off([sys.executable, "-c", ""], 10.0)
