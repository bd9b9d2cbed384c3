"""What is read in the queries of a log, and by what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.classifier import Classifier
from core.complexity.clusters import TOPICS, Clusters, fit_clusters, sample_texts
from core.complexity.reading import Look
from core.complexity.rules import RULES, Basis
from core.logs.query_file import query_batches, query_files
from core.workers import in_processes
from core.workload.sizes import SIZE_COLUMNS, UsualSizes, usual_sizes

CHUNK_ROWS: Final = 25_000
STOPPED: Final = "Sorting was cancelled; nothing was kept."

_COLUMNS: Final = [
    ("request_id", pa.string()),
    ("difficulty", pa.float32()),
    ("cluster", pa.int16()),
    ("unlike", pa.int8()),
]
_TOPICS: Final = pa.list_(pa.float16(), TOPICS)


@dataclass(frozen=True)
class Reader:
    """What is read in queries, and by what: the same for all of a log."""

    classifier: Classifier
    basis: Basis
    usual: UsualSizes | None = None  # where there is no text
    clusters: Clusters | None = None  # where the log names no segments

    @property
    def digest(self) -> str:
        """Another one for whatever reads otherwise."""
        told = hashlib.sha256(f"{self.classifier.digest} {self.basis}".encode())
        if self.usual is not None:
            told.update(self.usual.table.to_json().encode())
        if self.clusters is not None:
            told.update(self.clusters.content)
        return told.hexdigest()[:12]

    @property
    def columns(self) -> list[str]:
        """The columns of a log that it needs."""
        return ["request_id", *(SIZE_COLUMNS if self.basis == "size" else ["text"])]

    @property
    def schema(self) -> pa.Schema:
        """The columns of what it reads."""
        names = self.clusters.names if self.clusters else []
        topics = [("topics", _TOPICS)] if self.clusters else []
        kept = {"basis": self.basis, "clusters": json.dumps(names)}
        return pa.schema([*_COLUMNS, *topics], kept)

    def read(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """What is read in some queries, a row each."""
        if self.usual is None:
            look = self.classifier.look(batch.column("text"))
        else:
            above = self.usual.above(pa.table(batch))
            difficulty = self.classifier.rough.difficulty(above, self.usual.sd)
            look = Look(difficulty, np.zeros(len(batch), dtype=np.int8))
        cluster, *topics = _assigned(self.clusters, batch)
        columns = [
            batch.column("request_id"),
            pa.array(look.difficulty.astype(np.float32)),
            cluster,
            pa.array(look.kind),
            *topics,
        ]
        return pa.record_batch(columns, schema=self.schema)


def chosen_reader(
    classifier: Classifier,
    has_text: bool,
    names_segments: bool,
    usual: Callable[[], UsualSizes],
    clusters: Callable[[], Clusters | None],
) -> Reader:
    """What reads a log: its texts, by the classifier or a rule, else the sizes of its requests.

    `usual` and `clusters` are asked only where they are needed.
    """
    if not has_text:
        return Reader(classifier.on("size"), "size", usual=usual())
    basis: Basis = classifier.basis if classifier.basis in RULES else "text"
    return Reader(classifier.on(basis), basis, clusters=None if names_segments else clusters())


def reader_of(queries: Path, classifier: Classifier, stop: Callable[[], bool]) -> Reader:
    """What reads the log in these files."""
    return chosen_reader(
        classifier,
        _has_text(queries),
        _names_segments(queries),
        lambda: usual_sizes(queries),
        lambda: _clusters(queries, stop),
    )


def _has_text(queries: Path) -> bool:
    batches = query_batches(queries, ["text"], CHUNK_ROWS)
    return any(len(batch) > batch.column("text").null_count for batch in batches)


def _names_segments(queries: Path) -> bool:
    """Whether the log has two segments of its own."""
    named: set[str] = set()
    for batch in query_batches(queries, ["segment"], CHUNK_ROWS):
        named.update(pc.unique(batch.column("segment").drop_null()).to_pylist())
        if len(named) > 1:
            return True
    return False


def _clusters(queries: Path, stop: Callable[[], bool]) -> Clusters | None:
    """Clusters of the texts."""
    samples = in_processes(_sampled, query_files(queries), stop=stop, stopped=STOPPED)
    return fit_clusters(sample_texts(sample for _, sample in samples))


def _sampled(queries: Path) -> pa.Array:
    batches = query_batches(queries, ["text"], CHUNK_ROWS)
    return sample_texts(batch.column("text") for batch in batches)


def _assigned(clusters: Clusters | None, batch: pa.RecordBatch) -> list[pa.Array]:
    """The cluster per query and, where there are clusters, its topics."""
    if clusters is None:
        return [pa.nulls(len(batch), pa.int16())]
    texts = batch.column("text")
    missing = texts.is_null().to_numpy(zero_copy_only=False)
    codes, topics = clusters.assign(texts)
    topics[missing] = 0.0
    return [
        pa.array(codes, pa.int16(), mask=missing),
        pa.FixedSizeListArray.from_arrays(pa.array(topics.ravel()), TOPICS),
    ]
