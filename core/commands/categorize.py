"""`tierwise categorize LOG`: sorts the queries into simple, medium and complex."""

from __future__ import annotations

import time
from argparse import ArgumentParser, Namespace
from pathlib import Path

from core.catalog.catalogue import load_catalogue
from core.commands.clustered import add_engine_arguments, sort_on_cluster
from core.commands.opening import OpenLog, add_log_arguments, open_log
from core.commands.result import Json, Result
from core.commands.sorting import (
    add_sorting_arguments,
    learned_json,
    learned_words,
    sort_queries,
)
from core.commands.writing import writing
from core.complexity.classifier import Classifier, load_classifier
from core.complexity.learned import Learned
from core.errors import BadInput
from core.logs.containers.remote import is_remote
from core.workload.grains import basis_cautions, basis_words, need_requests, unlike_cautions
from core.workload.notes import Notes, resolve_names
from core.workload.sorted_file import write_sorted
from core.workload.spend import spend_today
from core.workload.tiers import NUDGE, tier_shares, usual_cuts_by_lever
from core.workload.workload import Workload


def add_arguments(parser: ArgumentParser) -> None:
    """The log, and where to write the sorted queries."""
    add_log_arguments(parser)
    add_sorting_arguments(parser)
    add_engine_arguments(parser)
    parser.add_argument(
        "--out",
        metavar="FILE.parquet",
        help="one row per query; of a cluster a folder, or its URL, with a file per partition",
    )
    parser.add_argument(
        "--work",
        type=Path,
        metavar="FOLDER",
        help="keep the working copy there: what was cut off goes on after its last whole part",
    )


def run(arguments: Namespace) -> Result:
    """Shares by tier, by count and by spend, and the file with one row per query."""
    began = time.perf_counter()
    classifier = load_classifier().on(arguments.by)
    learned: Learned | None = None
    if arguments.engine == "dask":
        workload, source = sort_on_cluster(arguments, classifier)
    else:
        if arguments.scheduler:
            raise BadInput(
                "a scheduler is for a cluster", where="--scheduler", remedy="Add --engine dask"
            )
        if arguments.out and is_remote(arguments.out):
            raise BadInput(
                "one machine writes to a file of its own",
                where="--out",
                remedy="Name a path, or use --engine dask",
            )
        with open_log(arguments) as opened:
            need_requests(opened.log)
            out = Path(arguments.out) if arguments.out else None
            workload, learned = _sort(opened, classifier, arguments.calibration, out)
            source = opened.log.source
    classifier = classifier.on(workload.basis)
    names = resolve_names(workload.models, load_catalogue(), Notes(), source)
    usd = spend_today(workload, names).usd
    shares = tier_shares(workload, usd, usual_cuts_by_lever(classifier))
    cautions = [*basis_cautions(classifier, workload.basis), *unlike_cautions(workload)]
    seconds = time.perf_counter() - began
    queries = sum(s.queries for s in shares)
    tiers: dict[str, Json] = {
        s.tier: {"count": s.queries, "share": s.share, "spend_share": s.spend_share} for s in shares
    }
    words = [f"{queries:,} queries in {seconds:.1f} s, {basis_words(workload.basis)}:"]
    for s in shares:
        spend = f", {s.spend_share:.0%} of spend" if s.spend_share is not None else ""
        words.append(
            f"  {s.tier:8} {s.queries:>9,}  {s.share:.0%} ({s.low:.0%}-{s.high:.0%}){spend}"
        )
    words.append(f"In brackets: were the log {NUDGE:g} logits easier or harder than it looks.")
    if not learned:
        words.append(
            f"Logs of a new kind have been off by {classifier.log_sd:.1f} logits (one sd); own "
            "outcomes settle it."
        )
    words += cautions
    if learned:
        words += learned_words(learned)
    return Result(
        {
            "queries": queries,
            "tiers": tiers,
            "classifier": {
                "version": classifier.version,
                "digest": classifier.digest,
                "basis": workload.basis,
            },
            "learned": learned_json(learned),
            "unlike": dict(workload.unlike),
            "seconds": round(seconds, 3),
            "warnings": list(cautions),
        },
        tuple(words),
    )


def _sort(
    opened: OpenLog, classifier: Classifier, calibration: Path | None, out: Path | None
) -> tuple[Workload, Learned | None]:
    found = sort_queries(opened, classifier, calibration)
    if out:
        with writing(out):
            write_sorted(opened.queries, found.scores, found.placing, out)
    return found.workload, found.placing.learned
