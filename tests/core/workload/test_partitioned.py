"""A log in partitions, on whatever engine, gives the workload that one process gives."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from core.complexity.classifier import Classifier, load_classifier
from core.errors import BadInput
from core.logs import partitions as cutting
from core.logs.completion import foreseen_fill
from core.logs.draft import Manner
from core.logs.ingest import ingest
from core.logs.log import QUERIES
from core.logs.partitions import Partition, partitions_of
from core.logs.parts import parts_of
from core.logs.preview import preview
from core.logs.query_file import query_files
from core.workers import kept_processes
from core.workload.build import build_workload, sort_log
from core.workload.partitioned import sort_partitions
from core.workload.placing import Placing
from core.workload.reader import Reader
from core.workload.scores import cluster_names, score_log
from core.workload.sorted_file import write_sorted
from core.workload.workload import to_json

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
WORDS = (
    *("refund", "order", "parcel", "invoice", "prove", "theorem", "integral", "limit", "python"),
    *("function", "server", "query", "song", "poem", "letter", "summary", "contract", "clause"),
)


class HereEngine:
    """An engine that does everything at once, in this process, but hands over copies."""

    def submit(self, work: Callable[..., Any], *values: Any) -> Any:
        return pickle.loads(pickle.dumps(work(*pickle.loads(pickle.dumps(values)))))

    def spread(self, value: Any) -> Any:
        return value

    def results(self, promises: Sequence[Any], words: str) -> Iterator[Any]:
        yield from promises

    def wait(self, promises: Sequence[Any], words: str) -> None:
        pass


def log_table(rows: int, seed: int = 5, *, texts: bool = True, segments: bool = True) -> pa.Table:
    """A log with repeats, conversations with caches, rare models and rows without an output."""
    dice = np.random.default_rng(seed)
    asked = [" ".join(dice.choice(WORDS, dice.integers(3, 30))) for _ in range(rows)]
    session = [f"s{n}" for n in dice.integers(0, rows // 5, rows)]
    for row in range(2, rows):
        if dice.random() < 0.2:  # a retry of what was asked one or two rows before
            before = row - int(dice.integers(1, 3))
            asked[row], session[row] = asked[before], session[before]
    counts = dice.integers(20, 900, rows)
    columns: dict[str, Any] = {
        "id": [f"q{n}" for n in range(rows)],
        "time": [(NOON + timedelta(seconds=20 * n)).isoformat() for n in range(rows)],
        "model": [f"model-{min(n, 250)}" for n in dice.geometric(0.05, rows)],
        "input_tokens": counts,
        "cached_tokens": [
            int(n * share) for n, share in zip(counts, dice.random(rows), strict=True)
        ],
        "output_tokens": [int(n) if n > 30 else None for n in dice.integers(1, 600, rows)],
        "session_id": session,
        "status": dice.choice(["ok", "ok", "ok", "error"], rows),
    }
    if texts:
        columns["query"] = [t if dice.random() > 0.02 else None for t in asked]
    if segments:
        columns["feature"] = dice.choice(["billing", "search", "tutor"], rows)
    return pa.table(columns)


@pytest.fixture
def small_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "PARTITION_ROWS", 300)
    monkeypatch.setenv("TIERWISE_PROCESSES", "1")


def write(folder: Path, table: pa.Table) -> Path:
    path = folder / "log.parquet"
    pq.write_table(table, path, row_group_size=170)
    return path


def cut(path: Path) -> tuple[tuple[Partition, ...], Manner]:
    mapping = preview(path, path.name).mapping
    manner = Manner(mapping, NOON, b"k" * 32, fill=foreseen_fill(mapping))
    return partitions_of(parts_of(path, path.name), apart=True), manner


def at_home(path: Path, folder: Path, classifier: Classifier, out: Path | None = None) -> str:
    """The workload by way of a local copy of the log, as JSON."""
    mapping = preview(path, path.name).mapping
    log = ingest(path, mapping, folder, name=path.name, now=NOON)
    queries, scores = folder / log.digest / QUERIES, folder / log.digest / "scores.parquet"
    score_log(queries, scores, classifier)
    placing = Placing(classifier, clusters=cluster_names(scores))
    if out is not None:
        write_sorted(queries, scores, placing, out)
    return to_json(build_workload(queries, scores, placing))


def lumpy(table: pa.Table) -> pa.Table:
    """The log with a run of rows that say nothing, texts in one part only, and times unsorted."""
    rows = table.to_pylist()
    for row in rows[340:680]:
        row.update(query=None, input_tokens=None, cached_tokens=None)
    for number, row in enumerate(rows[900:]):
        if number % 3:
            row["query"] = None
    rows[680:900] = reversed(rows[680:900])
    return pa.Table.from_pylist(rows, schema=table.schema)


LOGS: dict[str, Callable[[int], pa.Table]] = {
    "texts and segments": log_table,
    "texts without segments": lambda rows: log_table(rows, segments=False),
    "no texts": lambda rows: log_table(rows, texts=False),
    "a part without a usable row, and few texts": lambda rows: lumpy(log_table(rows)),
}


@pytest.mark.usefixtures("small_partitions")
@pytest.mark.parametrize("kind", LOGS)
def test_partitions_give_the_workload_of_a_local_copy(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path, LOGS[kind](2_000))
    partitions, manner = cut(path)
    assert [p.first_row for p in partitions] == [1, 341, 681, 1021, 1361, 1701]
    classifier = load_classifier()
    kept = tmp_path / "sorted.parquet"
    whole = at_home(path, tmp_path / "logs", classifier, kept)
    out = tmp_path / "out"
    found = sort_partitions(partitions, manner, classifier, HereEngine(), str(out))
    assert to_json(found) == whole
    assert found.cells["repeated_queries"].sum() > 50 or kind == "no texts"
    assert len(found.turns) > 5
    assert pq.read_table(out).equals(pq.read_table(kept))


@pytest.mark.usefixtures("small_partitions")
def test_a_long_log_is_kept_in_files_and_sorted_like_one_that_is_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, log_table(2_000))
    classifier = load_classifier()
    in_parts = at_home(path, tmp_path / "parts", classifier)
    (queries,) = (tmp_path / "parts").glob(f"*/{QUERIES}")
    assert len(query_files(queries)) == 6
    monkeypatch.setattr(cutting, "PARTITION_ROWS", 100_000)
    assert at_home(path, tmp_path / "whole", classifier) == in_parts
    facts = [
        next((tmp_path / where).glob("*/log.json")).read_text() for where in ("parts", "whole")
    ]
    assert facts[0] == facts[1]


@pytest.mark.usefixtures("small_partitions")
@pytest.mark.parametrize("rows", [500, 2_000])
@pytest.mark.parametrize("kind", LOGS)
def test_sorting_in_one_pass_is_scoring_and_then_summing_up(
    tmp_path: Path, kind: str, rows: int
) -> None:
    path = write(tmp_path, LOGS[kind](rows))
    classifier = load_classifier()
    apart = at_home(path, tmp_path / "logs", classifier)
    (folder,) = (place for place in (tmp_path / "logs").iterdir() if place.is_dir())
    scores = tmp_path / "again.parquet"
    seen: list[tuple[int, int]] = []
    once = sort_log(
        folder / QUERIES, scores, Placing(classifier), progress=lambda *both: seen.append(both)
    )
    assert to_json(once) == apart
    assert seen[-1][0] == seen[-1][1] > rows / 4
    (before,) = folder.glob("scores.parquet")
    assert pq.read_table(scores).equals(pq.read_table(before))


@pytest.mark.usefixtures("small_partitions")
def test_scores_that_were_there_before_a_cut_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, log_table(2_000))
    classifier = load_classifier()
    whole = at_home(path, tmp_path / "logs", classifier)
    (folder,) = (place for place in (tmp_path / "logs").iterdir() if place.is_dir())
    scores, read, calls = tmp_path / "again.parquet", Reader.read, 0

    class Cut(BaseException):
        pass

    def killed(self: Reader, batch: pa.RecordBatch) -> pa.RecordBatch:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise Cut
        return read(self, batch)

    monkeypatch.setattr(Reader, "read", killed)
    with pytest.raises(Cut):
        sort_log(folder / QUERIES, scores, Placing(classifier))
    (left,) = tmp_path.glob(".importing-again-*")
    assert len(list(left.glob("*.parquet"))) == 3
    assert to_json(sort_log(folder / QUERIES, scores, Placing(classifier))) == whole
    assert calls == 7, "three files were not read again"


@pytest.mark.usefixtures("small_partitions")
def test_a_log_of_which_no_row_can_be_used_is_refused(tmp_path: Path) -> None:
    table = log_table(900)
    failed = table.set_column(table.column_names.index("status"), "status", [["error"] * 900])
    partitions, manner = cut(write(tmp_path, failed))
    with pytest.raises(BadInput, match=r"^log: No row is a call that went well: 9\d\d of status"):
        sort_partitions(partitions, manner, load_classifier(), HereEngine(), name="log")


@pytest.mark.usefixtures("small_partitions")
def test_a_rule_sorts_partitions_as_it_sorts_a_log(tmp_path: Path) -> None:
    path = write(tmp_path, log_table(900))
    classifier = load_classifier().on("length")
    partitions, manner = cut(path)
    found = sort_partitions(partitions, manner, classifier, HereEngine())
    assert found.basis == "length"
    assert to_json(found) == at_home(path, tmp_path / "logs", classifier)


@pytest.mark.usefixtures("small_partitions")
def test_processes_of_their_own_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, log_table(1_200))
    classifier = load_classifier()
    alone = at_home(path, tmp_path / "alone", classifier)
    monkeypatch.setenv("TIERWISE_PROCESSES", "2")
    with kept_processes():
        assert at_home(path, tmp_path / "many", classifier) == alone


def test_small_logs_and_those_that_cannot_be_cut_are_one_partition(tmp_path: Path) -> None:
    path = write(tmp_path, log_table(400))
    (only,) = partitions_of(parts_of(path, path.name), apart=True)
    assert only.row_groups is None
    lines = tmp_path / "log.csv"
    lines.write_text("q\n" + "hello there\n" * 5)
    (only,) = partitions_of(parts_of(lines, lines.name), apart=True)
    assert only.row_groups is None
