"""Sorting a log on a Dask cluster: `--engine dask --scheduler ADDRESS`."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from core.commands.opening import mapping_of, named_files
from core.commands.telling import telling
from core.complexity.classifier import Classifier
from core.errors import BadInput
from core.logs.completion import foreseen_fill
from core.logs.containers.remote import is_remote
from core.logs.draft import Manner
from core.logs.partitions import partitions_of
from core.logs.parts import parts_of
from core.logs.preview import preview
from core.logs.privacy.identities import KEY_BYTES
from core.logs.sources.generic import GENERIC
from core.logs.sources.registry import source_of
from core.workload.dask_engine import DaskEngine, connect
from core.workload.partitioned import sort_partitions
from core.workload.workload import Workload


def add_engine_arguments(parser: ArgumentParser) -> None:
    """Where the work is done."""
    parser.add_argument(
        "--engine",
        choices=["local", "dask"],
        default="local",
        help="local: the cores of this machine (TIERWISE_PROCESSES says how many); dask: an "
        "existing cluster, for Parquet files that all its workers can reach",
    )
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="of the Dask cluster, such as tcp://10.0.0.5:8786"
    )


def sort_on_cluster(arguments: Namespace, classifier: Classifier) -> tuple[Workload, str]:
    """The workload of the log that the arguments name, and the log's source."""
    if not arguments.scheduler:
        raise BadInput(
            "there is no scheduler",
            where="--engine dask",
            remedy="Add --scheduler ADDRESS of a Dask cluster",
        )
    if arguments.work:
        raise BadInput("a cluster keeps no working copy", where="--work", remedy="Leave it out")
    if arguments.calibration:
        raise BadInput(
            "outcomes are learned from on one machine only",
            where="--calibration",
            remedy="Leave it out, or use --engine local",
        )
    with TemporaryDirectory(prefix="tierwise-") as folder:
        found, name = named_files(arguments.log, arguments.query, Path(folder))
        # As every worker may call it: they work in other folders.
        paths = [path.resolve() if isinstance(path, Path) else path for path in found]
        out = _out(arguments.out) if arguments.out else None
        mapping = mapping_of(preview(paths, name), arguments.map)
        log = parts_of(paths, name)
        source = source_of(mapping.source)
        if source.kind == "aggregate":
            raise BadInput(
                "this log is a summary, and single queries cannot be sorted",
                where=name,
                remedy="Export single calls",
            )
        if source.begun() is not source or log.asked or not all(p.can_be_cut for p in log.parts):
            raise BadInput(
                "a cluster reads Parquet files whose rows stand for themselves",
                where=name,
                remedy="Write the log as Parquet, or use --engine local",
            )
        manner = Manner(
            mapping,
            datetime.now(UTC),
            secrets.token_bytes(KEY_BYTES),
            fill=foreseen_fill(mapping) if source is GENERIC else None,
        )
        partitions = partitions_of(log, apart=True)
        client = connect(arguments.scheduler)
        try:
            with telling("on the cluster", "tasks") as progress:
                engine = DaskEngine(client, lambda words, done, total: progress(done, total))
                workload = sort_partitions(partitions, manner, classifier, engine, out, name=name)
        finally:
            client.close()  # type: ignore[no-untyped-call]
    return workload, source.id


def _out(words: str) -> str:
    """The folder for sorted rows as every worker may call it; BadInput where some lie already."""
    from fsspec.core import url_to_fs

    place = words.rstrip("/") if is_remote(words) else str(Path(words).resolve())
    system, path = url_to_fs(place)
    if system.glob(f"{path}/part-*"):
        raise BadInput(
            "there are sorted rows of an earlier run", where="--out", remedy="Name a new folder"
        )
    return place
