"""Why a query looks hard or easy, in plain words."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from core.complexity.classifier import Classifier
from core.complexity.features import FEATURES, features
from core.complexity.reading import unread

REASONS: Final = 3
WORTH_SAYING: Final = 0.05  # logits; less moves the chance of success by about a point


def reasons(classifier: Classifier, texts: pa.Array) -> list[list[str]]:
    """Up to three reasons per text, strongest first: a count, and which way it points.

    Compared with a typical real-user prompt. It tells what the formula used, not what
    makes the query hard in truth.
    """
    moves = classifier.reading.contributions(texts)
    counts = np.rint(np.expm1(features(texts))).astype(int)
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


def _reason(column: int, count: int, move: float) -> str:
    feature = FEATURES[column]
    amount = f"{count:,}" if count else "no"
    noun = feature.one if count == 1 else feature.several
    if move > 0:
        return f"has {amount} {noun} (more than most): looks harder"
    return f"has {amount} {noun} (fewer than most): looks easier"
