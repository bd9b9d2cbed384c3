"""The figures of a report that screens show, see `core.complexity.figures`."""

from __future__ import annotations

from typing import Final

from core.complexity.comparison import Figures
from core.complexity.figures import Area, Measured, MeasuredOwn, MeasuredSet
from core.complexity.rules import Basis
from core.complexity.training.evaluate import Report

CONTROLS: Final[dict[Basis, str]] = {"length": "length", "keywords": "litellm_v1"}


def measured_of(report: Report, digest: str) -> Measured:
    """The figures of a report: whole sets, not single tasks, where the strong side is better."""
    sets = []
    for name, item in report.datasets.items():
        orders = {"text": item.text} | {k: item.controls[v] for k, v in CONTROLS.items()}
        areas = {basis: _area(figures) for basis, figures in orders.items()}
        known = {basis: area for basis, area in areas.items() if area is not None}
        lead = item.text.intervals["apgr_minus_length"]
        if "/" not in name and len(known) == len(orders) and lead is not None:
            ends = round(lead[0], 4), round(lead[1], 4)
            sets.append(MeasuredSet(name, item.n, known, ends))
    own = tuple(
        MeasuredOwn(
            item.name,
            item.segments,
            round(item.read, 4),
            {point.labels: round(point.apgr, 4) for point in item.curve},
        )
        for item in report.own
        if item.read is not None
    )
    return Measured(digest, tuple(sets), own)


def _area(figures: Figures) -> Area | None:
    interval = figures.apgr_interval
    if figures.apgr is None or interval is None:
        return None
    return Area(round(figures.apgr, 4), round(interval[0], 4), round(interval[1], 4))
