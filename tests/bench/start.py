# ruff: noqa: T201 - a benchmark prints
"""How long the app takes from its command to its first page, and where that time goes.

`python -m tests.bench.start [TIMES]` starts the real app so often, each time in an empty home,
opens it in a Chromium that runs already, as soon as it answers, and prints the seconds between
these moments, then what the start page imports outside of Streamlit.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

ROOT: Final = Path(__file__).parents[2]
FLAGS: Final = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
TIMES: Final = 7
STEPS: Final = {
    "listens": "Python, Streamlit and app/main.py are imported, the server listens",
    "connected": "the browser has loaded Streamlit's scripts and opened its websocket",
    "answered": "the server has run the page's script (the wait that is left of the imports)",
    "painted": "the browser has drawn the first heading",
}
LEAST_MS: Final = 15  # an import worth a line


def main(times: int = TIMES) -> None:
    """Start the app so often and print the medians."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=FLAGS
        )
        found = [one_start(browser) for _ in range(times)]
        browser.close()
    print(f"{'seconds':12}{'median':>8}{'least':>8}{'most':>8}")
    for step, meaning in STEPS.items():
        print(line(step, [each[step] for each in found]), "", meaning)
    print(line("together", [sum(each.values()) for each in found]))
    print("\nms with its own imports, before Streamlit's page is drawn:")
    for depth, name, ms in imports():
        print(f"{ms:6.0f}  {'  ' * depth}{name}")


def line(name: str, seconds: list[float]) -> str:
    """One row of the table."""
    middle = statistics.median(seconds)
    return f"{name:12}{middle:8.2f}{min(seconds):8.2f}{max(seconds):8.2f}"


def one_start(browser: Browser) -> dict[str, float]:
    """Seconds of each step of one start."""
    moments = [time.monotonic()]
    with running_app() as url:
        moments.append(time.monotonic())
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        heard: dict[str, float] = {}
        page.on(
            "websocket",
            lambda socket: (
                heard.setdefault("connected", time.monotonic()),
                socket.on("framereceived", lambda _: heard.update(answered=time.monotonic())),
            ),
        )
        page.goto(url, wait_until="commit")
        page.get_by_role("heading").first.wait_for()
        painted = time.monotonic()
        moments += [heard["connected"], heard["answered"], painted]
        page.context.close()
    steps = [after - before for before, after in pairwise(moments)]
    return dict(zip(STEPS, steps, strict=True))


@contextmanager
def running_app() -> Iterator[str]:
    """The app's address once it listens; it starts now, with an empty home."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py"]
    command += [f"--server.port={port}", "--server.headless=true"]
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | {"TIERWISE_HOME": home, "DATABASE_URL": ""}
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        try:
            url = f"http://localhost:{port}"
            _wait_for(f"{url}/_stcore/health")
            yield url
        finally:
            process.terminate()
            process.wait(15)


def _wait_for(address: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.01)
    raise TimeoutError(address)


def imports() -> Iterator[tuple[int, str, float]]:
    """What costs the start page time to import after Streamlit: depth, module, milliseconds."""
    code = "import streamlit; import app.warming as w; w.read_ahead()"
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stderr  # fmt: skip
    rows = re.findall(r"import time:\s+\d+ \|\s+(\d+) \|( +)(\S+)", told)
    for microseconds, indent, name in reversed(rows):  # children are told before their parent
        depth, ms = (len(indent) - 1) // 2, int(microseconds) / 1000
        if name == "streamlit":
            return
        if ms >= LEAST_MS:
            yield depth, name, ms


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
