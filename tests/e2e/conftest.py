"""Run the real app on a free port and hand each test a page of a real Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    FilePayload,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

ROOT = Path(__file__).parents[2]
SKIP = "TIERWISE_SKIP_BROWSER"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
FLAGS += ["--disable-background-networking"]
PATIENCE_MS = 20_000  # for whatever is waited for: a busy machine is no fault of the app
expect.set_options(timeout=PATIENCE_MS)

QUESTIONS = (
    "Where is my parcel?",
    "Say good morning in Spanish.",
    "Summarise this complaint in two sentences: it came late and was wet.",
    "Prove, step by step, that no rational number has a square of two.",
    "Refactor this to run in linear time: def f(a): return [x for x in a if a.count(x) > 1]",
)

OpenPage = Callable[..., Page]

# With fastReruns a replaced run may still touch the state of a tab that the next one goes through.
STREAMLITS_OWN = re.compile(
    r"Traceback \(most recent call last\):\n(?:  .*\n)*"
    r"  File .*/streamlit/runtime/state/session_state\.py.*\n(?:  .*\n)+?"
    r"RuntimeError: dictionary changed size during iteration\n"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get(SKIP):
        for item in items:
            if item.path.is_relative_to(Path(__file__).parent):
                item.add_marker(pytest.mark.skip(reason=f"{SKIP} is set"))


# Fixtures here end with the last test of this package (so it is one) and not with the session: the
# browser's event loop runs in its process until then, and asyncio cannot start another beside it.


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running app, with a home of its own; its log may hold no traceback."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    command = [sys.executable, "-m", "streamlit", "run", "app/main.py"]
    command += [f"--{name}={value}" for name, value in options.items()]
    env = os.environ | {
        "TIERWISE_HOME": str(folder / "home"),
        "DATABASE_URL": f"sqlite:///{folder / 'e2e.db'}",
    }
    log = folder / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(command, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT, env=env)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(15)
    said = STREAMLITS_OWN.sub("", log.read_text())
    assert "Traceback" not in said, said


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the app does not start:\n{log.read_text()}", pytrace=False)
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium: the one that is there, else the one that can be installed."""
    with sync_playwright() as playwright:
        found = _launch(playwright)
        yield found
        found.close()


def _launch(playwright: Playwright) -> Browser:
    """The first Chromium that starts; without one, an installed one or a failure in one line."""
    install = [sys.executable, "-m", "playwright", "install", "chromium"]
    for attempt in ([], [install], _system_packages()):
        for command in attempt:
            subprocess.run(command, capture_output=True, timeout=600, check=False)
        on_path = (shutil.which(n) for n in ("chromium", "chromium-browser", "google-chrome"))
        for place in dict.fromkeys([os.environ.get("CHROMIUM"), *on_path, None]):
            try:
                return playwright.chromium.launch(executable_path=place, args=FLAGS)
            except Error:
                continue
    pytest.fail(
        "NO CHROMIUM, SO NO BROWSER TEST CAN RUN: `python -m playwright install chromium` (or "
        f"`apt-get install chromium`) brings one, CHROMIUM=<path> names one, {SKIP}=1 goes without",
        pytrace=False,
    )


def _system_packages() -> list[list[str]]:
    if os.geteuid() or not shutil.which("apt-get"):
        return []
    return [["apt-get", "update"], ["apt-get", "install", "-y", "chromium"]]


