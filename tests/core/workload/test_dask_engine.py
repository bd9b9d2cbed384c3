"""A real Dask cluster on this machine: the same workload, also when a worker is killed."""

import json
import os
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.commands.main import main
from core.complexity.classifier import load_classifier
from core.errors import BadInput
from core.workload.dask_engine import DaskEngine, connect
from core.workload.partitioned import sort_partitions
from core.workload.workload import to_json

from .test_partitioned import HereEngine, cut, log_table, small_partitions, write

__all__ = ["small_partitions"]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a cluster with two workers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import LocalCluster

        with LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50
        ) as cluster:
            yield cluster.scheduler_address


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("small_partitions")
def test_a_cluster_gives_the_same_workload_though_a_worker_is_killed(
    tmp_path: Path, scheduler: str
) -> None:
    path = write(tmp_path, log_table(2_000))
    partitions, manner = cut(path)
    classifier = load_classifier()
    here = sort_partitions(partitions, manner, classifier, HereEngine())
    killed: list[int] = []
    client = connect(scheduler)

    def kill_one(words: str, done: int, total: int) -> None:
        if words == "sorted" and not killed:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    try:
        engine = DaskEngine(client, kill_one)
        found = sort_partitions(partitions, manner, classifier, engine, str(tmp_path / "out"))
    finally:
        client.close()
    assert killed
    assert to_json(found) == to_json(here)
    assert len(list((tmp_path / "out").glob("part-*.parquet"))) == len(partitions)


@pytest.mark.filterwarnings("ignore")
def test_an_error_on_a_worker_is_the_one_that_a_person_reads(
    tmp_path: Path, scheduler: str
) -> None:
    path = write(tmp_path, log_table(400))
    partitions, manner = cut(path)
    path.unlink()
    client = connect(scheduler)
    try:
        with pytest.raises(BadInput, match="No such file"):
            sort_partitions(partitions, manner, load_classifier(), DaskEngine(client))
    finally:
        client.close()


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.workload.dask_engine.TIMEOUT_SECONDS", 0.5)
    with pytest.raises(BadInput, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        connect("tcp://127.0.0.1:9")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("small_partitions")
def test_the_command_gives_the_same_shares_on_the_cluster(
    tmp_path: Path, scheduler: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, log_table(900))
    found = []
    for words in (["--engine", "dask", "--scheduler", scheduler], []):
        assert main(["categorize", f"file://{path}", "--json", *words]) == 0
        found.append(json.loads(capsys.readouterr().out))
    for one in found:
        del one["seconds"]
    assert found[0] == found[1]
    assert found[0]["queries"] > 550


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "there is no scheduler"),
        (["--scheduler", "tcp://127.0.0.1:9", "--calibration", "x.csv"], "on one machine only"),
        (["--scheduler", "tcp://127.0.0.1:9"], "reads Parquet files"),
        (["--scheduler", "tcp://127.0.0.1:9", "--work", "w"], "keeps no working copy"),
        (["--scheduler", "tcp://127.0.0.1:9", "--out", "."], "of an earlier run"),
    ],
)
def test_what_a_cluster_cannot_do_is_said_in_one_line(
    words: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "log.csv"
    path.write_text("query\nhello there\n")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "part-00000.parquet").touch()
    assert main(["categorize", str(path), "--engine", "dask", *words]) == 2
    shown = capsys.readouterr().err
    assert said in shown and shown.count("\n") == 1
