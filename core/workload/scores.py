"""What the classifier reads in each query of a log, kept beside it: one row per query."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from core.complexity.classifier import Classifier
from core.complexity.rules import BASES, RULES, Basis
from core.disk import whole
from core.errors import Cancelled
from core.logs.pipeline import in_order
from core.logs.query_file import BUFFER_BYTES, count_rows, query_batches, query_files
from core.logs.scratch import READY, scratch_of
from core.workers import in_processes
from core.workload.notes import Notes
from core.workload.reader import CHUNK_ROWS, STOPPED, Reader, reader_of

COUNTED: Final = 3  # how queries are counted; another number, and they are counted again


Sum = TypeVar("Sum")


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


class Summing(Protocol[Sum]):
    """What sums queries up while they are read, so that their texts need not be read twice."""

    def of(self, queries: pa.RecordBatch, scores: pa.RecordBatch, /) -> Sum:
        """The sum of some queries beside what was read in them."""

    def joined(self, parts: Sequence[Sum], /) -> Sum:
        """The sum of runs of queries that follow one another."""


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
    reader = reader_of(queries, classifier, stop)
    for _ in scored_sums(queries, scores, reader, None, progress=progress, stop=stop):
        pass
    return reader.basis


def scored_sums(
    queries: Path,
    scores: Path,
    reader: Reader,
    summing: Summing[Sum] | None,
    *,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Generator[Sum | None]:
    """The sums of the files of a log, in order, while `reader` fills `scores`.

    `scores` are there once the last one was taken. Files that were scored before an earlier
    attempt was cut off are not read again.
    """
    files = query_files(queries)
    if len(files) == 1:
        with whole(scores) as draft:
            found = _read(_Job(files[0], draft, reader, summing), progress, stop)
        yield found
        return
    with scratch_of(scores.parent, f"{scores.stem}-{reader.digest}") as unfinished:
        jobs = [_Job(file, unfinished / file.name, reader, summing) for file in files]
        rows = [count_rows(file) for file in files]
        done = in_processes(_scored, jobs, stop=stop, stopped=STOPPED)
        for number, (_, found) in enumerate(done, start=1):
            if progress:
                progress(sum(rows[:number]), sum(rows))
            yield found
        (unfinished / READY).mkdir()
        for job in jobs:
            job.scores.rename(unfinished / READY / job.scores.name)
        if not scores.exists():  # else another process was faster
            (unfinished / READY).rename(scores)


@dataclass(frozen=True)
class _Job(Generic[Sum]):
    queries: Path
    scores: Path
    reader: Reader
    summing: Summing[Sum] | None


def _scored(job: _Job[Sum]) -> Sum | None:
    """The sum of a file, once its scores are there."""
    if job.scores.exists():
        if job.summing is None:
            return None
        parts = [job.summing.of(*both) for both in scored_batches(job.queries, job.scores)]
        return job.summing.joined(parts)
    with whole(job.scores) as draft:
        return _read(replace(job, scores=draft), None, lambda: False)


def _read(
    job: _Job[Sum], progress: Callable[[int, int], None] | None, stop: Callable[[], bool]
) -> Sum | None:
    """The sum of a file, while its scores are written."""
    done, total = 0, count_rows(job.queries)
    columns = job.reader.columns if job.summing is None else None
    parts: list[Sum] = []
    with pq.ParquetWriter(job.scores, job.reader.schema, use_dictionary=False) as sink:
        batches = query_batches(job.queries, columns, CHUNK_ROWS)
        for batch, found in in_order(job.reader.read, batches):
            if stop():
                raise Cancelled(STOPPED)
            sink.write_batch(found)
            if job.summing is not None:
                parts.append(job.summing.of(batch, found))
            done += len(batch)
            if progress:
                progress(done, total)
    return job.summing.joined(parts) if job.summing is not None else None


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
