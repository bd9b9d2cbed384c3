"""Outcomes to classifier: difficulties by item-response theory, then a formula for texts.

1. A hierarchical Rasch model gives every question a difficulty and every model an ability.
2. A ridge regression reads a question's difficulty, less its unit's mean, from its counts;
   every unit weighs the same, so that the largest exam does not decide. Which words are
   everyday words is learned from the same questions.
3. The level is anchored at the real-user prompts; other units only show how far off the
   level of a new kind of log can be.
4. A second, rougher formula reads the sizes of requests, for logs without text.

The same outcomes give the same classifier, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from core.complexity.baselines import length_scores
from core.complexity.classifier import DIGITS, Classifier, rounded
from core.complexity.features import features, without_options
from core.complexity.metrics import rank_correlation
from core.complexity.reading import Reading
from core.complexity.rough import RoughReading
from core.complexity.training.irt import Rasch, fit_rasch
from core.complexity.training.outcomes import (
    CountTokens,
    Outcomes,
    about_tokens,
    data_digest,
    read_training,
)
from core.complexity.training.reference import REFERENCE
from core.complexity.training.rough_fit import fit_rough, size_correlations
from core.complexity.unlike import LIKE
from core.complexity.words import everyday_words

Floats = npt.NDArray[np.float64]

VERSION: Final = "3"
ANCHOR: Final = "arena_bench_v1"  # the only prompts that real users typed
PENALTY: Final = 0.3  # at weights of sum 1; left-out units rank alike from 0.1 to 3
CAP_QUANTILE: Final = 0.995


@dataclass(frozen=True)
class LeftOut:
    """One unit predicted by a fit without it.

    Does the text order its questions, do their sizes (input tokens; both, as a log of one
    model has them, None where no answer's length is known), and by how many logits is the
    measured mean difficulty above the predicted one? `unlike` is the share, 0..1, of its
    questions that are flagged as unlike the others.
    """

    unit: str
    questions: int
    rank_correlation: float
    rank_correlation_of_length: float
    rank_correlation_of_input: float
    rank_correlation_of_sizes: float | None
    level_error: float
    unlike: float


@dataclass(frozen=True)
class ModelAbility:
    """A measured ability in logits; `sd` is for a log of a new kind."""

    model: str
    ability: float
    sd: float
    answers: int
    datasets: tuple[str, ...]


@dataclass(frozen=True)
class Trained:
    """What training gives: the classifier, measured abilities, figures for the card."""

    classifier: Classifier
    abilities: tuple[ModelAbility, ...]
    left_out: tuple[LeftOut, ...]
    questions: int
    answers: int


@dataclass(frozen=True)
class Lesson:
    """A fit on some outcomes: the item-response model and the formulas for texts and sizes."""

    rasch: Rasch
    reading: Reading
    rough: RoughReading


def train(folder: Path, count_tokens: CountTokens = about_tokens) -> Trained:
    """The classifier from an outcome folder; raises BadInput when the folder is wrong."""
    outcomes = read_training(folder, count_tokens)
    lesson = learn(outcomes)
    left_out = tuple(_leave_out(outcomes, lesson, unit) for unit in outcomes.units)
    # The anchor's level is known by construction; it says nothing about other logs.
    errors = [item.level_error for item in left_out if item.unit != ANCHOR]
    level_sd = float(np.std(errors, ddof=1)) if len(errors) > 1 else 0.0
    metrics = {
        "left_out_rank_correlation": float(np.mean([x.rank_correlation for x in left_out])),
        "left_out_rank_correlation_of_length": float(
            np.mean([x.rank_correlation_of_length for x in left_out])
        ),
        "left_out_rank_correlation_of_size": float(np.mean([_of_size(x) for x in left_out])),
        "left_out_level_bias": float(np.mean(errors)) if errors else 0.0,
        "left_out_unlike": float(np.mean([x.unlike for x in left_out])),
        "questions": float(len(outcomes.texts)),
        "answers": float(len(outcomes.score)),
        "units": float(len(outcomes.units)),
    }
    return Trained(
        classifier=Classifier(
            version=VERSION,
            data_digest=data_digest(folder),
            reading=lesson.reading,
            rough=lesson.rough,
            level_sd=rounded(level_sd),
            wobble_sd=rounded(lesson.rasch.wobble_sd),
            reference=REFERENCE,
            metrics={name: rounded(value) for name, value in metrics.items()},
        ),
        abilities=_abilities(outcomes, lesson.rasch),
        left_out=left_out,
        questions=len(outcomes.texts),
        answers=len(outcomes.score),
    )


def learn(outcomes: Outcomes, sizes: Rasch | None = None) -> Lesson:
    """The item-response model and the formulas from these outcomes.

    With `sizes`, the spreads of an earlier fit are kept instead of estimated again: they
    hardly move when one unit leaves, and it saves most of the time.
    """
    answers = (outcomes.query, outcomes.model, outcomes.passed, outcomes.unit)
    rasch = (
        fit_rasch(*answers)
        if sizes is None
        else fit_rasch(
            *answers, rounds=1, deviation_sd=sizes.deviation_sd, wobble_sd=sizes.wobble_sd
        )
    )
    reading = _read_from_text(outcomes, rasch)
    return Lesson(rasch, reading, fit_rough(outcomes, rasch, reading.level, ANCHOR))


def _read_from_text(outcomes: Outcomes, rasch: Rasch) -> Reading:
    # scikit-learn takes a second to import, and only training needs it.
    from sklearn.linear_model import Ridge
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    everyday = everyday_words(without_options(pc.ascii_lower(outcomes.texts)), outcomes.unit)
    table = features(outcomes.texts, everyday)
    # The prior pulls a deviation toward 0 by `trust`; undoing that keeps the slopes whole,
    # and weighting by it keeps badly measured questions quiet.
    trust = np.clip(1.0 - rasch.deviation_variance / rasch.deviation_sd**2, 0.05, 1.0)
    target = rasch.deviation / trust
    per_unit = np.bincount(outcomes.unit, trust)
    weight = trust / per_unit[outcomes.unit] / len(per_unit)

    def within_units(column: Floats) -> Floats:
        mean = np.bincount(outcomes.unit, trust * column) / per_unit
        return np.asarray(column - mean[outcomes.unit])

    centred = np.apply_along_axis(within_units, 0, table)
    pipeline = make_pipeline(
        StandardScaler(with_mean=False),
        Ridge(alpha=PENALTY, fit_intercept=False, solver="cholesky"),
    )
    pipeline.fit(
        centred,
        within_units(target),
        standardscaler__sample_weight=weight,
        ridge__sample_weight=weight,
    )
    weights = pipeline[-1].coef_ / pipeline[0].scale_

    read = centred @ weights
    # Mean squared error of the read deviations, counting what the answers leave unknown.
    own = within_units(rasch.deviation)
    left = own**2 + rasch.deviation_variance - 2.0 * read * within_units(target) + read**2
    unit_size = np.bincount(outcomes.unit)
    residual = float(np.sum(left / unit_size[outcomes.unit]) / len(unit_size))

    anchored = np.array([name == ANCHOR for name in outcomes.units])
    if not anchored.any():
        anchored[:] = True
    unit_means = np.column_stack([np.bincount(outcomes.unit, c) / unit_size for c in table.T])
    unit_levels = rasch.level + np.bincount(outcomes.unit, rasch.deviation) / unit_size
    return Reading(
        weights=_rounded(weights),
        typical=_rounded(unit_means[anchored].mean(axis=0)),
        highest=_rounded(np.quantile(table, CAP_QUANTILE, axis=0)),
        level=rounded(float(unit_levels[anchored].mean())),
        residual_sd=rounded(float(np.sqrt(residual))),
        everyday=everyday,
    )


def _leave_out(outcomes: Outcomes, full: Lesson, unit: str) -> LeftOut:
    held = outcomes.units.index(unit)
    mine = outcomes.unit == held
    mask = np.flatnonzero(mine)
    texts = outcomes.texts.take(mask)
    rest = outcomes.without(unit)
    lesson = learn(rest, full.rasch) if rest.units else None
    look = (lesson or full).reading.look(texts)
    read = look.difficulty if lesson else np.zeros(len(texts))
    # Equal answers give equal deviations but for rounding: keep such ties tied.
    measured = full.rasch.deviation[mine].round(DIGITS)
    of_input, of_sizes = size_correlations((lesson or full).rough, outcomes.only(unit), measured)
    return LeftOut(
        unit=unit,
        questions=len(texts),
        rank_correlation=rank_correlation(read, measured),
        rank_correlation_of_length=rank_correlation(length_scores(texts), measured),
        rank_correlation_of_input=of_input,
        rank_correlation_of_sizes=of_sizes,
        level_error=float(full.rasch.level[held] + measured.mean() - read.mean()),
        unlike=float(np.mean(look.kind != LIKE)),
    )


def _of_size(unit: LeftOut) -> float:
    both = unit.rank_correlation_of_sizes
    return unit.rank_correlation_of_input if both is None else both


def _abilities(outcomes: Outcomes, rasch: Rasch) -> tuple[ModelAbility, ...]:
    unit = outcomes.unit[outcomes.query]
    sd = np.sqrt(rasch.ability_sd**2 + rasch.wobble_sd**2)
    return tuple(
        ModelAbility(
            model=name,
            ability=round(float(rasch.ability[i]), 3),
            sd=round(float(sd[i]), 3),
            answers=int(np.sum(outcomes.model == i)),
            datasets=tuple(
                sorted({outcomes.units[u].split("/")[0] for u in unit[outcomes.model == i]})
            ),
        )
        for i, name in enumerate(outcomes.models)
    )


def _rounded(values: Floats) -> tuple[float, ...]:
    return tuple(rounded(value) for value in values)
