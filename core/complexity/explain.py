"""Why a query looks hard or easy, and what would change it, in plain words."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from core.complexity.classifier import Classifier
from core.complexity.features import FEATURES, NAMES
from core.complexity.reading import unread
from core.complexity.scale import TIERS
from core.complexity.sorting import usual_tiers

REASONS: Final = 3
WORTH_SAYING: Final = 0.05  # logits; less moves the chance of success by about a point
NOTHING: Final = "No single sign would change it much."

_LENGTH: Final = NAMES.index("words")  # a query cannot go without words, only be of usual length
_UNCOMMON: Final = NAMES.index("uncommon_words")


def reasons(classifier: Classifier, texts: pa.Array) -> list[list[str]]:
    """Up to three reasons per text, strongest first: a count, and which way it points.

    Compared with a typical real-user prompt. It tells what the formula used, not what
    makes the query hard in truth.
    """
    table = classifier.reading.table(texts)
    moves = classifier.reading.weighed(table)
    counts = np.rint(np.expm1(table)).astype(int)
    strongest = np.argsort(-np.abs(moves), axis=1, kind="stable")[:, :REASONS]
    return [
        ["has no text, so it is taken for a typical prompt"]
        if empty
        else [
            _reason(column, int(counts[row, column]), float(moves[row, column]))
            for column in strongest[row]
            if abs(moves[row, column]) >= WORTH_SAYING
        ]
        or ["looks like a typical prompt"]
        for row, empty in enumerate(unread(texts))
    ]


def what_would_change(classifier: Classifier, texts: pa.Array) -> list[str]:
    """One sentence per text: the one sign without which it would look most different.

    A sign that would change the tier comes before a stronger one that would not. The tier is
    the usual one: reference abilities, default tolerances.
    """
    moves = classifier.reading.weighed(classifier.reading.table(texts))
    steps = classifier.reading.weighed(np.zeros((1, len(NAMES)))) - moves
    steps[:, _LENGTH] = -moves[:, _LENGTH]
    steps[np.abs(steps) < WORTH_SAYING] = 0.0
    difficulty = classifier.difficulty(texts)
    now = usual_tiers(classifier, difficulty)
    then = usual_tiers(classifier, (difficulty[:, None] + steps).ravel()).reshape(steps.shape)
    strength = np.abs(steps) + np.where(then != now[:, None], np.abs(steps).sum() + 1.0, 0.0)
    chosen = np.argmax(np.where(steps != 0.0, strength, 0.0), axis=1)
    return [
        NOTHING
        if empty or steps[row, column] == 0.0
        else _change(int(column), float(steps[row, column]), int(now[row]), int(then[row, column]))
        for row, (column, empty) in enumerate(zip(chosen, unread(texts), strict=True))
    ]


def _change(column: int, step: float, now: int, then: int) -> str:
    if column == _LENGTH:
        condition = "With the length of a typical prompt"
    elif column == _UNCOMMON:
        condition = "In everyday words only"
    else:
        condition = f"Without the {FEATURES[column].several}"
    way = "harder" if step > 0 else "easier"
    tier = f"{TIERS[then]} instead of {TIERS[now]}" if then != now else f"still {TIERS[now]}"
    return f"{condition} it would look {abs(step):.1f} logits {way}: {tier}."


def _reason(column: int, count: int, move: float) -> str:
    feature = FEATURES[column]
    amount = f"{count:,}" if count else "no"
    noun = feature.one if count == 1 else feature.several
    if move > 0:
        return f"has {amount} {noun} (more than most): looks harder"
    return f"has {amount} {noun} (fewer than most): looks easier"
