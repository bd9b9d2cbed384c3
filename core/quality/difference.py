"""How much better or worse one way of answering is than another, on the same queries."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from core.quality.judge_error import DRAWS, SEED, TELLING, JudgeLabels, passed_draws
from core.routing.simulate import RANGE, Range

Floats = npt.NDArray[np.float64]


def paired_difference(
    one: Floats,
    other: Floats,
    weight: Floats,
    by_people: npt.NDArray[np.bool_],
    labels: JudgeLabels,
) -> Range:
    """The share of acceptable answers of one less that of the other, with a 90% range.

    All have one entry per query. A paired bootstrap (Efron, 1979): the queries are drawn anew,
    each with both of its scores, so that what makes a query hard for both drops out. A judge that
    errs shrinks differences; its error, as far as it is known, is taken out of what people did
    not judge (`by_people`). A judge that tells nothing leaves a range from -1 to 1.
    """
    dice = np.random.default_rng(SEED)
    good, bad = passed_draws(labels, dice)
    moved = weight * (one - other)
    drawn = dice.multinomial(len(weight), np.full(len(weight), 1 / len(weight)), DRAWS)
    judged, known, total = (
        drawn @ part
        for part in (np.where(by_people, 0.0, moved), np.where(by_people, moved, 0.0), weight)
    )
    telling = good - bad > TELLING
    if by_people.all():
        found = known / total
    elif telling.sum() < DRAWS / 2:
        return Range(float(moved.sum() / weight.sum()), -1.0, 1.0)
    else:
        share = judged[telling] / (good - bad)[telling] + known[telling]
        found = np.clip(share / total[telling], -1.0, 1.0)
    low, high = np.percentile(found, RANGE)
    return Range(float(np.median(found)), float(low), float(high))
