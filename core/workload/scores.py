"""What the classifier reads in each query of a log, kept beside it: one row per query."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.complexity.classifier import Classifier
from core.complexity.clusters import TOPICS, Clusters, fit_clusters, sample_texts
from core.complexity.reading import Look
from core.complexity.rules import BASES, RULES, Basis
from core.errors import Cancelled
from core.logs.pipeline import in_order
from core.logs.query_file import BUFFER_BYTES, count_rows, query_batches, query_files
from core.workers import in_processes
from core.workload.notes import Notes
from core.workload.sizes import SIZE_COLUMNS, UsualSizes, usual_sizes

CHUNK_ROWS: Final = 25_000
STOPPED: Final = "Sorting was cancelled; nothing was kept."
COUNTED: Final = 3  # how queries are counted; another number, and they are counted again

_COLUMNS: Final = [
    ("request_id", pa.string()),
    ("difficulty", pa.float32()),
    ("cluster", pa.int16()),
    ("unlike", pa.int8()),
]
_TOPICS: Final = pa.list_(pa.float16(), TOPICS)

Floats = npt.NDArray[np.float64]


def scores_file(folder: Path, classifier: Classifier) -> Path:
    """Where the difficulties of a log's queries lie, one file per classifier and rule."""
    return folder / f"scores-{classifier.digest[:12]}{_by_rule(classifier)}.parquet"


def workload_file(folder: Path, classifier: Classifier, notes: Notes) -> Path:
    """Where the workload of a log lies, one file per classifier, rule and set of corrections."""
    return folder / f"workload{COUNTED}-{_sorting(classifier, notes)}.json"


def learned_file(folder: Path, classifier: Classifier, notes: Notes) -> Path:
    """Where what a log's own outcomes taught lies, beside the workload that it shaped."""
    return folder / f"learned-{_sorting(classifier, notes)}.json"


def _sorting(classifier: Classifier, notes: Notes) -> str:
    return f"{classifier.digest[:12]}{_by_rule(classifier)}-{notes.placing_digest}"


def _by_rule(classifier: Classifier) -> str:
    return f"-by-{classifier.basis}" if classifier.basis in RULES else ""


def score_log(
    queries: Path,
    scores: Path,
    classifier: Classifier,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Basis:
    """Write the difficulty of every query in `queries` to `scores`, in the same order.

    Both are Parquet; `scores` has `request_id`, `difficulty` (logits), `cluster` (a number of
    `cluster_names`, null where the log names its own segments), `unlike` (an index of
    `unlike.KINDS`) and, with clusters, `topics`; it appears only when complete.
    `classifier.basis` may name a rule to sort by instead. A log without any text is read by the
    sizes of its requests: `scores` keeps what it was, and so does what comes back. `progress`
    gets (rows done, rows in all). Raises Cancelled when `cancelled` says so.
    """
    stop = cancelled or (lambda: False)
    reader = _reader(queries, classifier, stop)
    files = query_files(queries)
    unfinished = scores.with_suffix(".part")
    if len(files) == 1:
        try:
            _score_file(files[0], unfinished, reader, progress, stop)
            unfinished.replace(scores)
        finally:
            unfinished.unlink(missing_ok=True)
        return reader.basis
    # Files that are there already were scored before the last attempt was cut off.
    unfinished.mkdir(exist_ok=True)
    jobs = [_Job(file, unfinished / file.name, reader) for file in files]
    done, total = 0, count_rows(queries)
    try:
        for _, rows in in_processes(_scored, jobs, stop=stop, stopped=STOPPED):
            done += rows
            if progress:
                progress(done, total)
    except Exception:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    unfinished.replace(scores)
    return reader.basis


@dataclass(frozen=True)
class Reader:
    """What is read in queries, and by what: the same for all of a log."""

    classifier: Classifier
    basis: Basis
    usual: UsualSizes | None = None  # where there is no text
    clusters: Clusters | None = None  # where the log names no segments

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


@dataclass(frozen=True)
class _Job:
    queries: Path
    scores: Path
    reader: Reader


def _scored(job: _Job) -> int:
    """How many rows a file has, once its scores are there."""
    if not job.scores.exists():
        unfinished = job.scores.with_suffix(".part")
        _score_file(job.queries, unfinished, job.reader, None, lambda: False)
        unfinished.replace(job.scores)
    return int(pq.read_metadata(job.scores).num_rows)


def _score_file(
    queries: Path,
    scores: Path,
    reader: Reader,
    progress: Callable[[int, int], None] | None,
    stop: Callable[[], bool],
) -> None:
    done, total = 0, count_rows(queries)
    with pq.ParquetWriter(scores, reader.schema, use_dictionary=False) as sink:
        batches = query_batches(queries, reader.columns, CHUNK_ROWS)
        for batch, found in in_order(reader.read, batches):
            if stop():
                raise Cancelled(STOPPED)
            sink.write_batch(found)
            done += len(batch)
            if progress:
                progress(done, total)


def cluster_names(scores: Path) -> tuple[str, ...]:
    """The names of the clusters of texts in a file of scores; none where segments were logged."""
    kept = _kept(scores)
    return tuple(json.loads(kept.get(b"clusters") or b"[]"))


def basis_of(scores: Path) -> Basis:
    """What the difficulties in a file of scores were read from."""
    kept = _kept(scores)
    said = (kept.get(b"basis") or b"text").decode()
    return BASES[BASES.index(said)] if said in BASES else "text"


def _kept(scores: Path) -> dict[bytes, bytes]:
    return dict(pq.read_schema(query_files(scores)[0]).metadata or {})


def _reader(queries: Path, classifier: Classifier, stop: Callable[[], bool]) -> Reader:
    """What reads this log: its texts, by the classifier or a rule, else the sizes of requests."""
    if not _has_text(queries):
        by_size = classifier.on("size")
        return Reader(by_size, "size", usual=usual_sizes(queries))
    basis: Basis = classifier.basis if classifier.basis in RULES else "text"
    clusters = None if _names_segments(queries) else _clusters(queries, stop)
    return Reader(classifier.on(basis), basis, clusters=clusters)


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


def scored_batches(
    queries: Path, scores: Path, columns: Sequence[str] | None = None, *, topics: bool = False
) -> Generator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """The log's rows beside what was read in them, in chunks of CHUNK_ROWS.

    `topics` says whether they are wanted, where there are any.
    """
    for file, scored_file in zip(query_files(queries), query_files(scores), strict=True):
        with pq.ParquetFile(scored_file, buffer_size=BUFFER_BYTES) as scored:
            wanted = ["difficulty", "cluster", "unlike"]
            if topics and "topics" in scored.schema_arrow.names:
                wanted.append("topics")
            yield from zip(
                query_batches(file, columns, CHUNK_ROWS),
                scored.iter_batches(CHUNK_ROWS, columns=wanted),
                strict=True,
            )
