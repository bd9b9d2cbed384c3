"""A workload seen by place: what each costs today and would cost on any other model."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from core.catalog.model import Model
from core.routing.answer_times import AnswerTimes, answer_times
from core.routing.warmth import Conversation, conversation_of, nobody
from core.workload.grid import PLACES
from core.workload.pricing import Names
from core.workload.spend import monthly_factor, spend_today
from core.workload.windows import NO_WINDOWS, Windows, within_windows
from core.workload.workload import Workload, sum_by_place

Floats = npt.NDArray[np.float64]

# Retries make a few calls in a hundred; a log with twice as many calls as asks is of an agent,
# whose every step repeats the ask.
MOST_RETRIED: Final = 2.0

TOKENS: Final = ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")


@dataclass(frozen=True)
class Stream:
    """The traffic of one logged model, per place (arrays of shape (PLACES,)), per month."""

    name: str  # as logged
    model: Model
    queries: Floats
    input_tokens: Floats
    cache_read_tokens: Floats  # of the input
    cache_write_tokens: Floats  # of the input, apart from those read
    output_tokens: Floats
    usd: Floats  # what it costs today


@dataclass(frozen=True)
class Traffic:
    """All logged traffic that has a known model and a known cost, per month.

    Queries without either are left out of both sides of every comparison: `left_out_share` is
    their share of the log's queries.
    """

    streams: tuple[Stream, ...]
    queries: Floats  # per place, all streams
    log_queries: int  # queries in the log behind these streams, for sampling error
    left_out_share: float
    left_out_models: tuple[str, ...]  # left out wholly or in part
    calls_per_answer: float = 1.0  # as logged: 1 where no call repeats an ask
    conversation: Conversation = field(default_factory=nobody)
    failed_share: float = 0.0  # of all calls: those that failed or were cancelled
    times: AnswerTimes | None = None  # where the log says how long answers took

    @property
    def monthly_usd(self) -> float:
        """What the traffic costs today, USD per month."""
        return float(sum(s.usd.sum() for s in self.streams))

    @property
    def cached_share(self) -> float:
        """The share of input tokens that are read from the cache, as logged."""
        read = sum(float(s.cache_read_tokens.sum()) for s in self.streams)
        given = sum(float(s.input_tokens.sum()) for s in self.streams)
        return read / given if given else 0.0

    @property
    def output_per_query(self) -> float:
        """Mean output tokens of a query, as logged."""
        written = sum(float(s.output_tokens.sum()) for s in self.streams)
        return written / self.monthly_queries if self.monthly_queries else 0.0

    @property
    def monthly_queries(self) -> float:
        """Queries per month."""
        return float(self.queries.sum())

    def usd_by_place(self) -> Floats:
        """Today's cost per place, USD per month, shape (PLACES,)."""
        return np.sum([s.usd for s in self.streams], axis=0) if self.streams else np.zeros(PLACES)


def traffic_of(
    workload: Workload,
    names: Names,
    monthly_queries: float | None = None,
    windows: Windows = NO_WINDOWS,
) -> Traffic:
    """The traffic of a workload, with each logged model name resolved by `names`.

    `monthly_queries` scales it, when the log is a sample of the month's traffic. `windows` are
    those of a plan's models: what is too long for a tier is bound to others.
    """
    workload = within_windows(workload, windows)
    cells = workload.cells
    usd = spend_today(workload, names).usd
    factor = monthly_factor(workload, monthly_queries)
    streams: list[Stream] = []
    left_out: list[str] = []
    kept = 0
    for name in cells["model"].unique():
        model = names.get(name)
        named = (cells["model"] == name).to_numpy()
        here = named & ~np.isnan(usd)
        if model is None or not here[named].all():
            left_out.append(str(name))
        if model is None or not here.any():
            continue
        rows = cells[here].assign(usd=usd[here])
        kept += int(rows["queries"].sum())
        sums = [sum_by_place(rows, column) * factor for column in ("queries", *TOKENS, "usd")]
        streams.append(Stream(str(name), model, *sums))
    total = workload.queries
    return Traffic(
        streams=tuple(streams),
        queries=np.sum([s.queries for s in streams], axis=0) if streams else np.zeros(PLACES),
        log_queries=kept,
        left_out_share=1 - kept / total if total else 0.0,
        left_out_models=tuple(left_out),
        calls_per_answer=_calls_per_answer(workload),
        conversation=conversation_of(workload),
        times=answer_times(workload, names),
        failed_share=workload.failed / (total + workload.failed) if workload.failed else 0.0,
    )


def _calls_per_answer(workload: Workload) -> float:
    """Calls per ask as logged; 1 where most asks take more than one: those are steps of a task."""
    repeated = int(workload.cells["repeated_queries"].sum())
    first = workload.queries - repeated
    calls = workload.queries / first if first > 0 else 1.0
    return calls if calls <= MOST_RETRIED else 1.0
