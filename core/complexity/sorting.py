"""The usual category of a query: by the reference abilities and the default tolerances."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.category import USUAL_TOLERANCES, categorize, cut_points
from core.complexity.classifier import Classifier
from core.complexity.scale import LEVERS, NEUTRAL, Floats, Tier, chance_ok, levered

DEEP_IN_TIER: Final = 1.0  # logits beyond a cut: clearly in the tier, not at its far end


def usual_cuts(classifier: Classifier) -> tuple[float, float]:
    """The difficulties in logits where medium and complex begin, at five points' tolerance."""
    return classifier.cuts


def usual_tiers(
    classifier: Classifier, difficulty: npt.ArrayLike, lever: npt.ArrayLike = NEUTRAL
) -> npt.NDArray[np.int8]:
    """The usual tier per query: 0 simple, 1 medium, 2 complex; `lever` numbers one of LEVERS."""
    d, which = np.broadcast_arrays(np.asarray(difficulty, dtype=np.float64), lever)
    tiers = np.zeros(d.shape, dtype=np.int8)
    for number in np.unique(which):
        theta = levered(classifier.abilities, LEVERS[number]).tolist()
        here = which == number
        tiers[here] = categorize(d[here], cut_points(theta, classifier.spread, USUAL_TOLERANCES))
    return tiers


def typical_difficulty(classifier: Classifier, tier: Tier) -> float:
    """A difficulty well inside a tier, in logits: where a query goes that a person has sorted."""
    first, second = usual_cuts(classifier)
    if tier == "simple":
        return first - DEEP_IN_TIER
    if tier == "complex":
        return second + DEEP_IN_TIER
    return (first + second) / 2


def tier_chances(
    classifier: Classifier, difficulty: npt.ArrayLike, lever: npt.ArrayLike = NEUTRAL
) -> tuple[Floats, Floats, Floats]:
    """The chance of an acceptable answer of each tier's reference model, per query."""
    simple, medium, complex_ = (
        chance_ok(
            levered(ability, np.asarray(LEVERS)[np.asarray(lever)]), difficulty, classifier.spread
        )
        for ability in classifier.abilities
    )
    return simple, medium, complex_
