"""`tierwise evaluate`: the classifier on public outcomes, or on a log's own, with controls."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import cast

from core.commands.opening import add_log_arguments, open_log
from core.commands.result import Json, Result
from core.commands.sorting import paired_outcomes
from core.complexity.classifier import load_classifier
from core.complexity.comparison import Figures
from core.complexity.own_report import OwnReport, own_report
from core.complexity.training.evaluate import DatasetReport, evaluate
from core.complexity.training.own_traffic import OwnTraffic
from core.errors import BadInput
from core.logs.tokens import estimate

_FIGURES = ("apgr", "cpt50", "cpt80", "auc")


def add_arguments(parser: ArgumentParser) -> None:
    """A folder of public outcomes, or a log and its outcomes."""
    add_log_arguments(parser)
    parser.add_argument(
        "--calibration",
        type=Path,
        metavar="FILE",
        help="outcomes of the log's own queries: what they teach is measured on the others of "
        "them; without it the path is a folder of public outcomes",
    )
    parser.add_argument(
        "--models",
        nargs=2,
        metavar=("CHEAP", "STRONG"),
        help="the two models to compare; by default the two with the most common queries",
    )
    parser.add_argument(
        "--draws", type=int, default=200, metavar="N", help="bootstrap samples per interval"
    )


def run(arguments: Namespace) -> Result:
    """APGR, CPT, AUC, chances and misrouting on what was held back, beside the controls."""
    classifier = load_classifier()
    if arguments.calibration is not None:
        with open_log(arguments) as opened:
            log = paired_outcomes(opened, classifier, arguments.calibration, arguments.models)
        own = own_report(log, draws=arguments.draws)
        return Result(_own_json(own), tuple(_own_lines(own)))
    if len(arguments.log) > 1:
        raise BadInput(
            "several folders of outcomes",
            where="evaluate",
            remedy="Name one folder, or a log with --calibration FILE",
        )
    report = evaluate(
        Path(arguments.log[0]),
        level_sd=classifier.level_sd,
        count_tokens=estimate,
        draws=arguments.draws,
    )
    head = (
        f"{'data set':36} {'n':>6} {'APGR':>6} {'length':>7} {'random':>7} {'AUC':>6}"
        f" {'ECE':>6} {'lift':>6}"
    )
    return Result(
        {
            "datasets": {name: _json(item) for name, item in report.datasets.items()},
            "own_traffic": [_plain(item) for item in report.own],
        },
        (
            head,
            *(_line(name, item) for name, item in report.datasets.items()),
            "Lift: points of quality above a fixed split of three tiers at equal cost.",
            *(line for item in report.own for line in _own_traffic_lines(item)),
        ),
    )


def _figures_json(figures: Figures) -> dict[str, Json]:
    intervals = {k: list(v) if v else None for k, v in figures.intervals.items()}
    return {name: getattr(figures, name) for name in _FIGURES} | {
        "intervals": cast(Json, intervals)
    }


def _plain(item: object) -> Json:
    """A dataclass of figures as JSON; null for None."""
    return cast(Json, asdict(item)) if item is not None else None  # type: ignore[call-overload]


def _controls_json(controls: Mapping[str, Figures]) -> Json:
    return {name: _figures_json(control) for name, control in controls.items()}


def _json(item: DatasetReport) -> dict[str, Json]:
    plain = ("n", "cheap_quality", "strong_quality", "benchmark")
    return {
        **{name: getattr(item, name) for name in plain},
        **_figures_json(item.text),
        "ece": item.stated.ece if item.stated else None,
        "brier": item.stated.brier if item.stated else None,
        "controls": _controls_json(item.controls),
        "stated": _plain(item.stated),
        "three_tiers": _plain(item.three_tiers),
        "unseen_models": _plain(item.unseen),
    }


def _line(name: str, item: DatasetReport) -> str:
    figures = [
        item.text.apgr,
        item.controls["length"].apgr,
        item.controls["random"].apgr,
        item.text.auc,
        item.stated.ece if item.stated else None,
    ]
    cells = ["     -" if f is None else f"{f:6.3f}" for f in figures]
    lift = f"{100 * item.three_tiers.lift['text']:+6.1f}" if item.three_tiers else "     -"
    left, right = f"{name:36} {item.n:>6,} {cells[0]}", f"{cells[3]} {cells[4]} {lift}"
    return f"{left} {cells[1]:>7} {cells[2]:>7} {right}"


def _own_traffic_lines(item: OwnTraffic) -> list[str]:
    read, length = ("-" if f is None else f"{f:.3f}" for f in (item.read, item.length))
    return [
        f"{item.name} taken for a log of {item.queries:,} queries, {item.segments} as segments:"
        f" APGR {read} as read, {length} by length",
        *(
            f"  {point.labels:>5,} paired labels: {point.apgr:.3f} (sd {point.apgr_sd:.3f});"
            f" a fifth of them wrong {wrong.apgr:.3f}; Brier {point.brier:.3f},"
            f" constant {point.brier_constant:.3f}; ECE {point.ece:.3f}"
            for point, wrong in zip(item.curve, item.flipped, strict=True)
        ),
    ]


def _own_json(own: OwnReport) -> dict[str, Json]:
    plain = ("n", "cheap_quality", "strong_quality", "strong_share", "lift", "too_low", "too_high")
    return {
        **{name: getattr(own, name) for name in plain},
        "models": list(own.models),
        "by_chance": {"too_low": own.by_chance[0], "too_high": own.by_chance[1]},
        **_figures_json(own.learned),
        "controls": _controls_json(own.controls),
        "stated": _plain(own.stated),
    }


def _own_lines(own: OwnReport) -> list[str]:
    weak, strong = own.models
    orders = {
        "learned from your outcomes": own.learned,
        "segment means alone": own.controls["segments"],
        "read from the text": own.controls["read"],
        "prompt length": own.controls["length"],
        "LiteLLM v1 keywords": own.controls["litellm_v1"],
        "random, any fixed split": own.controls["random"],
        "oracle": own.controls["oracle"],
    }
    if own.learned.apgr is None:
        worth = [f"{strong} is not better than {weak} beyond chance: there is nothing to route."]
    else:
        worth = [f"{'order':28} {'APGR':>6} {'95%':>15} {'CPT50':>6} {'CPT80':>6}"]
        worth += [_order_line(name, figures) for name, figures in orders.items()]
    stated = own.stated
    return [
        f"{own.n:,} queries with outcomes of {weak} ({own.cheap_quality:.1%} acceptable) and"
        f" {strong} ({own.strong_quality:.1%}); each fifth was routed by what the others taught.",
        *worth,
        f"Chances stated for {weak}: Brier {stated.brier:.3f}, of a constant"
        f" {stated.brier_constant:.3f}; calibration error {stated.ece:.3f}.",
        *(f"  stated {r.stated:4.0%}: {r.happened:4.0%} of {r.answers:,}" for r in stated.table),
        f"At a tolerance of five points {own.strong_share:.0%} go to {strong}:"
        f" {100 * own.lift:+.1f} points of quality over a fixed split of that share;"
        f" {own.too_low:.1%} sent too low (by chance {own.by_chance[0]:.1%}),"
        f" {own.too_high:.1%} too high ({own.by_chance[1]:.1%}).",
    ]


def _order_line(name: str, figures: Figures) -> str:
    if figures.apgr is None or figures.cpt50 is None or figures.cpt80 is None:
        return f"{name:28}      -"
    interval = figures.apgr_interval
    span = f"{interval[0]:.3f} to {interval[1]:.3f}" if interval else "-"
    return f"{name:28} {figures.apgr:6.3f} {span:>15} {figures.cpt50:6.1f} {figures.cpt80:6.1f}"
