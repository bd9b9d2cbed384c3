"""The formula from a query's text to its difficulty: a weighted sum of feature counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.features import NAMES, features
from core.complexity.unlike import Codes, unlike

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Look:
    """Per text its difficulty in logits, and its kind as an index of `unlike.KINDS`."""

    difficulty: Floats
    kind: Codes


@dataclass(frozen=True)
class Reading:
    """difficulty = level + weights . (features - typical), in logits.

    `typical` holds the mean features of the real-user prompts whose measured mean
    difficulty is `level`; `highest` caps each feature where training texts ended, so that
    nothing is extrapolated from a page of numbers. `residual_sd` is the spread of true
    difficulties around the formula within one log. `everyday` holds the everyday words, a
    blank between two.
    """

    weights: tuple[float, ...]
    typical: tuple[float, ...]
    highest: tuple[float, ...]
    level: float
    residual_sd: float
    everyday: str = ""
    names: tuple[str, ...] = NAMES

    def table(self, texts: pa.Array) -> Floats:
        """The features of the texts, shape (n, features)."""
        return features(texts, self.everyday)

    def contributions(self, texts: pa.Array) -> Floats:
        """How much each feature adds to a typical prompt's difficulty, shape (n, features)."""
        return self.weighed(self.table(texts))

    def weighed(self, table: Floats) -> Floats:
        """How much each feature of the table adds, in logits; 0 for what is typical."""
        capped = np.minimum(table, np.array(self.highest))
        return np.asarray((capped - np.array(self.typical)) * np.array(self.weights))

    def difficulty(self, texts: pa.Array) -> Floats:
        """Difficulty per text, in logits; `level` where there is no text (see `unread`)."""
        return self._summed(texts, self.table(texts))

    def look(self, texts: pa.Array) -> Look:
        """Difficulty, and what is unlike the texts learned from, in one pass."""
        table = self.table(texts)
        return Look(self._summed(texts, table), unlike(texts, table))

    def _summed(self, texts: pa.Array, table: Floats) -> Floats:
        # Summed row by row, not by a matrix product: equal rows must give equal numbers.
        read = self.level + self.weighed(table).sum(axis=1)
        return np.asarray(np.where(unread(texts), self.level, read), dtype=np.float64)


def unread(texts: pa.Array) -> npt.NDArray[np.bool_]:
    """Where there is no text to read: null, or nothing but white space."""
    blank = pc.match_substring_regex(texts.cast(pa.string()).fill_null(""), r"^\s*$")
    return np.asarray(blank.to_numpy(zero_copy_only=False), dtype=np.bool_)
