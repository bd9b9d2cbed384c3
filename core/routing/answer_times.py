"""How long answers took in a log, by model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from core.workload.latencies import names_with_latency, seconds_of_bins
from core.workload.pricing import Names
from core.workload.workload import Workload

Floats = npt.NDArray[np.float64]

# The quantiles that stand for a distribution of seconds: the middles of 400 equal parts.
LEVELS: Final = (np.arange(400) + 0.5) / 400


@dataclass(frozen=True)
class AnswerTimes:
    """Seconds per answer at LEVELS: over the whole log, and by model id where it is known."""

    today: Floats
    by_model: dict[str, Floats] = field(default_factory=dict)


def answer_times(workload: Workload, names: Names) -> AnswerTimes | None:
    """How long answers took in the log; None where it does not say."""
    if not int(workload.latencies["queries"].sum()):
        return None
    table = workload.latencies
    enough = set(names_with_latency(table))
    by_model: dict[str, list[str]] = {}
    for name in table["model"].unique():
        model = names.get(name)
        if model is not None and name in enough:
            by_model.setdefault(model.id, []).append(name)
    return AnswerTimes(
        _quantiles(*seconds_of_bins(table)),
        {
            model: _quantiles(*seconds_of_bins(table[table["model"].isin(logged)]))
            for model, logged in by_model.items()
        },
    )


def _quantiles(seconds: Floats, calls: Floats) -> Floats:
    """The seconds at LEVELS of a histogram with rising seconds."""
    middle = (np.cumsum(calls) - calls / 2) / calls.sum()
    return np.asarray(np.interp(LEVELS, middle, seconds))
