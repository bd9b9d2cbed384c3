# ruff: noqa: T201 - a benchmark prints
"""How long the Plan and Savings pages take after a control moved, on logs of two sizes.

`python -m tests.bench.redraw` makes both logs, sorts them, opens the pages as Streamlit's own test
harness does, moves every control a few times and prints the median server time of a rerun.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from streamlit.testing.v1 import AppTest

from tests.bench.million import write_log

SIZES: Final = (1_000, 1_000_000)
ROUNDS: Final = 9
MAIN: Final = Path(__file__).parents[2] / "app" / "pages.py"


def main() -> None:
    """Make the logs, move the controls, print the table."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TIERWISE_HOME"] = folder
        digests = [sorted_log(Path(folder), size) for size in SIZES]
        found = [plan_page(digest) | savings_page(digest) for digest in digests]
    print(f"{'control moved':32}" + "".join(f"{size:>14,}" for size in SIZES) + "   ratio")
    for name in found[0]:
        small, large = (1000 * each[name] for each in found)
        print(f"{name:32}{small:>11.0f} ms{large:>11.0f} ms{large / small:>8.2f}")


def sorted_log(home: Path, size: int) -> str:
    """A log of that many queries, read and sorted; its digest."""
    file = home / f"{size}.csv"
    write_log(file, size)
    return kept(home, file)


def kept(home: Path, file: Path) -> str:
    """A log's digest, once it was read, sorted and deleted where it came from."""
    from core.complexity.classifier import load_classifier
    from core.logs.ingest import ingest
    from core.logs.log import QUERIES, log_folder
    from core.logs.preview import preview
    from core.workload.build import build_workload
    from core.workload.notes import Notes
    from core.workload.placing import Placing
    from core.workload.scores import score_log, scores_file, workload_file
    from core.workload.workload import to_json

    mapping = preview(file, file.name).mapping
    log = ingest(file, mapping, home / "logs", name=file.name, now=datetime.now(UTC))
    file.unlink()
    place, classifier = log_folder(home / "logs", log.digest), load_classifier()
    scores = scores_file(place, classifier)
    score_log(place / QUERIES, scores, classifier)
    workload = build_workload(place / QUERIES, scores, Placing(classifier))
    workload_file(place, classifier, Notes()).write_text(to_json(workload))
    print(f"{log.rows_kept:,} queries: {len(workload.cells):,} cells", flush=True)
    return log.digest


def opened(screen: str, digest: str) -> AppTest:
    """A page on that log."""
    app = AppTest.from_file(str(MAIN), default_timeout=120)
    app.context["url"] = "http://localhost:8501/"
    app.run()
    app.switch_page(f"screens/{screen}.py")
    app.query_params["log"] = digest
    app.run()
    assert not app.exception, app.exception
    return app


def savings_page(digest: str) -> dict[str, float]:
    """Median seconds of a rerun of the Savings page after each control moved."""
    app = opened("savings", digest)
    return measured(
        app,
        {
            "savings: horizon": lambda n: app.radio(key=f"months-{digest}").set_value(
                (12, 24, 36)[n % 3]
            ),
            "savings: cache kept": lambda n: app.number_input(key=f"cache-{digest}").set_value(
                10.0 + n
            ),
            "savings: rollout": lambda n: app.selectbox(key=f"ramp-{digest}").select(
                ("All at once", "Over 4 weeks", "Over 8 weeks")[n % 3]
            ),
            "savings: repricing": lambda n: app.number_input(key=f"step-{digest}").set_value(2 + n),
        },
    )


def plan_page(digest: str) -> dict[str, float]:
    """Median seconds of a rerun of the Plan page after each control moved."""
    app = opened("plan", digest)
    moves: dict[str, Callable[[int], object]] = {
        "nothing (a rerun)": lambda n: app,
        "to medium": lambda n: app.slider(key=f"to-medium-{digest}").set_value(1.0 + n),
        "to complex": lambda n: app.slider(key=f"to-complex-{digest}").set_value(1.0 + n),
        "output of the simple tier": lambda n: app.number_input(
            key=f"output-simple-{digest}"
        ).set_value(100.0 + n),
        "simple model": lambda n: app.selectbox(key=f"simple-{digest}").select(
            ("gpt-5-nano", "gpt-4.1-mini", "gpt-6-luna")[n % 3]
        ),
        "strategy": lambda n: app.radio(key=f"strategy-{digest}").set_value(
            ("Cascade: try the cheapest, check, escalate", "Route: classify, then one model")[n % 2]
        ),
        "check of a cascade": lambda n: app.slider(key=f"accepts-good-{digest}").set_value(80 + n),
    }
    return measured(app, moves)


def measured(app: AppTest, moves: dict[str, Callable[[int], object]]) -> dict[str, float]:
    """Median seconds of a rerun after each move."""
    found = {}
    for name, move in moves.items():
        seconds = []
        for number in range(ROUNDS):
            move(number)
            started = time.perf_counter()
            app.run()
            seconds.append(time.perf_counter() - started)
            assert not app.exception
        found[name] = statistics.median(seconds)
    return found


if __name__ == "__main__":
    main()
