"""Own outcomes move a log a little, its segments less, a single query never: partial pooling.

The chance of an acceptable answer stays logistic in ability less difficulty. Learned are, on
top of the shipped reading,

    difficulty = read + level + slopes . x + topics . t + shift[segment]
    lever      = 1 + lever + slopes . x + topics . t + lever[segment]

with x the query's read difficulty and log length beside the usual ones of its log, t what its
words are about (where the segments are clusters of texts), and a correction of each model's
ability. Everything is Gaussian around "nothing to learn", so few or wrong outcomes change
little; how far segments and topics differ is estimated by expectation-maximisation around the
Laplace approximation. The fit is convex and has one answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.learned import SLOPES, Learned, ModelEvidence, Signs, Usual
from core.complexity.scale import flattening

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Prior standard deviations, chosen on training sets used as logs (see the model card).
SLOPE_SD: Final = 0.3  # logits per standard deviation of the log
LEVER_SD: Final = 0.6
SEGMENT_SD: Final = 0.7  # where the estimate of how far segments differ starts, and its prior
SEGMENT_LEVER_SD: Final = 0.4
TOPIC_SD: Final = 0.35  # per unit of a topic's coordinate
TOPIC_LEVER_SD: Final = 0.2
LEAST_SD: Final = 0.01  # logits: nothing is known better than that
_PRIOR_WEIGHT: Final = 1.0  # of one segment, or topic
_ROUNDS: Final = 30
_STEPS: Final = 25
_SETTLED: Final = 1e-6


@dataclass(frozen=True)
class Evidence:
    """Outcomes of queries of one log.

    One entry per answer in `query`, `model`, `score` (0..1) and `weight` (1 for a measured
    outcome, less for a hint); one per query in `signs`; one per model in `ability` and
    `ability_sd` (logits, before this evidence).
    """

    query: Ints
    model: Ints
    score: Floats
    weight: Floats
    signs: Signs
    segments: tuple[str, ...]
    models: tuple[str, ...]
    ability: Floats
    ability_sd: Floats

    @property
    def paired(self) -> int:
        """Queries answered by at least two models, hints left out."""
        full = self.weight >= 1.0
        pairs = np.unique(np.stack([self.query[full], self.model[full]]), axis=1)
        return int((np.bincount(pairs[0], minlength=1) > 1).sum())


def learn(evidence: Evidence, usual: Usual, *, spread: float, level_sd: float) -> Learned:
    """What the outcomes teach about their log; `spread` and `level_sd` are the classifier's."""
    models, segments = len(evidence.models), len(evidence.segments)
    rows = usual.rows(evidence.signs, segments)
    of_query = rows[evidence.query]
    about = float(np.average(evidence.ability[evidence.model], weights=evidence.weight))
    above = evidence.ability[evidence.model] - about
    answers = len(evidence.query)
    named = np.zeros((answers, models))
    named[np.arange(answers), evidence.model] = 1.0
    slope = flattening(spread)
    design = slope * np.hstack([named, -of_query, above[:, None] * of_query])
    offset = slope * (evidence.ability[evidence.model] - evidence.signs.difficulty[evidence.query])
    width, topics = rows.shape[1], evidence.signs.topics.shape[1]
    shift, lever = slice(models, models + width), slice(models + width, models + 2 * width)
    sd = np.concatenate(
        [
            np.maximum(evidence.ability_sd, LEAST_SD),
            [max(level_sd, LEAST_SD), *[SLOPE_SD] * SLOPES],
            [*[TOPIC_SD] * topics, *[SEGMENT_SD] * segments],
            [LEVER_SD, *[SLOPE_SD] * SLOPES],
            [*[TOPIC_LEVER_SD] * topics, *[SEGMENT_LEVER_SD] * segments],
        ]
    )
    groups = [
        group
        for part, of_topic, of_segment in (
            (shift, TOPIC_SD, SEGMENT_SD),
            (lever, TOPIC_LEVER_SD, SEGMENT_LEVER_SD),
        )
        for group in (
            (slice(part.start + 1 + SLOPES, part.stop - segments), of_topic),
            (slice(part.stop - segments, part.stop), of_segment),
        )
    ]
    weights = np.zeros(len(sd))
    for _ in range(_ROUNDS):
        weights, covariance = _laplace(design, offset, evidence, sd, weights)
        before = sd.copy()
        for group, start in groups:
            size = group.stop - group.start
            found = np.sum(weights[group] ** 2 + np.diag(covariance)[group])
            pulled = (_PRIOR_WEIGHT * start**2 + found) / (_PRIOR_WEIGHT + size)
            sd[group] = np.sqrt(pulled)
        if np.abs(sd / before - 1.0).max() < 0.01:
            break
    # Only abilities against difficulties can be seen: what all models share is the level's.
    common = np.eye(len(weights))
    common[:models, :models] -= 1.0 / models
    common[models, :models] = -1.0 / models
    weights, covariance = common @ weights, common @ covariance @ common.T
    ability_sd = np.sqrt(np.clip(np.diag(covariance)[:models], 0.0, None))
    counts = np.bincount(evidence.model, minlength=models)
    return Learned(
        usual=usual,
        about=about,
        segments=evidence.segments,
        shares=tuple(rows[:, width - segments :].mean(axis=0).tolist()),
        shift=tuple(weights[shift].tolist()),
        lever=tuple(weights[lever].tolist()),
        covariance=tuple(
            tuple(row) for row in covariance[models:, models:].round(9).tolist()
        ),
        models=tuple(
            ModelEvidence(name, float(a), float(s), int(n))
            for name, a, s, n in zip(
                evidence.models, evidence.ability + weights[:models], ability_sd, counts,
                strict=True,
            )
        ),
        answers=int((evidence.weight >= 1.0).sum()),
        paired=evidence.paired,
        spread=spread,
        base_rate=float(np.average(evidence.score, weights=evidence.weight)),
    )  # fmt: skip


def _laplace(
    design: Floats, offset: Floats, evidence: Evidence, sd: Floats, start: Floats
) -> tuple[Floats, Floats]:
    """The most probable weights and their covariance, for priors of these deviations."""
    weights, precision = start, 1.0 / sd**2
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-(offset + design @ weights)))
        gradient = design.T @ (evidence.weight * (evidence.score - chance)) - precision * weights
        curve = evidence.weight * np.maximum(chance * (1.0 - chance), 1e-6)
        hessian = design.T @ (curve[:, None] * design) + np.diag(precision)
        step = np.linalg.solve(hessian, gradient)
        weights = weights + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < _SETTLED:
            break
    return weights, np.asarray(np.linalg.inv(hessian), dtype=np.float64)
