"""What the classifier reads in each query of a log, kept beside it: one row per query."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from core.complexity.classifier import Classifier
from core.complexity.rules import BASES, RULES, Basis
from core.errors import Cancelled
from core.workload.notes import Notes
from core.workload.sizes import SIZE_COLUMNS, usual_sizes

CHUNK_ROWS: Final = 50_000

Floats = npt.NDArray[np.float64]


def scores_file(folder: Path, classifier: Classifier) -> Path:
    """Where the difficulties of a log's queries lie, one file per classifier and rule."""
    return folder / f"scores-{classifier.digest[:12]}{_by_rule(classifier)}.parquet"


def workload_file(folder: Path, classifier: Classifier, notes: Notes) -> Path:
    """Where the workload of a log lies, one file per classifier, rule and set of corrections."""
    rule = _by_rule(classifier)
    return folder / f"workload-{classifier.digest[:12]}{rule}-{notes.corrections_digest}.json"


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

    Both are Parquet; `scores` has `request_id` and `difficulty` (logits) and appears only when
    complete. `classifier.basis` may name a rule to sort by instead. A log without any text is
    read by the sizes of its requests: `scores` keeps what it was, and so does what comes back.
    `progress` gets (rows done, rows in all).
    Raises Cancelled when `cancelled` says so.
    """
    unfinished = scores.with_suffix(".part")
    try:
        with pq.ParquetFile(queries) as source:
            rule_or_text = classifier.basis if classifier.basis in RULES else "text"
            basis: Basis = rule_or_text if _has_text(source) else "size"
            read, columns = _reader(queries, classifier.on(basis), basis)
            schema = pa.schema(
                [("request_id", pa.string()), ("difficulty", pa.float32())], {"basis": basis}
            )
            total, done = source.metadata.num_rows, 0
            with pq.ParquetWriter(unfinished, schema) as sink:
                for batch in source.iter_batches(CHUNK_ROWS, columns=["request_id", *columns]):
                    if cancelled and cancelled():
                        raise Cancelled("Sorting was cancelled; nothing was kept.")
                    difficulty = pa.array(read(batch).astype(np.float32))
                    sink.write_batch(
                        pa.record_batch([batch.column("request_id"), difficulty], schema=schema)
                    )
                    done += len(batch)
                    if progress:
                        progress(done, total)
        unfinished.replace(scores)
    finally:
        unfinished.unlink(missing_ok=True)
    return basis


def basis_of(scores: Path) -> Basis:
    """What the difficulties in a file of scores were read from."""
    kept = pq.read_schema(scores).metadata or {}
    said = (kept.get(b"basis") or b"text").decode()
    return BASES[BASES.index(cast("Basis", said))] if said in BASES else "text"


def _reader(
    queries: Path, classifier: Classifier, basis: Basis
) -> tuple[Callable[[pa.RecordBatch], Floats], list[str]]:
    """What turns a batch into difficulties in logits, and the columns that it needs."""
    if basis != "size":
        return lambda batch: classifier.difficulty(batch.column("text")), ["text"]
    usual = usual_sizes(queries, CHUNK_ROWS)
    rough = classifier.rough
    return lambda batch: rough.difficulty(usual.above(pa.table(batch)), usual.sd), SIZE_COLUMNS


def _has_text(queries: pq.ParquetFile) -> bool:
    batches = queries.iter_batches(CHUNK_ROWS, columns=["text"])
    return any(len(batch) > batch.column("text").null_count for batch in batches)


def scored_batches(
    queries: Path, scores: Path, columns: Sequence[str] | None = None
) -> Generator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """The log's rows beside what was read in them, in chunks of CHUNK_ROWS."""
    with pq.ParquetFile(queries) as source, pq.ParquetFile(scores) as scored:
        yield from zip(
            source.iter_batches(CHUNK_ROWS, columns=columns),
            scored.iter_batches(CHUNK_ROWS, columns=["difficulty"]),
            strict=True,
        )
