"""A small, mergeable summary of scored queries: all that planning ever reads."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Final, cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.complexity.rules import BASES, Basis
from core.complexity.scale import NEUTRAL, TIERS, Tier
from core.errors import BadInput
from core.workload.grid import BIN_WIDTH, BINS, LOWEST, PLACES, places_of
from core.workload.latencies import no_latencies, summed_latencies
from core.workload.placing import UNNAMED as UNNAMED
from core.workload.turns import no_turns, summed_turns

# Prompt length is cut into bins of half an octave, for the prompt-length control.
LENGTH_BINS: Final = 40

EXAMPLES_PER_TIER: Final = 12

# Input tokens are counted between these, so that plans respect context windows.
WINDOW_EDGES: Final = (
    2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 200_000, 256_000, 400_000, 500_000,
    1_000_000, 2_000_000,
)  # fmt: skip

CELL_KEYS: Final = ["segment", "model", "lever", "bin", "rule", "bound", "band"]
SUMS: Final = [
    "queries",
    "repeated_queries",  # a further attempt at the same ask
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "estimated_queries",  # at least one token count was estimated
    "costed_queries",  # the log states the cost
    "cost_nusd",  # logged cost in billionths of a dollar: whole numbers add up exactly
    "uncosted_input_tokens",
    "uncosted_cache_read_tokens",
    "uncosted_cache_write_tokens",
    "uncosted_output_tokens",
    "latency_ms",
    "latency_queries",
    "feedback_milli",
    "feedback_queries",
]
LATER: Final = [  # not in old files
    "cache_write_tokens", "uncosted_cache_write_tokens", "repeated_queries",
    "rule", "bound", "band",
]  # fmt: skip
LENGTH_KEYS: Final = ["length", "lever", "bin"]
LENGTH_SUMS: Final = ["queries", "input_tokens", "output_tokens"]


@dataclass(frozen=True)
class Example:
    """One redacted query, kept so that people see what a tier is made of."""

    request_id: str
    segment: str
    model: str
    text: str
    difficulty: float
    tier: Tier
    rank: str  # a digest of id, segment, model and text: a random order, always the same


@dataclass(frozen=True)
class Workload:
    """Counts and sums per (segment, model, lever, bin, rule, bound, band), with a few examples.

    `rule` numbers the routing rule that fits, from 1, and `bound` what it leaves (see `grid.py`);
    `band` is the place of the input tokens between WINDOW_EDGES. `turns` and `latencies` are
    small tables of their own (`turns.py`, `latencies.py`).

    `cells` has CELL_KEYS and SUMS as columns, one row per key that occurs, sorted by key;
    `lengths` has LENGTH_KEYS and LENGTH_SUMS. All sums are whole numbers, so merging in any
    order gives exactly the same workload.
    """

    cells: pd.DataFrame
    lengths: pd.DataFrame
    examples: tuple[Example, ...]
    first_time: datetime | None
    last_time: datetime | None
    failed: int  # calls that failed or were cancelled: counted, but not planned for
    unlike: Counter[str] = field(default_factory=Counter)  # queries by what is strange in them
    basis: Basis = "text"  # what the difficulties were read from; "size" is the rougher reading
    turns: pd.DataFrame = field(default_factory=no_turns)
    latencies: pd.DataFrame = field(default_factory=no_latencies)

    @property
    def queries(self) -> int:
        """Number of queries summed up."""
        return int(self.cells["queries"].sum())

    @property
    def models(self) -> list[str]:
        """The logged model names, UNNAMED for queries without one."""
        return [str(name) for name in self.cells["model"].unique()]

    @property
    def days(self) -> float | None:
        """Days between the first and the last query; None under an hour or without times."""
        if self.first_time is None or self.last_time is None:
            return None
        days = (self.last_time - self.first_time).total_seconds() / 86_400
        return days if days >= 1 / 24 else None

    def by_bin(self) -> npt.NDArray[np.float64]:
        """Number of queries per difficulty bin, whatever their lever, shape (BINS,)."""
        return np.asarray(self.by_place().reshape(-1, BINS).sum(axis=0), dtype=np.float64)

    def by_place(self) -> npt.NDArray[np.float64]:
        """Number of queries per place, shape (PLACES,)."""
        return sum_by_place(self.cells, "queries")


def places(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """The place on the grid of each row of cells or lengths; lengths know no rules."""
    bound = rows["bound"].to_numpy() if "bound" in rows else np.zeros(len(rows), dtype=np.int64)
    return places_of(bound, rows["lever"].to_numpy(), rows["bin"].to_numpy())


def sum_by_place(cells: pd.DataFrame, column: str) -> npt.NDArray[np.float64]:
    """The sum of one column of cells per place, shape (PLACES,)."""
    values = cells[column].to_numpy()
    return np.bincount(places(cells), weights=values, minlength=PLACES).astype(np.float64)


def band_of(input_tokens: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The place of each count of input tokens between WINDOW_EDGES; an edge is still below."""
    return np.searchsorted(WINDOW_EDGES, input_tokens, side="left").astype(np.int64)


