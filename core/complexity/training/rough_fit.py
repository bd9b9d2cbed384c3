"""Outcomes to the rougher reading: what the sizes of questions and answers tell.

Every unit is treated as a log of its own: input tokens are compared within the unit, output
tokens within the unit and the model that wrote them. Turns, tools and tags are in no public
outcomes, so nothing is learned about them.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.classifier import rounded
from core.complexity.metrics import rank_correlation
from core.complexity.rough import Pair, RoughReading
from core.complexity.training.irt import Rasch
from core.complexity.training.outcomes import Outcomes

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

# A ridge at weights of sum 1: it halves a slope. Real logs are further from these questions
# than the questions are from each other, and on the one set of real-user prompts only a fifth
# of the slope that the other sets give was found.
PENALTY: Final = 1.0
FARTHEST: Final = 3.0  # standard deviations; beyond, the training sets have hardly a question
# Judgement: no set has instructions, history or retrieved pages in its input, as real logs do,
# so how far off the level of a log may be is taken a quarter wider than it was measured.
WIDER: Final = 1.25


def fit_rough(outcomes: Outcomes, rasch: Rasch, level: float, anchor: str) -> RoughReading:
    """The reading of sizes; its level is `level`, that of the unit named `anchor`.

    An answer's length that is not known counts as the usual one, as it does in a log. What is
    unknown of a query is the whole spread of its unit: sizes of real logs may tell nothing.
    """
    above, sds = _above_usual(outcomes)
    question, unit = outcomes.query, outcomes.unit[outcomes.query]
    far = np.nan_to_num(above / np.where(sds > 0, sds, 1.0)[unit], nan=0.0).clip(
        -FARTHEST, FARTHEST
    )
    # As in the reading of texts: undo the prior's pull, and keep badly measured questions quiet.
    trust = np.clip(1.0 - rasch.deviation_variance / rasch.deviation_sd**2, 0.05, 1.0)
    weight = trust[question] / np.bincount(question)[question]
    weight = weight / np.bincount(unit, weight)[unit] / len(outcomes.units)
    far = np.column_stack([_less_mean(column, unit, weight) for column in far.T])
    target = _less_mean((rasch.deviation / trust)[question], unit, weight)
    means = _means(rasch.deviation, outcomes.unit)
    errors = (rasch.level + means)[[name != anchor for name in outcomes.units]] - level
    spread = (rasch.deviation - means[outcomes.unit]) ** 2 + rasch.deviation_variance
    return RoughReading(
        weights=_pair(np.maximum(_ridge(far, target, weight), 0.0)),
        # The spread of the set whose sizes differ least; 1 where none differ at all.
        least_sd=_pair(np.array([min(column[column > 0], default=1.0) for column in sds.T])),
        farthest=FARTHEST,
        level=rounded(level),
        level_sd=rounded(WIDER * float(np.sqrt(np.mean(errors**2))) if len(errors) else 0.0),
        residual_sd=rounded(float(np.sqrt(_means(spread, outcomes.unit).mean()))),
    )


def size_scores(rough: RoughReading, outcomes: Outcomes, written: Bools | None) -> Floats:
    """The difficulty of every question as its size tells it, all questions being one log.

    `written` says which answers the log holds; None keeps all output lengths unknown.
    """
    inputs = np.log1p(outcomes.tokens)
    above = np.full((len(inputs), 2), np.nan)
    above[:, 0] = inputs - inputs.mean()
    output_sd = 0.0
    known = np.isfinite(outcomes.output_tokens) & (False if written is None else written)
    if known.any():
        lengths = np.log1p(outcomes.output_tokens[known])
        lengths = lengths - _means(lengths, outcomes.model[known])[outcomes.model[known]]
        output_sd = float(lengths.std())
        above[:, 1] = _means(lengths, outcomes.query[known], len(inputs))
    return rough.difficulty(above, (float(inputs.std()), output_sd))


def size_correlations(
    rough: RoughReading, held: Outcomes, measured: Floats
) -> tuple[float, float | None]:
    """Rank correlation of `measured` difficulty with input sizes, and with both sizes.

    The second is the mean over models of what a log written by that model alone would give;
    None when no answer's length is known.
    """
    found = []
    for model in range(len(held.models)):
        wrote = (held.model == model) & np.isfinite(held.output_tokens)
        asked = held.query[wrote]
        if len(asked) > 1:
            scores = size_scores(rough, held, wrote)
            found.append(rank_correlation(scores[asked], measured[asked]))
    of_input = rank_correlation(size_scores(rough, held, None), measured)
    return of_input, float(np.mean(found)) if found else None


def _ridge(far: Floats, target: Floats, weight: Floats) -> Floats:
    """The slopes per column of `far`; columns are scaled to spread alike before the penalty."""
    size = np.sqrt((weight[:, None] * far**2).sum(axis=0))
    size = np.where(size > 0, size, 1.0)
    scaled = far / size
    weighted = (weight[:, None] * scaled).T
    slopes = np.linalg.solve(weighted @ scaled + PENALTY * np.eye(2), weighted @ target)
    return np.asarray(slopes / size)


def _above_usual(outcomes: Outcomes) -> tuple[Floats, Floats]:
    """Per answer, how far its two log sizes lie above the usual; per unit, their spreads.

    Shapes (answers, 2), NaN where a length is not known, and (units, 2), 0 where nothing varies.
    """
    inputs = np.log1p(outcomes.tokens)
    inputs = inputs - _means(inputs, outcomes.unit)[outcomes.unit]
    unit = outcomes.unit[outcomes.query]
    known = np.isfinite(outcomes.output_tokens)
    outputs = np.full(len(unit), np.nan)
    lengths = np.log1p(outcomes.output_tokens[known])
    writer = (outcomes.model * len(outcomes.units) + unit)[known]
    outputs[known] = lengths - _means(lengths, writer)[writer]
    units = len(outcomes.units)
    sds = np.sqrt(
        np.column_stack(
            [
                _means(inputs**2, outcomes.unit, units),
                np.nan_to_num(_means(outputs[known] ** 2, unit[known], units)),
            ]
        )
    )
    return np.column_stack([inputs[outcomes.query], outputs]), sds


def _less_mean(values: Floats, group: Ints, weight: Floats) -> Floats:
    mean = np.bincount(group, weight * values) / np.bincount(group, weight)
    return np.asarray(values - mean[group])


def _means(values: Floats, group: Ints, groups: int = 0) -> Floats:
    """The mean per group; NaN for a group without values."""
    count = np.bincount(group, minlength=groups)
    total = np.bincount(group, values, minlength=groups)
    return np.asarray(np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0))


def _pair(values: Floats) -> Pair:
    first, second = (rounded(value) for value in values)
    return first, second
