"""Runs of queries summed up, to be joined in their order."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.classifier import Classifier
from core.complexity.clusters import ranks
from core.complexity.rules import Basis
from core.complexity.scale import TIERS
from core.complexity.sorting import usual_tiers
from core.complexity.unlike import KINDS
from core.logs.gateway_cache import cache_hits
from core.logs.tokens import CHARS_PER_TOKEN
from core.workload.grid import bin_of
from core.workload.latencies import latency_counts
from core.workload.placing import SAFER, Placed, Placing
from core.workload.routing_rules import RoutingRule, bounds_of, first_fit
from core.workload.turns import (
    Ends,
    follow,
    no_ends,
    no_turns,
    summed_turns,
    turns_of,
)
from core.workload.workload import (
    EXAMPLES_PER_TIER,
    UNNAMED,
    Example,
    Workload,
    band_of,
    empty_workload,
    length_bin_of,
    merge,
)

EXAMPLE_CHARS: Final = 600
_AT_A_TIME: Final = 16  # summaries joined at once: pandas takes as long for two

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Summary:
    """The workload of a run of queries, and the ends of its conversations."""

    workload: Workload
    ends: Ends = field(default_factory=no_ends)


@dataclass(frozen=True)
class Sums:
    """How queries are summed up, the same for all of them.

    `key` is that of the hashes of customers, for rules that name one; `turns` says whether
    turns of conversations count.
    """

    placing: Placing
    rules: tuple[RoutingRule, ...] = ()
    key: bytes = b""
    turns: bool = False

    def of(self, queries: pa.RecordBatch, scores: pa.RecordBatch) -> Summary:
        """The summary of some queries beside what was read in them."""
        placed = self.placing.place(queries, scores)
        rows = pa.table(queries)
        classifier = self.placing.classifier
        return summarise(rows, placed, classifier, self.rules, key=self.key, turns=self.turns)

    def joined(self, parts: Sequence[Summary]) -> Summary:
        """The summary of runs of queries that follow one another."""
        return joined(parts)

    @property
    def topics(self) -> bool:
        """Whether the topics of the scores are wanted."""
        return self.placing.learned is not None


def joined_in_turn(summaries: Iterable[Summary]) -> Summary:
    """The summary of runs of queries that follow one another, few of them held at a time."""
    found = iter(summaries)
    whole = Summary(empty_workload())
    while some := list(islice(found, _AT_A_TIME)):
        whole = joined([whole, joined(some)])
    return whole


def joined(summaries: Sequence[Summary]) -> Summary:
    """The summary of runs of queries that follow one another, in their order.

    How they are grouped on the way makes no difference.
    """
    ends, turns = no_ends(), []
    for summary in summaries:
        more, ends = follow(ends, summary.ends)
        turns.append(more)
    workload = merge([summary.workload for summary in summaries])
    over_borders = summed_turns(pd.concat([workload.turns, *turns]))
    return Summary(replace(workload, turns=over_borders), ends)


def summarise(
    queries: pa.Table,
    placed: Placed,
    classifier: Classifier,
    rules: Sequence[RoutingRule] = (),
    *,
    key: bytes = b"",
    turns: bool = True,
) -> Summary:
    """The summary of some queries in the canonical schema, each at its place.

    `classifier.basis` says what the difficulties were read from. Without `turns` none are
    counted. `key` is that of the hashes of customers, for rules that name one.
    """
    ok = pc.equal(queries["status"], "ok").to_numpy(zero_copy_only=False)
    failed = int((~ok).sum())
    if failed:
        queries, placed = queries.filter(pa.array(ok)), placed.filter(ok)
    rule = first_fit(rules, queries, placed, key)
    hits = cache_hits(queries).to_numpy(zero_copy_only=False)  # they cost no plan anything
    input_tokens, cache_read, cache_write, output = (
        np.where(hits, 0, pc.fill_null(queries[name], 0).to_numpy())
        for name in ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")
    )
    cost, latency, feedback = (
        queries[name].to_numpy(zero_copy_only=False).astype(np.float64)
        for name in ("cost_usd", "latency_ms", "feedback")
    )
    costed = ~np.isnan(cost)
    latency = np.where(hits, np.nan, latency)  # and say nothing of a model's speed
    estimated = pc.or_(queries["input_estimated"], queries["output_estimated"])
    bins = bin_of(placed.difficulty)
    rows = pd.DataFrame(
        {
            "segment": placed.segment.to_pandas(),
            "model": pc.fill_null(queries["model"], UNNAMED).to_pandas(),
            "lever": placed.lever,
            "bin": bins,
            "rule": rule,
            "bound": bounds_of(rules, rule),
            "band": band_of(input_tokens),
            "queries": 1,
            "repeated_queries": (queries["attempt"].to_numpy() > 1).astype(np.int64),
            "input_tokens": input_tokens,
            "cache_read_tokens": cache_read,
            "cache_write_tokens": cache_write,
            "output_tokens": output,
            "estimated_queries": estimated.to_numpy().astype(np.int64),
            "costed_queries": costed.astype(np.int64),
            "cost_nusd": _whole(cost * 1e9),
            "uncosted_input_tokens": np.where(costed, 0, input_tokens),
            "uncosted_cache_read_tokens": np.where(costed, 0, cache_read),
            "uncosted_cache_write_tokens": np.where(costed, 0, cache_write),
            "uncosted_output_tokens": np.where(costed, 0, output),
            "latency_ms": _whole(latency),
            "latency_queries": (~np.isnan(latency)).astype(np.int64),
            "feedback_milli": _whole(feedback * 1e3),
            "feedback_queries": (~np.isnan(feedback)).astype(np.int64),
        }
    )
    lengths = rows[["lever", "bin", "queries", "input_tokens", "output_tokens"]].assign(
        length=length_bin_of(_lengths(queries, classifier.basis))
    )
    times = pc.min_max(queries["time"]).as_py() if len(queries) else {"min": None, "max": None}
    within, ends = no_turns(), no_ends()
    if turns:
        within, ends = turns_of(queries["session"].combine_chunks(), bins, cache_read)
    part = Workload(
        cells=rows,
        lengths=lengths,
        examples=tuple(_examples(queries, placed, classifier)),
        first_time=times["min"],
        last_time=times["max"],
        failed=failed,
        unlike=_unlike(placed),
        basis=classifier.basis,
        turns=within,
        latencies=latency_counts(pc.fill_null(queries["model"], UNNAMED), latency),
    )
    return Summary(merge([part]), ends)


def _unlike(placed: Placed) -> Counter[str]:
    counts = np.bincount(placed.unlike, minlength=len(KINDS))
    return Counter({KINDS[kind]: int(counts[kind]) for kind in SAFER if counts[kind]})


def _lengths(queries: pa.Table, basis: Basis) -> npt.NDArray[np.int64]:
    """Characters per query; without text, where no length was kept, those of its input tokens."""
    chars = np.asarray(queries["text_chars"].to_numpy(), dtype=np.int64)
    if basis != "size":
        return chars
    tokens = pc.fill_null(queries["input_tokens"], 0).to_numpy()
    return _whole(np.where(chars > 0, chars, tokens * CHARS_PER_TOKEN))


def _whole(values: Floats) -> npt.NDArray[np.int64]:
    """Rounded whole numbers, 0 where the value is missing."""
    return np.rint(np.nan_to_num(values, nan=0.0)).astype(np.int64)


def _examples(queries: pa.Table, placed: Placed, classifier: Classifier) -> list[Example]:
    """The lowest-ranked queries of each tier, as if drawn: the same in whatever order they come.

    The rank is a number that costs little; of the lowest a digest of all that is shown decides.
    """
    snapped = placed.binned()
    codes = usual_tiers(classifier, snapped.difficulty, snapped.lever)
    has_text = queries["text"].is_valid().to_numpy()
    number = ranks(queries["request_id"].combine_chunks()) ^ ranks(queries["text"].combine_chunks())
    found: list[Example] = []
    for code, tier in enumerate(TIERS):
        places = np.flatnonzero((codes == code) & has_text)
        if len(places) > EXAMPLES_PER_TIER:
            highest = np.partition(number[places], EXAMPLES_PER_TIER - 1)[EXAMPLES_PER_TIER - 1]
            places = places[number[places] <= highest]
        here = pa.array(places)
        shown = _shown(queries.take(here), placed.segment.take(here))
        # Ids repeat in some logs. Rows that tie here are alike, so it is no matter which one stays.
        ranked = sorted(
            (f"{number[place]:08x}{_digest(*row)}", float(placed.difficulty[place]), index)
            for index, (row, place) in enumerate(zip(shown, places, strict=True))
        )
        for rank, level, index in ranked[:EXAMPLES_PER_TIER]:
            request_id, segment, model, text = shown[index]
            found.append(Example(request_id, segment, model, text, level, tier, rank))
    return found


def _shown(queries: pa.Table, segment: pa.Array) -> list[tuple[str, str, str, str]]:
    """What an example shows of each query: its id, segment, model and the head of its text."""
    columns = [
        queries["request_id"],
        segment,
        pc.fill_null(queries["model"], UNNAMED),
        pc.utf8_slice_codeunits(queries["text"], 0, EXAMPLE_CHARS),
    ]
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


def _digest(*words: str) -> str:
    return hashlib.blake2b(json.dumps(words).encode(), digest_size=8).hexdigest()