def length_bin_of(characters: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The length bin (0..LENGTH_BINS-1) of each prompt, half an octave wide."""
    bins = np.floor(2 * np.log2(np.maximum(characters, 1))).astype(np.int64)
    return np.asarray(np.clip(bins, 0, LENGTH_BINS - 1), dtype=np.int64)


def empty_workload() -> Workload:
    """The workload of no queries: what merging starts from."""
    cells = pd.DataFrame({key: pd.Series(dtype="str") for key in ("segment", "model")})
    for column in [*CELL_KEYS[2:], *SUMS]:
        cells[column] = pd.Series(dtype="int64")
    lengths = pd.DataFrame({c: pd.Series(dtype="int64") for c in [*LENGTH_KEYS, *LENGTH_SUMS]})
    return Workload(cells, lengths, (), None, None, 0)


def merge(workloads: Sequence[Workload]) -> Workload:
    """One workload for all of them; the order and the grouping make no difference."""
    if not workloads:
        return empty_workload()
    cells = pd.concat([w.cells for w in workloads])
    lengths = pd.concat([w.lengths for w in workloads])
    firsts = [w.first_time for w in workloads if w.first_time]
    lasts = [w.last_time for w in workloads if w.last_time]
    return Workload(
        cells=cells.groupby(CELL_KEYS, as_index=False, sort=True)[SUMS].sum(),
        lengths=lengths.groupby(LENGTH_KEYS, as_index=False, sort=True)[LENGTH_SUMS].sum(),
        examples=_fewest(e for w in workloads for e in w.examples),
        first_time=min(firsts, default=None),
        last_time=max(lasts, default=None),
        failed=sum(w.failed for w in workloads),
        unlike=sum((w.unlike for w in workloads), Counter()),
        basis=next((w.basis for w in workloads if w.basis != "text"), "text"),
        turns=summed_turns(pd.concat([w.turns for w in workloads])),
        latencies=summed_latencies(pd.concat([w.latencies for w in workloads])),
    )


def without_examples(workload: Workload) -> Workload:
    """The same workload with no query text at all."""
    return replace(workload, examples=())


def to_json(workload: Workload) -> str:
    """The workload as JSON text; `from_json` gives the same workload back."""
    return json.dumps(
        {
            "format": 1,
            "bin_width": BIN_WIDTH,
            "lowest": LOWEST,
            "cells": workload.cells.to_dict(orient="list"),
            "lengths": workload.lengths.to_dict(orient="list"),
            "examples": [asdict(e) for e in workload.examples],
            "first_time": workload.first_time.isoformat() if workload.first_time else None,
            "last_time": workload.last_time.isoformat() if workload.last_time else None,
            "failed": workload.failed,
            "unlike": dict(sorted(workload.unlike.items())),
            "basis": workload.basis,
            "turns": workload.turns.to_dict(orient="list"),
            "latencies": workload.latencies.to_dict(orient="list"),
        }
    )


def from_json(text: str) -> Workload:
    """The workload in JSON text written by `to_json`; BadInput when it is of another format."""
    try:
        found = json.loads(text)
        if (found["format"], found["bin_width"], found["lowest"]) != (1, BIN_WIDTH, LOWEST):
            raise ValueError("another format")
        empty = empty_workload()
        none = [0] * len(found["cells"]["bin"])
        later = {name: found["cells"].get(name, none) for name in LATER}
        later["lever"] = found["cells"].get("lever", [NEUTRAL] * len(none))
        cells = pd.DataFrame(found["cells"] | later, columns=empty.cells.columns)
        neutral = {"lever": [NEUTRAL] * len(found["lengths"]["bin"])}
        lengths = pd.DataFrame(neutral | found["lengths"], columns=empty.lengths.columns)
        times = [found["first_time"], found["last_time"]]
        first, last = (datetime.fromisoformat(t) if t else None for t in times)
        return Workload(
            cells=cells.astype(dict(empty.cells.dtypes)),
            lengths=lengths.astype(dict(empty.lengths.dtypes)),
            examples=tuple(Example(**e) for e in found["examples"]),
            first_time=first,
            last_time=last,
            failed=found["failed"],
            unlike=Counter(found.get("unlike", {})),
            basis=BASES[BASES.index(found.get("basis", "text"))],  # older ones read texts
            turns=_table(found.get("turns"), empty.turns),
            latencies=_table(found.get("latencies"), empty.latencies),
        )
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(
            "this workload is damaged, or another version wrote it", remedy="Sort the log again"
        ) from error


def _table(found: dict[str, list[int]] | None, empty: pd.DataFrame) -> pd.DataFrame:
    """A small table of a workload's JSON, with the columns and types of an empty one."""
    if found is None:
        return empty
    return pd.DataFrame(found, columns=empty.columns).astype(dict(empty.dtypes))


def _fewest(examples: object) -> tuple[Example, ...]:
    """The EXAMPLES_PER_TIER lowest-ranked examples of each tier: a sample that merges."""
    ranked = sorted(cast("Sequence[Example]", examples), key=lambda e: (e.rank, e.difficulty))
    return tuple(
        example
        for tier in TIERS
        for example in [e for e in ranked if e.tier == tier][:EXAMPLES_PER_TIER]
    )
