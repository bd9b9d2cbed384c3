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
import pyarrow.compute as pc

from core.complexity.clusters import Topics
from core.complexity.learned import Signs, Usual
from core.logs.query_file import query_batches
from core.workload.placing import Placing, topics_of
from core.workload.reader import CHUNK_ROWS
from core.workload.scores import basis_of, cluster_names, scored_batches

MOST_SEGMENTS: Final = 50  # the rest is pooled with the whole log
_NEEDED: Final = ["segment", "text_chars", "model", "feedback"]


@dataclass(frozen=True)
class SeenLog:
    """What is needed of every query of the log, in its order: 32 bytes each, and its topics."""

    segment: npt.NDArray[np.int32]  # a place among `names`
    names: tuple[str, ...]
    model: pa.DictionaryArray
    difficulty: npt.NDArray[np.float32]
    length: npt.NDArray[np.float64]  # log1p of characters
    topics: Topics
    feedback: npt.NDArray[np.float64]  # 0..1, NaN without

    @property
    def counts(self) -> dict[str, int]:
        """How many queries each segment has."""
        found = np.bincount(self.segment, minlength=len(self.names)).tolist()
        return dict(zip(self.names, found, strict=True))

    @property
    def segments(self) -> tuple[str, ...]:
        """The names of the most frequent segments, in order."""
        common = [name for name, _ in Counter(self.counts).most_common(MOST_SEGMENTS)]
        return tuple(sorted(common))

    @property
    def usual(self) -> Usual:
        """The usual difficulty and length of the log."""
        return Usual(
            (
                float(self.difficulty.mean(dtype=np.float64)),
                float(self.difficulty.std(dtype=np.float64)),
            ),
            (float(self.length.mean()), float(self.length.std())),
        )

    def signs(self, segments: Sequence[str], rows: npt.NDArray[np.int64] | None = None) -> Signs:
        """What is seen of some queries, by default all; segments as places among `segments`."""
        place = {name: number for number, name in enumerate(segments)}
        number = np.array([place.get(name, -1) for name in self.names], dtype=np.int64)
        which = slice(None) if rows is None else rows
        return Signs(
            number[self.segment[which]],
            self.difficulty[which].astype(np.float64),
            self.length[which],
            self.topics[which],
        )


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
        segment = placing.segments(batch, score).dictionary_encode()
        columns = [batch.column(name) for name in ("text_chars", "feedback")]
        model = batch.column("model").dictionary_encode()
        pieces.append((segment, model, score.column("difficulty"), *columns))
    segment, model, difficulty, chars, feedback = (
        pa.chunked_array(column).unify_dictionaries().combine_chunks()
        for column in zip(*pieces, strict=True)
    )
    return SeenLog(
        segment=segment.indices.to_numpy(),
        names=tuple(segment.dictionary.to_pylist()),
        model=model,
        difficulty=difficulty.to_numpy(),
        length=np.log1p(chars.to_numpy().astype(np.float64)),
        topics=np.concatenate(topics),
        feedback=feedback.to_numpy(zero_copy_only=False).astype(np.float64),
    )


def rows_of(queries: Path, request_ids: Sequence[str]) -> list[int | None]:
    """The row of each request id, the first one where it repeats; None where it is not there."""
    wanted = pa.array(request_ids, pa.string())
    found: dict[int, int] = {}
    start = 0
    for batch in query_batches(queries, ["request_id"], CHUNK_ROWS):
        which = pc.index_in(batch.column("request_id"), value_set=wanted)
        for row in np.flatnonzero(which.is_valid().to_numpy(zero_copy_only=False)).tolist():
            found.setdefault(which[row].as_py(), start + row)
        start += len(batch)
    return [found.get(number) for number in range(len(request_ids))]


def texts_of(queries: Path, rows: npt.NDArray[np.int64], column: str = "text") -> pa.Array:
    """The text, or another column, of those rows, which rise."""
    found, start = [pa.array([], pa.string())], 0
    for batch in query_batches(queries, [column], CHUNK_ROWS):
        here = rows[(rows >= start) & (rows < start + len(batch))] - start
        found.append(batch.column(column).take(pa.array(here)))
        start += len(batch)
    return pa.concat_arrays(found)
