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
    if arguments.calibration:
        raise BadInput(
            "outcomes are learned from on one machine only",
            where="--calibration",
            remedy="Leave it out, or use --engine local",
        )
    with TemporaryDirectory(prefix="tierwise-") as folder:
        paths, name = named_files(arguments.log, arguments.query, Path(folder))
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
                out = str(arguments.out).rstrip("/") if arguments.out else None
                workload = sort_partitions(partitions, manner, classifier, engine, out)
        finally:
            client.close()  # type: ignore[no-untyped-call]
    return workload, source.id
