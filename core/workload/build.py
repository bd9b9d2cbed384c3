"""From a log to its workload."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.logs.query_file import query_files
from core.workers import in_processes
from core.workload.placing import Placing
from core.workload.reader import STOPPED, reader_of
from core.workload.routing_rules import RoutingRule, customer_key
from core.workload.scores import scored_batches, scored_sums
from core.workload.seen import on_scores
from core.workload.summing import Summary, Sums, joined, joined_in_turn
from core.workload.turns import has_cached_tokens
from core.workload.workload import Workload


def build_workload(
    queries: Path,
    scores: Path,
    placing: Placing,
    rules: Sequence[RoutingRule] = (),
    *,
    stop: Callable[[], bool] = lambda: False,
) -> Workload:
    """The workload of a scored log, each query where `placing` puts it and bound by `rules`.

    Raises Cancelled when `stop()` turns true.
    """
    sums = _sums(queries, on_scores(placing, scores), rules)
    files = zip(query_files(queries), query_files(scores), strict=True)
    jobs = [_Job(queries, scores, sums) for queries, scores in files]
    done = in_processes(_summed, jobs, stop=stop, stopped=STOPPED)
    return joined_in_turn(summary for _, summary in done).workload


def sort_log(
    queries: Path,
    scores: Path,
    placing: Placing,
    rules: Sequence[RoutingRule] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Workload:
    """The workload of a log that is not scored yet, with its scores written on the way.

    The same as `score_log` and then `build_workload`, but each text is read once. `placing`
    has learned nothing, since that takes scores; its classifier says what to read by.
    """
    reader = reader_of(queries, placing.classifier, stop)
    names = reader.clusters.names if reader.clusters else ()
    placing = replace(placing, classifier=reader.classifier, clusters=names)
    sums = _sums(queries, placing, rules)
    found = scored_sums(queries, scores, reader, sums, progress=progress, stop=stop)
    return joined_in_turn(summary for summary in found if summary is not None).workload


def _sums(queries: Path, placing: Placing, rules: Sequence[RoutingRule]) -> Sums:
    key = customer_key(rules, queries)
    return Sums(placing, tuple(rules), key, turns=has_cached_tokens(queries))


@dataclass(frozen=True)
class _Job:
    queries: Path
    scores: Path
    sums: Sums


def _summed(job: _Job) -> Summary:
    """The summary of one file of queries."""
    batches = scored_batches(job.queries, job.scores, topics=job.sums.topics)
    return joined([job.sums.of(*batch) for batch in batches])
