"""A rougher reading of difficulty, for logs without text: from the sizes of the requests.

What a size means differs from log to log (system prompts, history and retrieved pages are
all input), so only how a request compares with the others of its own log is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Pair = tuple[float, float]

SIZES: Final = ("input_tokens", "output_tokens")


@dataclass(frozen=True)
class RoughReading:
    """difficulty = level + weights . (sizes less the usual ones of the log) / their spread.

    Sizes are log1p(tokens) of input and output; `weights` are logits per standard deviation,
    never below 0. `least_sd` is taken for a log whose sizes differ less than those of any
    training set, and beyond `farthest` standard deviations nothing is added. `level_sd` and
    `residual_sd` mean what they mean for the reading of texts, and are wider.
    """

    weights: Pair
    least_sd: Pair
    farthest: float
    level: float
    level_sd: float
    residual_sd: float
    names: tuple[str, str] = SIZES

    def difficulty(self, above: Floats, sd: Pair) -> Floats:
        """Difficulty per request in logits.

        `above` is by how much each size exceeds the usual one, shape (n, 2), NaN where it is
        not known, which adds nothing; `sd` is how far sizes of this log spread.
        """
        found = np.full(len(above), self.level)
        for column, weight in enumerate(self.weights):
            spread = max(sd[column], self.least_sd[column])
            far = np.nan_to_num(above[:, column], nan=0.0) / (spread or 1.0)
            found += weight * np.clip(far, -self.farthest, self.farthest)
        return found
