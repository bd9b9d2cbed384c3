# ruff: noqa: T201 - a benchmark prints
"""A Dask cluster of two workers beside one of one worker and beside this machine's own cores.

Run `python -m tests.bench.cluster` (five minutes; `--quick` one). Every cluster lives in a fresh
process: its scheduler, its workers of one thread each, and what asks them, which is
`tierwise categorize --engine dask`. Then the workloads themselves are compared to the last bit,
also when one of two workers is killed with half of the log sorted.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from core.complexity.classifier import load_classifier
from core.logs.completion import foreseen_fill
from core.logs.draft import Manner
from core.logs.ingest import ingest
from core.logs.log import QUERIES, log_folder
from core.logs.partitions import partitions_of
from core.logs.parts import parts_of
from core.logs.preview import preview
from core.workers import kept_processes
from core.workload.build import build_workload
from core.workload.dask_engine import DaskEngine, connect
from core.workload.partitioned import sort_partitions
from core.workload.placing import Placing
from core.workload.scores import cluster_names, score_log
from core.workload.workload import Workload, to_json
from tests.bench.figures import Figure, keep, words_of
from tests.bench.measured import TIERWISE, Measured, of_command, of_function
from tests.bench.million import write_parquet

ROWS: Final = 1_000_000
QUICK: Final = 210_000  # three partitions: up to 200,000 rows are one
NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)


@contextmanager
def cluster(workers: int) -> Iterator[str]:
    """The address of a scheduler with so many workers, all of which have read the classifier."""
    from distributed import LocalCluster

    warnings.simplefilter("ignore")
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=50
    ) as found:
        connect(found.scheduler_address).close()  # a cluster that stands has Tierwise imported
        yield str(found.scheduler_address)


def by_command(file: str, workers: int) -> dict[str, Any]:
    """Seconds of the command on so many workers, and what it printed."""
    with cluster(workers) as address:
        words = ["categorize", file, "--json", "--engine", "dask", "--scheduler", address]
        began = time.perf_counter()
        told = subprocess.run([*TIERWISE, *words], check=True, capture_output=True).stdout
        return {"seconds": time.perf_counter() - began, "told": json.loads(told)}


def workload_here(file: str, home: str) -> str:
    """The digest of a log's workload by way of a working copy, on all cores."""
    path, folder = Path(file), Path(home)
    classifier = load_classifier()
    with kept_processes():
        mapping = preview(path, path.name).mapping
        log = ingest(path, mapping, folder, name=path.name, now=NOON)
        queries = log_folder(folder, log.digest) / QUERIES
        scores = queries.with_name("scores.parquet")
        score_log(queries, scores, classifier)
        placing = Placing(classifier, clusters=cluster_names(scores))
        return _digest(build_workload(queries, scores, placing))


def workload_there(file: str, kill: bool) -> dict[str, Any]:
    """Seconds and the digest of a log's workload on two workers, one of them killed or not."""
    path = Path(file)
    mapping = preview(path, path.name).mapping
    manner = Manner(mapping, NOON, secrets.token_bytes(32), fill=foreseen_fill(mapping))
    partitions = partitions_of(parts_of(path, path.name), apart=True)
    killed: list[int] = []
    with cluster(2) as address:
        client = connect(address)

        def kill_one(words: str, done: int, total: int) -> None:
            if kill and not killed and words == "sorted" and done >= total / 2:
                killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        began = time.perf_counter()
        engine = DaskEngine(client, kill_one)
        found = sort_partitions(partitions, manner, load_classifier(), engine)
        seconds = time.perf_counter() - began
        client.close()  # type: ignore[no-untyped-call]
    return {"seconds": seconds, "digest": _digest(found), "killed": len(killed)}


def _digest(workload: Workload) -> str:
    return hashlib.sha256(to_json(workload).encode()).hexdigest()


def figures(rows: int) -> list[Figure]:
    """Headlines of a log of so many rows."""
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "log.parquet")
        write_parquet(Path(file), rows)
        local = of_command([*TIERWISE, "categorize", file, "--json"])
        runs = {n: of_function(by_command, file, n) for n in (1, 2)}
        digest = of_function(workload_here, file, str(Path(folder) / "home")).result
        whole, lost = (of_function(workload_there, file, kill) for kill in (False, True))
    for found in runs.values():
        for part in ("tiers", "warnings"):
            assert found.result["told"][part] == local.result[part], f"{part} as without a cluster"
        assert found.result["told"]["classifier"] == local.result["classifier"], "the same basis"
    assert whole.result["digest"] == lost.result["digest"] == digest, "the same workload"
    assert lost.result["killed"] == 1, "a worker was killed"
    tell(rows, {"tierwise, all cores": (local.seconds, local)}, runs, whole, lost)
    one, two = (runs[n].result["seconds"] for n in (1, 2))
    name = f"categorize {rows:,} queries on Dask, two workers"
    halves, full = lost.result["seconds"], whole.result["seconds"]
    return [
        Figure(name, two, "s", f"one worker: {one:,.2f} s", two / one),
        Figure(
            name, two, "s", f"no cluster, all cores: {local.seconds:,.2f} s", two / local.seconds
        ),
        Figure(
            f"{name}, one killed half-way", halves, "s",
            f"none killed: {full:,.2f} s, the same workload", halves / full,
        ),
    ]  # fmt: skip


def tell(
    rows: int,
    here: dict[str, tuple[float, Measured]],
    runs: dict[int, Measured],
    whole: Measured,
    lost: Measured,
) -> None:
    """A line per run."""
    one = runs[1].result["seconds"]
    lines = here | {
        "dask, one worker": (one, runs[1]),
        "dask, two workers": (runs[2].result["seconds"], runs[2]),
        "dask, two workers, from Python": (whole.result["seconds"], whole),
        "the same, one worker killed": (lost.result["seconds"], lost),
    }
    print(f"{rows:,} rows; memory is resident, of all processes together, scheduler included")
    print(f"{'':34}{'seconds':>9}{'queries/s':>12}{'speed-up':>10}{'peak MB':>9}")
    for name, (seconds, found) in lines.items():
        print(
            f"{name:34}{seconds:9.2f}{rows / seconds:12,.0f}{one / seconds:10.2f}"
            f"{found.peak_mb:9,.0f}"
        )
    print("Tiers, basis and workload are the same in all runs.")


def main() -> None:
    """A log of a million rows, or of so many."""
    words = words_of(__doc__)
    words.add_argument("--rows", type=int)
    said = words.parse_args()
    keep(figures(said.rows or (QUICK if said.quick else ROWS)), said.json)


if __name__ == "__main__":
    main()
