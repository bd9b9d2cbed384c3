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
from tests.bench.figures import Figure, keep, words_of
from tests.bench.redraw import MAIN, sorted_log

ROUNDS: Final = 7
ALLOWED_MS: Final = 300.0  # five scenarios of 10,000 draws and 36 months
REDRAW_MS: Final = 200.0
QUERIES: Final = 10_000


def figures() -> list[Figure]:
    """What has an allowance beside it; the tables of the parts and of the page are printed."""
    case = replace(example_case(), asset_life_months=36)
    five = [conservative(case), case, optimistic(case), case, case]
    print(f"{'10,000 draws, 36 months':44}{'best':>10}{'of what is allowed':>20}")
    found = [
        say("one simulation", lambda: simulate(case)),
        say("chance of a loss alone", lambda: chance_of_loss(case)),
        say("five whole simulations", lambda: [simulate(each) for each in five], ALLOWED_MS),
        say("scenario table, five rows", lambda: scenarios(case, 2_000.0), ALLOWED_MS),
        say("tornado with break-even values", lambda: swings_of(case)),
        say("bridge", lambda: bridge(case)),
        say("payback map", lambda: payback_map(case)),
    ]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIERWISE_HOME"] = folder
        found += redraws(sorted_log(Path(folder), QUERIES), case)
    return [figure for figure in found if figure.ratio is not None]


def say(name: str, work: Callable[[], object], allowed_ms: float | None = None) -> Figure:
    """Print the best time of a few, and its ratio to what is allowed."""
    work()
    return told(name, min(timed(work) for _ in range(ROUNDS)), allowed_ms)


def told(name: str, ms: float, allowed_ms: float | None) -> Figure:
    """A line that is printed, as a figure."""
    ratio = ms / allowed_ms if allowed_ms else None
    print(f"{name:44}{ms:>7.1f} ms" + (f"{ratio:>20.2f}" if ratio else ""), flush=True)
    return Figure(name, ms, "ms", f"{allowed_ms:.0f} ms are allowed" if allowed_ms else "", ratio)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that the work took."""
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def redraws(digest: str, case: FineTuneCase) -> list[Figure]:
    """Median server time of a redraw of the page: nothing new, and a case never seen."""
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.context["url"] = "http://localhost:8501/"
    app.run()
    app.switch_page("screens/fine_tuning.py")
    app.query_params["log"] = digest
    first = timed(app.run)
    assert not app.exception, app.exception
    found = [told("the page, first time", first, None)]
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
        found.append(told(f"fine-tuning page: {name}", statistics.median(taken), REDRAW_MS))
    return found


def main() -> None:
    """Parts and page; there is no smaller size."""
    said = words_of(__doc__).parse_args()
    keep(figures(), said.json)


if __name__ == "__main__":
    main()
