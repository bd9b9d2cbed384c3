"""Are chances right for a model that was never measured, from fifty of its answers?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.complexity.learned import Signs, Usual
from core.complexity.metrics import brier, calibration_error
from core.complexity.pooling import Evidence, learn
from core.complexity.scale import LEVERS, chance_ok, levered
from core.complexity.training.outcomes import Outcomes

Floats = npt.NDArray[np.float64]

KNOWN_ANSWERS: Final = 50
FEWEST_ANSWERS: Final = 150  # fewer leave too little to check
UNKNOWN: Final = (2.0, 2.0)  # ability of any model, mean and sd in logits
_Z90: Final = 1.645


@dataclass(frozen=True)
class Unseen:
    """Models of a data set, each left out: fifty answers known, the others predicted; means.

    `error` is how far the predicted share of acceptable answers was off, `range` the half-width
    of the stated 90% range of that share and `covered` how often it held. `brier_constant` takes
    the share among the fifty for everything.
    """

    models: int
    error: float
    range: float
    covered: float
    brier: float
    brier_constant: float
    ece: float


def unseen_models(
    held: Outcomes, difficulty: Floats, length: Floats, *, spread: float, level_sd: float, seed: int
) -> Unseen | None:
    """The check on every model of `held` with enough answers; None when there is none.

    `difficulty` is as read, `length` log1p of characters, one per question.
    """
    usual = Usual(
        (float(difficulty.mean()), float(difficulty.std())),
        (float(length.mean()), float(length.std())),
    )
    signs = Signs(
        np.full(len(difficulty), -1, dtype=np.int64), difficulty, length, np.zeros((len(length), 0))
    )
    dice, found = np.random.default_rng(seed), []
    for model in range(len(held.models)):
        answers = np.flatnonzero(held.model == model)
        if len(answers) < FEWEST_ANSWERS:
            continue
        answers = dice.permutation(answers)
        rows, ok = held.query[answers], held.passed[answers]
        known, rest = slice(0, KNOWN_ANSWERS), slice(KNOWN_ANSWERS, None)
        learned = learn(
            Evidence(
                query=np.arange(KNOWN_ANSWERS),
                model=np.zeros(KNOWN_ANSWERS, dtype=np.int64),
                score=ok[known].astype(np.float64),
                weight=np.ones(KNOWN_ANSWERS),
                signs=signs.take(rows[known]),
                segments=(),
                models=("unseen",),
                ability=np.array([UNKNOWN[0]]),
                ability_sd=np.array([UNKNOWN[1]]),
            ),
            usual,
            spread=spread,
            level_sd=level_sd,
        )
        shifted, lever = learned.place(signs.take(rows[rest]))
        theta = levered(learned.models[0].ability, np.array(LEVERS)[lever])
        chance = chance_ok(theta, shifted, spread)
        ends = [
            float(chance_ok(theta + sign * _Z90 * learned.level_sd, shifted, spread).mean())
            for sign in (-1, 1)
        ]
        happened = ok[rest]
        sampling = _Z90 * float(np.sqrt(happened.mean() * (1 - happened.mean()) / len(happened)))
        constant = np.full(len(happened), ok[known].mean())
        found.append(
            (
                abs(chance.mean() - happened.mean()),
                (ends[1] - ends[0]) / 2,
                ends[0] - sampling <= happened.mean() <= ends[1] + sampling,
                brier(chance, happened),
                brier(constant, happened),
                calibration_error(chance, happened),
            )
        )
    if not found:
        return None
    error, half, covered, ours, theirs, ece = np.array(found, dtype=np.float64).mean(axis=0)
    return Unseen(
        len(found),
        float(error),
        float(half),
        float(covered),
        float(ours),
        float(theirs),
        float(ece),
    )
