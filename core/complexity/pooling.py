"""Own outcomes move a log a little, its segments less, a single query never: partial pooling.

The chance of an acceptable answer stays logistic in ability less difficulty. Learned are, on
top of the shipped reading,

    difficulty = read + level + slopes . x + topics . t + shift[segment]
    lever      = 1 + lever + slopes . x + topics . t + lever[segment]

with x the query's read difficulty and log length beside the usual ones of its log, t what its
words are about (where the segments are clusters of texts), and a correction of each model's
ability. Everything is Gaussian around "nothing to learn", so few or wrong outcomes change
little; how far segments and topics differ is estimated by expectation-maximisation around the
Laplace approximation. Given how far apart the models are, the fit is convex.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.learned import SLOPES, Learned, ModelEvidence, Signs, Usual
from core.complexity.scale import flattening

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

# Prior standard deviations in logits, chosen on training sets used as logs (see the model card).
# Those of levers say how far a model moves that stands `LEAST_APART` or more from the others.
SLOPE_SD: Final = 0.3  # per standard deviation of the log
LEVER_SD: Final = 0.6
SEGMENT_SD: Final = 0.7  # where the estimate of how far segments differ starts, and its prior
SEGMENT_LEVER_SD: Final = 0.4
TOPIC_SD: Final = 0.35  # per unit of a topic's coordinate
TOPIC_LEVER_SD: Final = 0.2
LEAST_SD: Final = 0.01  # nothing is known better than that
LEAST_APART: Final = 0.25  # models closer than that are taken for this far apart
_PRIOR_WEIGHT: Final = 1.0  # of one segment, or topic
_ROUNDS: Final = 30
_PASSES: Final = 2
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
    width, topics = rows.shape[1], evidence.signs.topics.shape[1]
    shift, lever = slice(models, models + width), slice(models + width, models + 2 * width)
    prior = np.concatenate(
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
        for part in (shift, lever)
        for group in (
            slice(part.stop - segments - topics, part.stop - segments),
            slice(part.stop - segments, part.stop),
        )
    ]
    slope = flattening(spread)
    named = np.eye(models)[evidence.model]
    of_query = rows[evidence.query]
    offset = slope * (evidence.ability[evidence.model] - evidence.signs.difficulty[evidence.query])
    # Only abilities against difficulties can be seen: what all models share is the level's.
    common = np.eye(len(prior))
    common[:models, :models] -= 1.0 / models
    common[models, :models] = -1.0 / models
    # How far models are apart is seen first; what a lever does rests on it.
    above, apart, about = np.zeros(models), 1.0, 0.0
    for _ in range(1 + _PASSES):
        levered = above[evidence.model][:, None] * of_query
        design = slope * np.hstack([named, -of_query, levered])
        weights, covariance = _pooled(design, offset, evidence, prior, groups)
        weights, covariance = common @ weights, common @ covariance @ common.T
        ability = evidence.ability + weights[:models]
        about = float(np.average(ability[evidence.model], weights=evidence.weight))
        distance = ability - about
        squares = np.average(distance[evidence.model] ** 2, weights=evidence.weight)
        apart = max(float(np.sqrt(squares)), LEAST_APART)
        above = distance / apart
    scale = np.concatenate([np.ones(width), np.full(width, 1.0 / apart)])
    taught = covariance[models:, models:] * scale[:, None] * scale
    ability_sd = np.sqrt(np.clip(np.diag(covariance)[:models], 0.0, None))
    counts = np.bincount(evidence.model, minlength=models)
    return Learned(
        usual=usual,
        about=about,
        segments=evidence.segments,
        shares=tuple(rows[:, width - segments :].mean(axis=0).tolist()),
        shift=tuple(weights[shift].tolist()),
        lever=tuple((weights[lever] / apart).tolist()),
        covariance=tuple(tuple(row) for row in taught.round(9).tolist()),
        models=tuple(
            ModelEvidence(name, float(a), float(s), int(n))
            for name, a, s, n in zip(evidence.models, ability, ability_sd, counts, strict=True)
        ),
        answers=int((evidence.weight >= 1.0).sum()),
        paired=evidence.paired,
        spread=spread,
        base_rate=float(np.average(evidence.score, weights=evidence.weight)),
    )


def _pooled(
    design: Floats, offset: Floats, evidence: Evidence, prior: Floats, groups: Sequence[slice]
) -> tuple[Floats, Floats]:
    """Weights and covariance, with the deviations of groups of weights estimated as well."""
    sd, weights = prior, np.zeros(len(prior))
    covariance = np.diag(prior**2)
    for _ in range(_ROUNDS):
        weights, covariance = _laplace(design, offset, evidence, sd, weights)
        before, sd = sd, sd.copy()
        for group in groups:
            size = group.stop - group.start
            found = np.sum(weights[group] ** 2 + np.diag(covariance)[group])
            start = _PRIOR_WEIGHT * np.sum(prior[group] ** 2) / max(size, 1)
            sd[group] = np.sqrt((start + found) / (_PRIOR_WEIGHT + size))
        if np.abs(sd / before - 1.0).max() < 0.01:
            break
    return weights, covariance


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
