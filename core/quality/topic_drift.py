"""Whether a log asks about other things than the one that a plan was made on.

Segments only show what somebody thought of tagging, and clusters of one log are not those of
another. So texts of both are clustered together, and each log's shares of the clusters compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.clusters import fit_clusters
from core.logs.query_file import count_rows, query_batches
from core.quality.stability import stability

TEXTS: Final = 1_500  # of each log: shares are within 2.5 points of the log's
NEW_SHARE: Final = 0.02  # of the later log; smaller topics come and go
TIMES: Final = 5.0  # as frequent as before, and a topic counts as new
_ROWS: Final = 65_536  # read at a time


@dataclass(frozen=True)
class NewTopic:
    """Something that is asked now and hardly was before: its words, and its share now."""

    words: str
    share: float


@dataclass(frozen=True)
class TopicDrift:
    """The population stability index over topics, and the new ones, largest first."""

    stability: float
    new: tuple[NewTopic, ...]


def topic_drift(before: pa.Array, now: pa.Array) -> TopicDrift | None:
    """How the topics of two samples of texts differ; None where there are too few to tell."""
    clusters = fit_clusters(pa.concat_arrays([before, now]).unique())
    if clusters is None or not (len(before) and len(now)):
        return None
    count = len(clusters.names)
    then, today = (
        np.bincount(clusters.assign(texts)[0], minlength=count).astype(float)
        for texts in (before, now)
    )
    share = today / len(now)
    # Half a text more, so that a topic nobody asked about before is no infinity.
    grown = share / ((then + 0.5) / len(before))
    new = np.flatnonzero((share >= NEW_SHARE) & (grown >= TIMES))
    return TopicDrift(
        stability(then, today),
        tuple(
            NewTopic(clusters.names[n], float(share[n]))
            for n in sorted(new.tolist(), key=lambda n: -share[n])
        ),
    )


def some_texts(queries: Path) -> pa.Array:
    """Texts of a log, evenly over its rows, at most TEXTS; repeated ones as often as they come."""
    found, start = [pa.array([], pa.string())], 0
    count = count_rows(queries)
    rows = np.arange(0, count, max(count / TEXTS, 1.0)).astype(np.int64)
    for batch in query_batches(queries, ["text", "status"], _ROWS):
        here = rows[(rows >= start) & (rows < start + len(batch))] - start
        picked = batch.take(pa.array(here))
        well = pc.equal(picked.column("status"), "ok")
        found.append(picked.filter(well).column("text").drop_null())
        start += len(batch)
    return pa.concat_arrays(found)