@pytest.fixture
def open_page(browser: Browser, server: str) -> Iterator[OpenPage]:
    """Opens an address of the app in a browser of its own, which ends without any complaint.

    No exception on the page or in its scripts, no console error, no request to another host.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def start(address: str = "/", **choices: object) -> Page:
        choices = {"viewport": {"width": 1280, "height": 900}} | choices
        context = browser.new_context(base_url=server, **choices)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        watch(page, server, complaints)
        page.goto(address)
        return page

    yield start
    for context in contexts:
        for page in context.pages:
            if page.get_by_test_id("stException").count():
                complaints.append(f"an exception on {page.url}")
        context.close()
    assert not complaints, complaints


def watch(page: Page, server: str, complaints: list[str]) -> None:
    """Note everything that a page may not do."""
    page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
    page.on("console", lambda said: complaints.extend(_errors(said)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((server, server.replace("http", "ws"), "data:", "blob:"))
            else complaints.append(f"another host: {request.url}")
        ),
    )


def _errors(said: ConsoleMessage) -> list[str]:
    """What a console message complains of; not that Streamlit finds its server one folder up.

    Opened at /plan, it first asks /plan/_stcore/health and only then /_stcore/health.
    """
    where = said.location["url"]
    if said.type != "error" or where.endswith(("/_stcore/health", "/_stcore/host-config")):
        return []
    return [f"console: {said.text} ({where})"]


@dataclass(frozen=True)
class Visitor:
    """Somebody at the browser: what they drop, press, open and read."""

    page: Page

    def drop(self, name: str, content: str | bytes) -> None:
        """Drop a file on the start page, and wait for what the app makes of it."""
        raw = content if isinstance(content, bytes) else content.encode()
        file = FilePayload(name=name, mimeType="application/octet-stream", buffer=raw)
        self.page.locator('input[type="file"]').set_input_files(file)
        expect(self.page.locator(".st-key-sample")).to_have_count(0)
        self.settle()

    def press(self, key: str) -> None:
        """Press the button with that key, once a rerun on its way cannot take the click back."""
        button = self.page.locator(f".st-key-{key} button")
        button.wait_for()
        self.settle()
        button.click()

    def go(self, title: str) -> None:
        """Choose a page in the navigation, and wait until it is drawn."""
        link = self.page.get_by_role("link", name=title, exact=True).first
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        self.settle()

    def settle(self) -> None:
        """Wait until the page has been drawn to its end."""
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        expect(self.page.locator('[data-stale="true"]')).to_have_count(0)

    def heading(self) -> str:
        """The page's first heading."""
        return self.page.get_by_role("heading").first.inner_text()

    def figures(self) -> dict[str, str]:
        """The key figures of the page by their labels."""
        self.page.get_by_test_id("stMetric").first.wait_for()
        self.settle()
        found = {}
        for metric in self.page.get_by_test_id("stMetric").all():
            label = metric.get_by_test_id("stMetricLabel").inner_text()
            found[label] = metric.get_by_test_id("stMetricValue").inner_text()
        return found

    def bring(self, name: str, content: str | bytes) -> None:
        """Drop a log, read it with its columns as guessed, and sort its queries."""
        self.drop(name, content)
        self.press("read")
        self.sort()

    def sort(self) -> None:
        """Sort the queries of the log on the page, and wait for the shares."""
        self.press("sort")
        expect(self.page.locator(".st-key-difficulty")).to_be_visible(timeout=60_000)
        self.settle()

    def save(self, name: str) -> str:
        """Save the plan on the page: its share link."""
        self.page.get_by_label("Name of the plan").fill(name)
        self.page.get_by_label("Your name").fill("Ada")
        self.page.get_by_role("button", name="Save the plan").click()
        link = self.page.get_by_text("/shared?plan=").first
        link.wait_for()
        self.settle()
        return link.inner_text().strip()


@pytest.fixture
def visit(open_page: OpenPage) -> Callable[..., Visitor]:
    """A visitor at an address of the app, in a browser of their own."""
    return lambda address="/", **choices: Visitor(open_page(address, **choices))


@pytest.fixture(scope="package")
def sample(browser: Browser, server: str) -> tuple[str, str]:
    """The sample log, read and sorted, with a saved plan: its digest, and the link."""
    page = browser.new_page(base_url=server)
    visitor = Visitor(page)
    page.goto("/")
    visitor.press("sample")
    visitor.press("read")
    visitor.sort()
    visitor.go("Plan")
    link = visitor.save("Support bot, autumn")
    digest = page.url.split("log=")[1]
    page.close()
    return digest, link


@pytest.fixture(scope="package")
def chat_log() -> Callable[..., str]:
    """Makes the CSV of 120 chat queries, with tokens and cost or as a bare record of chats."""
    return _chat_log


def _chat_log(models: tuple[str, ...] = ("gpt-4o",), *, bare: bool = False, about: str = "") -> str:
    lines = [
        "timestamp,conversation_id,turns,model,prompt,feedback"
        if bare
        else "time,request_id,model,prompt,feature,input_tokens,output_tokens,cost_usd"
    ]
    for n in range(120):
        when = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(hours=6 * n)
        model, prompt = models[n % len(models)], f"{QUESTIONS[n % len(QUESTIONS)]} ({n}{about})"
        cells = (
            [f"c{n}", "1", model, prompt, f"{n % 3 / 2}"]
            if bare
            else [f"q{n}", model, prompt, f"f{n % 3}", "4000", "2000", f"{0.03 + n / 1e5:.5f}"]
        )
        lines.append(",".join([when.isoformat(), *(f'"{c}"' for c in cells)]))
    return "\n".join(lines) + "\n"
