"""The judge's own error, from answers that people judged, taken out of what it says.

A judge that passes some bad answers and stops some good ones moves every rate toward the middle.
With its two error rates known from human labels the true rate follows (Rogan and Gladen, 1978);
what is not known of them widens the interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from core.routing.check import ACCEPTS_BAD, ACCEPTS_GOOD
from core.routing.simulate import RANGE, Range

Floats = npt.NDArray[np.float64]

DRAWS: Final = 4_000
SEED: Final = 20261126
TELLING: Final = 0.05  # a judge that passes hardly more good answers than bad ones tells nothing
# Before anybody judged: what judges are known to do, as if it were seen on so many answers.
BEFORE_SEEN: Final = 10.0


@dataclass(frozen=True)
class JudgeLabels:
    """Answers that both a person and the judge judged, counted by what they said."""

    good: float = 0.0  # acceptable to the person
    good_passed: float = 0.0  # of these the judge let through; half where its orders differ
    bad: float = 0.0
    bad_passed: float = 0.0

    @property
    def count(self) -> float:
        """Human labels in all."""
        return self.good + self.bad

    @property
    def accepts_good(self) -> float:
        """The share of acceptable answers that the judge passes, as far as it is known."""
        return (self.good_passed + BEFORE_SEEN * ACCEPTS_GOOD) / (self.good + BEFORE_SEEN)

    @property
    def accepts_bad(self) -> float:
        """The share of the others that the judge passes, as far as it is known."""
        return (self.bad_passed + BEFORE_SEEN * ACCEPTS_BAD) / (self.bad + BEFORE_SEEN)


def true_rate(
    passed_share: float,
    answers: float,
    labels: JudgeLabels,
    *,
    by_people: tuple[float, float, float] = (0.0, 0.0, 0.0),
) -> Range:
    """The share of acceptable answers behind the share that the judge passed, with a 90% range.

    `answers` is the effective number of judged answers. Where the judge tells good from bad no
    better than chance, the range is all there is. `by_people` adds answers that people judged,
    who make no error: their part of all, the share of acceptable ones, their effective number.
    """
    dice = np.random.default_rng(SEED)
    seen = _beta(dice, passed_share * answers, answers, 0.5, 0.5)
    good, bad = passed_draws(labels, dice)
    telling = good - bad > TELLING
    part, share, count = by_people
    known = _beta(dice, share * count, count, 0.5, 0.5) if part else np.zeros(DRAWS)
    if part < 1.0 and telling.sum() < DRAWS / 2:
        central = (1 - part) * passed_share + part * share
        return Range(central, part * share, part * share + 1 - part)
    if part >= 1.0:
        telling[:] = True
        rate = known
    else:
        judged = (seen[telling] - bad[telling]) / (good[telling] - bad[telling])
        rate = (1 - part) * np.clip(judged, 0.0, 1.0) + part * known[telling]
    low, high = np.percentile(rate, RANGE)
    return Range(float(np.median(rate)), float(low), float(high))


def passed_draws(labels: JudgeLabels, dice: np.random.Generator) -> tuple[Floats, Floats]:
    """Draws of the shares of good and of bad answers that the judge passes, DRAWS of each."""
    good = _beta(
        dice, labels.good_passed, labels.good, BEFORE_SEEN * ACCEPTS_GOOD,
        BEFORE_SEEN * (1 - ACCEPTS_GOOD),
    )  # fmt: skip
    bad = _beta(
        dice, labels.bad_passed, labels.bad, BEFORE_SEEN * ACCEPTS_BAD,
        BEFORE_SEEN * (1 - ACCEPTS_BAD),
    )  # fmt: skip
    return good, bad


def _beta(
    dice: np.random.Generator, hits: float, all_: float, prior_hit: float, prior_miss: float
) -> Floats:
    return np.asarray(dice.beta(hits + prior_hit, max(all_ - hits, 0.0) + prior_miss, DRAWS))
