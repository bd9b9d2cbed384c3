"""Who gains from a stronger model, segment by segment, and whose outcome is still missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from core.catalog.model import Model
from core.complexity.learned import Learned, SegmentGain
from core.complexity.pooling import Evidence, learn
from core.workload.outcomes import OwnOutcomes
from core.workload.placing import Placing
from core.workload.seen import SeenLog, on_scores, read_seen, texts_of

MOST_LOOKED_AT: Final = 200_000  # queries of a long log, evenly: enough for every segment


@dataclass(frozen=True)
class Standing:
    """What is known of who gains, per segment, and how many queries each has in the log.

    `before` is the same before any outcome, in the same order.
    """

    gains: tuple[SegmentGain, ...]
    before: tuple[SegmentGain, ...]
    queries: tuple[int, ...]


def standing(queries: Path, scores: Path, placing: Placing, weak: Model, strong: Model) -> Standing:
    """How much the strong model gains over the weak one in each segment of a scored log.

    Without outcomes that is the reading alone, with all that it leaves open.
    """
    placing = on_scores(placing, scores)
    log = read_seen(queries, scores, placing)
    nothing = _nothing_learned(log, placing, (weak, strong))
    learned = placing.learned or nothing
    abilities = [(m.ability.mean, m.ability.sd) for m in (weak, strong)]

    some = np.arange(0, len(log.segment), max(-(-len(log.segment) // MOST_LOOKED_AT), 1))

    def gains(known: Learned) -> dict[str, SegmentGain]:
        signs = log.signs(known.segments, some)
        return {gain.segment: gain for gain in known.gains(signs, *abilities)}

    now, before = gains(learned), gains(nothing)
    common = [name for name in now if name in before]
    counts = log.counts
    return Standing(
        tuple(now[name] for name in common),
        tuple(before[name] for name in common),
        tuple(counts[name] for name in common),
    )


def unlabelled(
    queries: Path,
    scores: Path,
    placing: Placing,
    own: OwnOutcomes | None,
    wanted: Mapping[str, int],
) -> list[tuple[str, str]]:
    """Request ids and segments of queries without outcomes, so many of each segment.

    They come from all over the log.
    """
    log = read_seen(queries, scores, on_scores(placing, scores))
    done = own.row if own else np.zeros(0, dtype=np.int64)
    picked: dict[int, str] = {}
    for name, count in wanted.items():
        if name in log.names:
            rows = np.flatnonzero(log.segment == log.names.index(name))
            rows = rows[~np.isin(rows, done)]
            some = rows[:: max(len(rows) // max(count, 1), 1)][:count]
            picked |= dict.fromkeys(some.tolist(), name)
    rising = np.array(sorted(picked), dtype=np.int64)
    ids = texts_of(queries, rising, "request_id").to_pylist()
    called = dict(zip(rising.tolist(), ids, strict=True))
    return [(called[row], name) for row, name in picked.items()]


def _nothing_learned(log: SeenLog, placing: Placing, models: Sequence[Model]) -> Learned:
    """What is known before any outcome: the priors."""
    nothing = Evidence(
        query=np.array([0]),
        model=np.array([0]),
        score=np.array([0.5]),
        weight=np.array([1e-9]),
        signs=log.signs((), np.array([0])),
        segments=log.segments,
        models=tuple(model.id for model in models),
        ability=np.array([model.ability.mean for model in models]),
        ability_sd=np.array([model.ability.sd for model in models]),
    )
    classifier = placing.classifier
    return learn(nothing, log.usual, spread=classifier.spread, level_sd=classifier.log_sd)
