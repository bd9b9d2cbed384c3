"""`tierwise evaluate OUTCOMES_DIR`: measures the classifier, with controls."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path

from core.commands.result import Json, Result
from core.complexity.evaluate import DatasetReport, evaluate
from core.logs.tokens import estimate


def add_arguments(parser: ArgumentParser) -> None:
    """The folder of outcomes."""
    parser.add_argument("outcomes", type=Path, metavar="OUTCOMES_DIR")
    parser.add_argument(
        "--draws", type=int, default=200, metavar="N", help="bootstrap samples per interval"
    )


def run(arguments: Namespace) -> Result:
    """APGR, CPT, AUC and calibration per data set left out of the fit, beside the controls."""
    report = evaluate(arguments.outcomes, count_tokens=estimate, draws=arguments.draws)
    head = f"{'data set':36} {'n':>6} {'APGR':>6} {'length':>7} {'random':>7} {'AUC':>6} {'ECE':>6}"
    return Result(
        {"datasets": {name: _json(item) for name, item in report.datasets.items()}},
        (head, *(_line(name, item) for name, item in report.datasets.items())),
    )


def _json(item: DatasetReport) -> dict[str, Json]:
    found: dict[str, Json] = {
        "intervals": {k: list(v) if v else None for k, v in item.intervals.items()},
        "controls": {
            name: {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in asdict(control).items()
            }
            for name, control in item.controls.items()
        },
    }
    plain = (
        "n",
        "cheap_quality",
        "strong_quality",
        "apgr",
        "cpt50",
        "cpt80",
        "auc",
        "ece",
        "brier",
    )
    return {name: getattr(item, name) for name in (*plain, "benchmark")} | found


def _line(name: str, item: DatasetReport) -> str:
    figures = [
        item.apgr,
        item.controls["length"].apgr if "length" in item.controls else None,
        item.controls["random"].apgr if "random" in item.controls else None,
        item.auc,
        item.ece,
    ]
    cells = ["     -" if f is None else f"{f:6.3f}" for f in figures]
    return f"{name:36} {item.n:>6,} {cells[0]} {cells[1]:>7} {cells[2]:>7} {cells[3]} {cells[4]}"
