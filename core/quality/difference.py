"""How much better or worse one way of answering is than another, on the same queries."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.quality.judge_error import DRAWS, SEED, TELLING, JudgeLabels, passed_draws
from core.routing.simulate import RANGE, Range

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Side = tuple[Floats, Bools]  # scores, and whether people gave them


def paired_difference(one: Side, other: Side, weight: Floats, labels: JudgeLabels) -> Range:
    """The share of acceptable answers of one less that of the other, with a 90% range.

    All have one entry per query. A paired bootstrap (Efron, 1979): the queries are drawn anew,
    each with both of its scores, so that what makes a query hard for both drops out. A judge errs
    in both directions; its errors, as far as they are known, are taken out of what people did not
    judge, answer by answer. A judge that tells nothing leaves a range from -1 to 1.
    """
    dice = np.random.default_rng(SEED)
    good, bad = passed_draws(labels, dice)
    drawn = dice.multinomial(len(weight), np.full(len(weight), 1 / len(weight)), DRAWS)
    total = drawn @ weight
    telling = good - bad > TELLING
    if (one[1] & other[1]).all():
        telling[:] = True
    elif telling.sum() < DRAWS / 2:
        central = float(weight @ (one[0] - other[0]) / weight.sum())
        return Range(central, -1.0, 1.0)
    drawn, good, bad = drawn[telling], good[telling], bad[telling]
    first, second = (_corrected(drawn, side, weight, good, bad) for side in (one, other))
    found = np.clip((first - second) / total[telling], -1.0, 1.0)
    low, high = np.percentile(found, RANGE)
    return Range(float(np.median(found)), float(low), float(high))


def _corrected(
    drawn: npt.NDArray[np.int64], side: Side, weight: Floats, good: Floats, bad: Floats
) -> Floats:
    """The weighted sum of true scores per draw: people's as said, the judge's less its errors."""
    score, by_people = side
    judged = np.where(by_people, 0.0, weight)
    said = drawn @ ((weight - judged) * score)
    return np.asarray((drawn @ (judged * score) - bad * (drawn @ judged)) / (good - bad) + said)
