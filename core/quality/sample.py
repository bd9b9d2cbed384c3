"""Which queries of a log to replay, with weights so that they speak for all of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.errors import BadInput
from core.logs.query import MOST_TURNS_ALONE
from core.workload.placing import Placing
from core.workload.scores import scored_batches
from core.workload.seen import on_scores

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SPEND_SHARE: Final = 0.5  # of a query's chance to be drawn; the rest is the same for all
OUTPUT_WORTH: Final = 4.0  # input tokens that an output token costs, roughly, at any vendor

_NEEDED: Final = [
    "request_id", "segment", "text", "text_chars", "turns", "status", "input_tokens",
    "output_tokens",
]  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """What sampling knows of every query that can be replayed; `row` is its place in the log."""

    row: Ints
    segment: Ints  # a number per name
    difficulty: Floats
    tokens: Floats  # in tokens of input: what it costs, whatever the model
    log_queries: int
    names: tuple[str, ...] = ()  # of the segments

    @property
    def covered(self) -> float:
        """The share of the log's queries that can be replayed at all."""
        return len(self.row) / self.log_queries if self.log_queries else 0.0


@dataclass(frozen=True)
class Sample:
    """Drawn rows of the log, rising, and how many queries of the frame each stands for."""

    row: Ints
    weight: Floats


def frame_of(queries: Path, scores: Path, placing: Placing) -> Frame:
    """The queries with a text that stand alone, answered without an error."""
    placing = on_scores(placing, scores)
    pieces: list[tuple[Ints, pa.Array, Floats, Floats]] = []
    start = asked = 0
    for batch, scored in scored_batches(
        queries, scores, _NEEDED, topics=placing.learned is not None
    ):
        ok = pc.equal(batch.column("status"), "ok")
        usable = pc.and_(ok, batch.column("text").is_valid())
        usable = pc.and_(usable, pc.less_equal(batch.column("turns"), MOST_TURNS_ALONE))
        keep = usable.to_numpy(zero_copy_only=False)
        placed = placing.place(batch, scored).filter(keep)
        given, written = (
            pc.fill_null(batch.column(name), 0).to_numpy()[keep]
            for name in ("input_tokens", "output_tokens")
        )
        pieces.append(
            (
                start + np.flatnonzero(keep),
                placed.segment,
                placed.difficulty,
                given + OUTPUT_WORTH * written,
            )
        )
        asked += int(pc.sum(ok).as_py() or 0)
        start += len(batch)
    row, segment, difficulty, tokens = zip(*pieces, strict=True)
    names = pa.chunked_array(list(segment)).combine_chunks().dictionary_encode()
    return Frame(
        np.concatenate(row),
        names.indices.to_numpy().astype(np.int64),
        np.concatenate(difficulty),
        np.concatenate(tokens).astype(np.float64),
        asked,
        tuple(names.dictionary.to_pylist()),
    )


def draw_sample(frame: Frame, size: int, seed: int, *, without: Ints | None = None) -> Sample:
    """A systematic sample along segments and difficulty; dear queries are drawn more often.

    Every segment and difficulty gets its share, as far as `size` reaches. `without` are rows not
    to draw again. Raises BadInput when there is nothing to draw.
    """
    free = np.ones(len(frame.row), dtype=bool)
    if without is not None:
        free = ~np.isin(frame.row, without)
    if not free.any() or size < 1:
        raise BadInput(
            "no query of this log can be replayed",
            remedy="A replay needs texts, and queries that are no later turns of a conversation",
        )
    order = np.lexsort((frame.difficulty, frame.segment))
    order = order[free[order]]
    chance = _chances(frame.tokens[order], min(size, len(order)))
    start = np.random.default_rng(seed).random()
    steps = np.floor(np.cumsum(chance) + start)
    drawn = np.diff(steps, prepend=np.floor(start)) > 0
    rows, weights = frame.row[order[drawn]], 1.0 / chance[drawn]
    rising = np.argsort(rows)
    return Sample(rows[rising], weights[rising])


def draw_where(
    frame: Frame, wanted: Mapping[str, int], seed: int, *, without: Ints | None = None
) -> Sample:
    """So many queries of each segment named: where they tell most, not everywhere.

    Each speaks for its segment. Raises BadInput where nothing is left to draw.
    """
    rows, weights = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    for name, count in wanted.items():
        here = frame.segment == (frame.names.index(name) if name in frame.names else -1)
        part = Frame(
            frame.row[here],
            frame.segment[here],
            frame.difficulty[here],
            frame.tokens[here],
            frame.log_queries,
        )
        free = here.sum() if without is None else (~np.isin(part.row, without)).sum()
        if not free or count < 1:
            continue
        drawn = draw_sample(part, count, seed, without=without)
        rows.append(drawn.row)
        # What was drawn before speaks for its share; these for all of the segment.
        weights.append(drawn.weight * len(part.row) / max(drawn.weight.sum(), 1e-12))
    row, weight = np.concatenate(rows), np.concatenate(weights)
    if not len(row):
        raise BadInput(
            "no query is left in the segments that tell most",
            remedy="Replay over the whole log instead",
        )
    rising = np.argsort(row)
    return Sample(row[rising], weight[rising])


def _chances(tokens: Floats, size: int) -> Floats:
    """The chance of each query to be drawn; they add up to `size`."""
    spend = tokens / tokens.sum() if tokens.sum() > 0 else np.full(len(tokens), 1 / len(tokens))
    wanted = SPEND_SHARE * spend + (1.0 - SPEND_SHARE) / len(tokens)
    chance = np.zeros(len(tokens))
    sure = np.zeros(len(tokens), dtype=bool)
    while True:  # those that would be drawn more than once are drawn for sure
        left = size - sure.sum()
        chance = np.where(sure, 1.0, left * wanted / max(wanted[~sure].sum(), 1e-300))
        more = (chance > 1.0) & ~sure
        if not more.any():
            return np.minimum(chance, 1.0)
        sure |= more
