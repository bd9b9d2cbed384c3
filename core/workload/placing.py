"""Where each query belongs: as it was read, unless a person or own outcomes say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.classifier import Classifier
from core.complexity.clusters import TOPICS, Topics
from core.complexity.learned import Learned, Signs
from core.complexity.scale import NEUTRAL, Tier
from core.complexity.sorting import typical_difficulty
from core.complexity.unlike import CODE, DATA, DOCUMENT, LANGUAGE
from core.workload.grid import binned

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

UNNAMED: Final = "(none)"
# What goes to the complex tier because nothing learned says how hard it is. "Thanks" and
# "continue" have hardly any words either, but that they are easy needs no learning.
SAFER: Final = (LANGUAGE, DATA, CODE, DOCUMENT)


@dataclass(frozen=True)
class Placed:
    """Per query its difficulty in logits, the number of its lever, and its segment's name."""

    difficulty: Floats
    lever: Codes
    segment: pa.Array
    unlike: npt.NDArray[np.int8]  # index of `unlike.KINDS`

    def filter(self, keep: npt.NDArray[np.bool_]) -> Placed:
        """Those of some queries only."""
        return Placed(
            self.difficulty[keep],
            self.lever[keep],
            self.segment.filter(pa.array(keep)),
            self.unlike[keep],
        )

    def binned(self) -> Placed:
        """With difficulties moved to the middle of their bins, as plans see them."""
        return Placed(binned(self.difficulty), self.lever, self.segment, self.unlike)


def named(segment: pa.Array) -> pa.Array:
    """The names of segments, null for queries in none."""
    return pc.if_else(pc.equal(segment, UNNAMED), pa.scalar(None, pa.string()), segment)


@dataclass(frozen=True)
class Placing:
    """What decides where queries belong.

    `corrections` go from request id to tier, `names` from a segment's name to the one a person
    gave it (the same name for two merges them). `clusters` are the segments found in a log
    that has none.
    """

    classifier: Classifier
    corrections: Mapping[str, Tier] = field(default_factory=dict)
    learned: Learned | None = None
    clusters: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def place(self, queries: pa.RecordBatch, scores: pa.RecordBatch) -> Placed:
        """The place of each query of a chunk.

        `queries` needs request ids and segments and, where something was learned, text_chars;
        `scores` then needs the topics, where there are any.
        """
        difficulty = scores.column("difficulty").to_numpy().astype(np.float64)
        lever = np.full(len(difficulty), NEUTRAL, dtype=np.int64)
        segment = self.segments(queries, scores)
        if self.learned is not None:
            known = pa.array(list(self.learned.segments), pa.string())
            number = pc.fill_null(pc.index_in(segment, value_set=known), -1).to_numpy()
            length = np.log1p(queries.column("text_chars").to_numpy().astype(np.float64))
            signs = Signs(number, difficulty, length, topics_of(scores))
            difficulty, lever = self.learned.place(signs)
        kinds = scores.column("unlike").to_numpy()
        strange = np.isin(kinds, SAFER)
        difficulty[strange] = typical_difficulty(self.classifier, "complex")
        lever[strange] = NEUTRAL
        self._correct(queries.column("request_id"), difficulty, lever)
        return Placed(difficulty, lever, segment, kinds)

    def segments(self, queries: pa.RecordBatch, scores: pa.RecordBatch) -> pa.Array:
        """The name of each query's segment: logged, else found, as a person calls it."""
        segment = queries.column("segment")
        if self.clusters:
            found = pa.array(self.clusters, pa.string()).take(scores.column("cluster"))
            segment = pc.coalesce(found, segment)
        segment = pc.fill_null(segment, UNNAMED)
        if not self.names:
            return segment
        place = pc.index_in(segment, value_set=pa.array(list(self.names), pa.string()))
        return pc.coalesce(pa.array(list(self.names.values()), pa.string()).take(place), segment)

    def _correct(self, request_ids: pa.Array, difficulty: Floats, lever: Codes) -> None:
        """Move what a person has sorted to the middle of its new tier."""
        if not self.corrections:
            return
        places = pc.index_in(request_ids, pa.array(list(self.corrections), pa.string()))
        found = places.is_valid().to_numpy(zero_copy_only=False)
        tiers = self.corrections.values()
        wanted = np.array([typical_difficulty(self.classifier, tier) for tier in tiers])
        difficulty[found] = wanted[places.drop_null().to_numpy().astype(int)]
        lever[found] = NEUTRAL


def topics_of(scores: pa.RecordBatch) -> Topics:
    """The topics per query of a chunk of scores, no columns where there are none."""
    if "topics" not in scores.schema.names:
        return np.zeros((len(scores), 0), dtype=np.float16)
    flat = scores.column("topics").flatten().to_numpy()
    return np.asarray(flat, dtype=np.float16).reshape(len(scores), TOPICS)
