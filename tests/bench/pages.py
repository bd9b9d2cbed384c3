# ruff: noqa: T201 - a benchmark prints
"""How long the server takes for each page, with the sample log sorted and a plan saved.

`python -m tests.bench.pages` opens every page as Streamlit's own test harness does and prints the
milliseconds of its script: the first page that anybody opens after the app's start, the same page
opened by the next one, and switched back to from another page.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.testing.v1 import AppTest

from app import warming
from core.places import shipped
from tests.bench.redraw import MAIN, kept

PAGES: Final = (
    "log", "queries", "models", "plan", "savings", "fine_tuning", "evidence", "plans", "workspace",
    "method", "shared",
)  # fmt: skip
ROUNDS: Final = 3
LIMIT_MS: Final = 300
seconds: list[float] = []  # of each run of a script: of its processor, so others count less


def main() -> None:
    """Sort the sample log, save a plan on it, open the pages, print the table."""
    _time_scripts()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ |= {"TIERWISE_HOME": folder, "DATABASE_URL": f"sqlite:///{home / 'tierwise.db'}"}
        warming.read_ahead()
        with warming.drawing():
            pass
        warming.read_on()
        sample = home / "support_bot.csv.gz"
        shutil.copy(shipped("sample_log/support_bot.csv.gz"), sample)
        digest = kept(home, sample)
        plan = saved_plan(digest)
        print(f"{'page':14}{'first':>8}{'again':>8}{'back':>8}")
        for page in PAGES:
            found = [visits(page, digest, plan) for _ in range(ROUNDS)]
            middle = [1000 * statistics.median(each) for each in zip(*found, strict=True)]
            slow = f"   over {LIMIT_MS} ms" if max(middle) > LIMIT_MS else ""
            print(f"{page:14}" + "".join(f"{ms:8.0f}" for ms in middle) + slow)


def visits(page: str, digest: str, token: str) -> tuple[float, float, float]:
    """Seconds of a page's first run, of the next visitor's, and of a switch back to it."""
    found = []
    for first in (True, False):
        app = AppTest.from_file(str(MAIN), default_timeout=120)
        app.run()  # the harness knows no other page before its first run
        if first:
            st.cache_data.clear()
            st.cache_resource.clear()
        shown(app, page, digest, token)
        found.append(seconds[-1])
    shown(app, "method", digest, token)
    shown(app, page, digest, token)
    return found[0], found[1], seconds[-1]


def shown(app: AppTest, page: str, digest: str, token: str) -> None:
    """Go to that page."""
    where = "shared" if page == "shared" else ""
    app.context["url"] = f"http://localhost:8501/{where}"
    app.switch_page(f"screens/{page}.py")
    if page == "shared":
        app.query_params["plan"] = token
    else:
        app.query_params["log"] = digest
    app.run()
    assert not app.exception, (page, app.exception)


def saved_plan(digest: str) -> str:
    """The token of the link to a plan that the Plan page saved."""
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.run()
    shown(app, "plan", digest, "")
    for label, value in (("Name of the plan", "Autumn"), ("Your name", "Ada")):
        next(e for e in app.text_input if e.label == label).set_value(value)
    next(b for b in app.button if b.label == "Save the plan").click().run()
    links = [m[1] for c in app.code if (m := re.search(r"/shared\?plan=([\w-]+)$", c.value))]
    return links[0]


def _time_scripts() -> None:
    run = ScriptRunner._run_script

    def timed(self: ScriptRunner, data: Any) -> None:
        began = time.thread_time()
        run(self, data)
        seconds.append(time.thread_time() - began)

    ScriptRunner._run_script = timed  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
