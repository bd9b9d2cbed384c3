"""What is seen of every query of a scored log before any outcome, read at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from core.complexity.clusters import Topics
from core.complexity.learned import Signs, Usual
from core.workload.placing import Placing, topics_of
from core.workload.scores import basis_of, cluster_names, scored_batches

MOST_SEGMENTS: Final = 50  # the rest is pooled with the whole log
_NEEDED: Final = ["request_id", "segment", "text_chars", "status", "model", "feedback"]


@dataclass(frozen=True)
class SeenLog:
    """What is needed of every query of the log, in its order."""

    request_id: pa.Array
    segment: list[str]
    model: pa.Array
    difficulty: npt.NDArray[np.float64]
    length: npt.NDArray[np.float64]  # log1p of characters
    topics: Topics
    feedback: npt.NDArray[np.float64]  # 0..1, NaN without

    @property
    def segments(self) -> tuple[str, ...]:
        """The names of the most frequent segments, in order."""
        common = [name for name, _ in Counter(self.segment).most_common(MOST_SEGMENTS)]
        return tuple(sorted(common))

    @property
    def usual(self) -> Usual:
        """The usual difficulty and length of the log."""
        return Usual(
            (float(self.difficulty.mean()), float(self.difficulty.std())),
            (float(self.length.mean()), float(self.length.std())),
        )

    def signs(self, segments: Sequence[str]) -> Signs:
        """What is seen of every query, its segment as a place among `segments`."""
        place = {name: number for number, name in enumerate(segments)}
        number = np.array([place.get(name, -1) for name in self.segment])
        return Signs(number, self.difficulty, self.length, self.topics)


def on_scores(placing: Placing, scores: Path) -> Placing:
    """The same placing with the clusters of a file of scores, and with what they were read from."""
    classifier = placing.classifier.on(basis_of(scores))
    return replace(placing, classifier=classifier, clusters=cluster_names(scores))


def read_seen(queries: Path, scores: Path, placing: Placing) -> SeenLog:
    """The whole log; `placing`, on these scores, says what its segments are called."""
    pieces: list[tuple[pa.Array, ...]] = []
    topics: list[Topics] = []
    for batch, score in scored_batches(queries, scores, _NEEDED, topics=True):
        topics.append(topics_of(score))
        columns = [batch.column(name) for name in ("request_id", "model", "text_chars", "feedback")]
        pieces.append((placing.segments(batch, score), score.column("difficulty"), *columns))
    segment, difficulty, request_id, model, chars, feedback = (
        pa.chunked_array(column).combine_chunks() for column in zip(*pieces, strict=True)
    )
    return SeenLog(
        request_id=request_id,
        segment=segment.to_pylist(),
        model=model,
        difficulty=difficulty.to_numpy().astype(np.float64),
        length=np.log1p(chars.to_numpy().astype(np.float64)),
        topics=np.concatenate(topics),
        feedback=feedback.to_numpy(zero_copy_only=False).astype(np.float64),
    )
