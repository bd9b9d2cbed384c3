"""A workload seen by place: what each costs today and would cost on any other model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.catalog.model import Model
from core.workload.grid import PLACES
from core.workload.pricing import Names
from core.workload.spend import monthly_factor, spend_today
from core.workload.workload import Workload, sum_by_place

Floats = npt.NDArray[np.float64]

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

    @property
    def monthly_usd(self) -> float:
        """What the traffic costs today, USD per month."""
        return float(sum(s.usd.sum() for s in self.streams))

    @property
    def monthly_queries(self) -> float:
        """Queries per month."""
        return float(self.queries.sum())

    def usd_by_place(self) -> Floats:
        """Today's cost per place, USD per month, shape (PLACES,)."""
        return np.sum([s.usd for s in self.streams], axis=0) if self.streams else np.zeros(PLACES)

    def usd_on(self, model: Model, *, cache_kept: float) -> Floats:
        """The cost per place if `model` answered everything, USD per month, without fixed costs.

        Queries that it answers today go on costing what they cost today. For the others the
        token counts stay, and the share `cache_kept` of cached input stays cached: a new
        model starts with a cold cache. What is written to the cache is written to its own.
        """
        usd = np.zeros(PLACES)
        for s in self.streams:
            usd += s.usd if s.model.id == model.id else _usd(model, s, cache_kept)
        return usd


def traffic_of(workload: Workload, names: Names, monthly_queries: float | None = None) -> Traffic:
    """The traffic of a workload, with each logged model name resolved by `names`.

    `monthly_queries` scales it, when the log is a sample of the month's traffic.
    """
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
    )


def usd_of(traffic: Traffic, model: Model) -> float:
    """The cost if one model answered everything with a cold cache: USD per month, rent included."""
    return float(traffic.usd_on(model, cache_kept=0.0).sum()) + model.fixed_monthly_usd


def _usd(model: Model, stream: Stream, cache_kept: float) -> Floats:
    if model.price is None:  # self-hosted: paid by the month, not by the token
        return np.zeros(PLACES)
    return model.price.cost_usd(
        stream.input_tokens,
        stream.cache_read_tokens * cache_kept,
        stream.output_tokens,
        stream.cache_write_tokens,
    )
