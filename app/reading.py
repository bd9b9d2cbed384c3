"""What pages ask of a whole log, called in the worker process that reads it; no Streamlit here."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from core.logs.log import QUERIES
from core.quality.prepare import Prepared, prepare
from core.quality.sample import Frame, Sample, draw_sample, frame_of
from core.quality.topic_drift import TopicDrift, some_texts, topic_drift
from core.workload.aggregate import BASELINE_COLUMNS, Baseline, baseline
from core.workload.placing import Placing
from core.workload.pricing import Names
from core.workload.scores import scores_file

_frames: Final[dict[str, Frame]] = {}  # the latest one: every control of a form samples it anew


def baseline_of(queries: Path, names: Names, source: str) -> Baseline:
    """What a summed-up log comes to."""
    return baseline(pq.read_table(queries, columns=BASELINE_COLUMNS), names, source)


def new_topics(before: Path, now: Path) -> TopicDrift | None:
    """What the queries of a later log are about beside those of an earlier one."""
    return topic_drift(some_texts(before), some_texts(now))


def sampled(key: str, folder: Path, placing: Placing, size: int) -> Sample:
    """A sample of the log in `folder`, sorted as `placing` says, which `key` stands for."""
    return draw_sample(_frame(key, folder, placing), size, seed=1)


def prepared(key: str, folder: Path, placing: Placing, *arguments: Any, **named: Any) -> Prepared:
    """A replay of that log to confirm, with the other arguments of `prepare`."""
    return prepare(_frame(key, folder, placing), folder / QUERIES, *arguments, **named)


def _frame(key: str, folder: Path, placing: Placing) -> Frame:
    if key not in _frames:
        _frames.clear()
        _frames[key] = frame_of(folder / QUERIES, scores_file(folder, placing.classifier), placing)
    return _frames[key]
