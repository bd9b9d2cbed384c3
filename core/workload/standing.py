"""Who gains from a stronger model, segment by segment, and whose outcome is still missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.catalog.model import Model
from core.complexity.learned import Learned, SegmentGain
from core.complexity.pooling import Evidence, learn
from core.workload.outcomes import OwnOutcomes
from core.workload.placing import Placing
from core.workload.seen import SeenLog, on_scores, read_seen


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

    def gains(known: Learned) -> dict[str, SegmentGain]:
        signs = log.signs(known.segments)
        return {gain.segment: gain for gain in known.gains(signs, *abilities)}

    now, before = gains(learned), gains(nothing)
    common = [name for name in now if name in before]
    counts = Counter(log.segment)
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
    done = set(own.row.tolist()) if own else set()
    found = []
    for name, count in wanted.items():
        rows = [row for row, segment in enumerate(log.segment) if segment == name]
        rows = [row for row in rows if row not in done]
        picked = rows[:: max(len(rows) // max(count, 1), 1)][:count]
        found += [(log.request_id[row].as_py(), name) for row in picked]
    return found


def _nothing_learned(log: SeenLog, placing: Placing, models: Sequence[Model]) -> Learned:
    """What is known before any outcome: the priors."""
    nothing = Evidence(
        query=np.array([0]),
        model=np.array([0]),
        score=np.array([0.5]),
        weight=np.array([1e-9]),
        signs=log.signs(()).take(np.array([0])),
        segments=log.segments,
        models=tuple(model.id for model in models),
        ability=np.array([model.ability.mean for model in models]),
        ability_sd=np.array([model.ability.sd for model in models]),
    )
    classifier = placing.classifier
    return learn(nothing, log.usual, spread=classifier.spread, level_sd=classifier.log_sd)
