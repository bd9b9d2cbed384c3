"""What the classifier reads in each query of a log, kept beside it: one row per query."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Final, cast

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
from core.logs.query_file import query_batches
from core.workload.notes import Notes
from core.workload.sizes import SIZE_COLUMNS, usual_sizes

CHUNK_ROWS: Final = 25_000
COUNTED: Final = 2  # how queries are counted; another number, and they are counted again

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
    unfinished = scores.with_suffix(".part")
    try:
        with pq.ParquetFile(queries) as source:
            rule_or_text = classifier.basis if classifier.basis in RULES else "text"
            basis: Basis = rule_or_text if _has_text(source) else "size"
            read, columns = _reader(queries, classifier.on(basis), basis)
            clusters = None if basis == "size" else _clusters(source)
            kept = {"basis": basis, "clusters": json.dumps(clusters.names if clusters else [])}
            topics = [("topics", _TOPICS)] if clusters else []
            schema = pa.schema([*_COLUMNS, *topics], kept)
            total, done = source.metadata.num_rows, 0
            with pq.ParquetWriter(unfinished, schema, use_dictionary=False) as sink:
                wanted = source.iter_batches(CHUNK_ROWS, columns=["request_id", *columns])
                for batch, (look, found) in in_order(
                    lambda batch: (read(batch), _assigned(clusters, batch)), wanted
                ):
                    if cancelled and cancelled():
                        raise Cancelled("Sorting was cancelled; nothing was kept.")
                    columns_read = [
                        batch.column("request_id"),
                        pa.array(look.difficulty.astype(np.float32)),
                        found[0],
                        pa.array(look.kind),
                        *found[1:],
                    ]
                    sink.write_batch(pa.record_batch(columns_read, schema=schema))
                    done += len(batch)
                    if progress:
                        progress(done, total)
        unfinished.replace(scores)
    finally:
        unfinished.unlink(missing_ok=True)
    return basis


def cluster_names(scores: Path) -> tuple[str, ...]:
    """The names of the clusters of texts in a file of scores; none where segments were logged."""
    kept = pq.read_schema(scores).metadata or {}
    return tuple(json.loads(kept.get(b"clusters") or b"[]"))


def basis_of(scores: Path) -> Basis:
    """What the difficulties in a file of scores were read from."""
    kept = pq.read_schema(scores).metadata or {}
    said = (kept.get(b"basis") or b"text").decode()
    return BASES[BASES.index(cast("Basis", said))] if said in BASES else "text"


def _reader(
    queries: Path, classifier: Classifier, basis: Basis
) -> tuple[Callable[[pa.RecordBatch], Look], list[str]]:
    """What turns a batch into difficulties in logits, and the columns that it needs."""
    if basis != "size":
        return lambda batch: classifier.look(batch.column("text")), ["text"]
    usual = usual_sizes(queries, CHUNK_ROWS)

    def by_size(batch: pa.RecordBatch) -> Look:
        difficulty = classifier.rough.difficulty(usual.above(pa.table(batch)), usual.sd)
        return Look(difficulty, np.zeros(len(batch), dtype=np.int8))

    return by_size, SIZE_COLUMNS


def _has_text(queries: pq.ParquetFile) -> bool:
    batches = queries.iter_batches(CHUNK_ROWS, columns=["text"])
    return any(len(batch) > batch.column("text").null_count for batch in batches)


def _clusters(queries: pq.ParquetFile) -> Clusters | None:
    """Clusters of the texts, where the log has no two segments of its own."""
    named: set[str] = set()
    for batch in queries.iter_batches(CHUNK_ROWS, columns=["segment"]):
        named.update(pc.unique(batch.column("segment").drop_null()).to_pylist())
        if len(named) > 1:
            return None
    batches = queries.iter_batches(CHUNK_ROWS, columns=["text"])
    return fit_clusters(sample_texts(batch.column("text") for batch in batches))


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
    with pq.ParquetFile(queries) as source, pq.ParquetFile(scores) as scored:
        wanted = ["difficulty", "cluster", "unlike"]
        if topics and "topics" in scored.schema_arrow.names:
            wanted.append("topics")
        yield from zip(
            query_batches(source, columns, CHUNK_ROWS),
            scored.iter_batches(CHUNK_ROWS, columns=wanted),
            strict=True,
        )
