# ruff: noqa: T201 - a benchmark prints
"""How long five scenarios of simulated futures take, and a redraw of the Fine-tuning page.

`python -m tests.bench.futures` prints best times over a few rounds, and the ratio to the time that
each may take.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from core.economics.tuning.case import FineTuneCase, example_case
from core.economics.tuning.payback_map import payback_map
from core.economics.tuning.scenarios import conservative, optimistic, scenarios
from core.economics.tuning.sensitivity import bridge, swings_of
from core.economics.tuning.uncertainty import chance_of_loss, simulate
from tests.bench.redraw import MAIN, sorted_log

ROUNDS: Final = 7
ALLOWED_MS: Final = 300.0  # five scenarios of 10,000 draws and 36 months
REDRAW_MS: Final = 200.0
QUERIES: Final = 10_000


def main() -> None:
    """Measure the parts, then the page, and print both tables."""
    case = replace(example_case(), asset_life_months=36)
    five = [conservative(case), case, optimistic(case), case, case]
    print(f"{'10,000 draws, 36 months':34}{'best':>10}{'of what is allowed':>20}")
    say("one simulation", lambda: simulate(case))
    say("chance of a loss alone", lambda: chance_of_loss(case))
    say("five whole simulations", lambda: [simulate(each) for each in five], ALLOWED_MS)
    say("scenario table, five rows", lambda: scenarios(case, 2_000.0), ALLOWED_MS)
    say("tornado with break-even values", lambda: swings_of(case))
    say("bridge", lambda: bridge(case))
    say("payback map", lambda: payback_map(case))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIERWISE_HOME"] = folder
        redraws(sorted_log(Path(folder), QUERIES), case)


def say(name: str, work: Callable[[], object], allowed_ms: float | None = None) -> None:
    """Print the best time of a few, and its ratio to what is allowed."""
    work()
    best = min(timed(work) for _ in range(ROUNDS))
    ratio = f"{best / allowed_ms:>20.2f}" if allowed_ms else ""
    print(f"{name:34}{best:>7.1f} ms{ratio}", flush=True)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that the work took."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def redraws(digest: str, case: FineTuneCase) -> None:
    """Median server time of a redraw of the page: nothing new, and a case never seen."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.context["url"] = "http://localhost:8501/"
    app.run()
    app.switch_page("screens/fine_tuning.py")
    app.query_params["log"] = digest
    first = timed(app.run)
    assert not app.exception, app.exception
    print(f"{'the page, first time':34}{first:>7.0f} ms")
    for name, move in {
        "redraw, warm": lambda n: app,
        "redraw, a bill never seen": lambda n: app.number_input(key=f"bill-{digest}").set_value(
            150_000.0 + n
        ),
        "redraw, another segment": lambda n: app.selectbox(key=f"part-{digest}").select_index(
            n % 3
        ),
    }.items():
        taken = []
        for number in range(ROUNDS):
            move(number)
            taken.append(timed(app.run))
            assert not app.exception
        middle = statistics.median(taken)
        print(f"{name:34}{middle:>7.0f} ms{middle / REDRAW_MS:>20.2f}", flush=True)


if __name__ == "__main__":
    main()
