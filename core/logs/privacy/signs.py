"""Cheap signs of personal data, told for many texts at once: most texts have none.

They say yes too often and never no wrongly; the patterns behind them are exact and slow.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

# at: an "@". digits: seven digits close together. dots: four numbers joined by dots.
# words: one of the words and prefixes by which secrets are known.
Sign = Literal["at", "digits", "dots", "words"]
Mask = npt.NDArray[np.bool_]

_FORMS: Final[dict[Sign, str]] = {
    "at": "@",
    "digits": r"[0-9](?:[^0-9]{0,2}[0-9]){6}",
    "dots": r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]",
}


class Signs:
    """Which texts show which sign; `words` are RE2 patterns. Null shows none.

    One pass over all texts finds those with any sign; only these are told apart.
    """

    def __init__(self, texts: pa.Array, words: Iterable[str]) -> None:
        said = "|".join(f"(?:{word})" for word in words)
        self._forms: dict[Sign, str] = {**_FORMS, "words": said} if said else dict(_FORMS)
        any_sign = "|".join(self._forms.values())
        self._suspects = np.flatnonzero(matches(texts, any_sign))
        self._texts = texts.take(pa.array(self._suspects))
        self._known: dict[Sign, tuple[npt.NDArray[np.int64], pa.Array]] = {}

    def of(self, sign: Sign) -> tuple[npt.NDArray[np.int64], pa.Array]:
        """The places of the texts with that sign, and these texts."""
        if sign not in self._known:
            shown = matches(self._texts, self._forms[sign])
            self._known[sign] = self._suspects[shown], self._texts.filter(pa.array(shown))
        return self._known[sign]


def matches(texts: pa.Array, pattern: str) -> Mask:
    """Which texts an RE2 pattern is found in; null is none of them."""
    found = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)
