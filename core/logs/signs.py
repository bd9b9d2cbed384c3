"""Cheap signs of personal data, told for many texts at once: most texts have none.

They say yes too often and never no wrongly; the patterns behind them are exact and slow.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.logs.packed import Bytes, Ints, packed

# at: an "@". digits: seven digits close together. dots: four numbers joined by dots.
# words: one of the words and prefixes by which secrets are known.
Sign = Literal["at", "digits", "dots", "words"]
Mask = npt.NDArray[np.bool_]

_FEW_DIGITS: Final = 7
_GAP: Final = 3  # at most two separators between two digits of one number
_QUAD: Final = 8  # from the first to the third dot of 255.255.255.255


def signs_in(texts: pa.Array, words: str) -> dict[Sign, Mask]:
    """Which texts show which sign; `words` is an RE2 pattern. Null shows none."""
    digits, dots = _numbers(texts)
    return {
        "at": matches(texts, "@"),
        "words": matches(texts, words),
        "digits": digits,
        "dots": dots,
    }


def matches(texts: pa.Array, pattern: str) -> Mask:
    """Which texts an RE2 pattern is found in; null is none of them."""
    found = pc.fill_null(pc.match_substring_regex(texts, pattern), False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def _numbers(texts: pa.Array) -> tuple[Mask, Mask]:
    """Texts with seven digits close together, and texts with four numbers joined by dots."""
    digits, dots = np.zeros(len(texts), dtype=np.bool_), np.zeros(len(texts), dtype=np.bool_)
    for place, part in packed(texts).slices():
        is_digit = part.data - np.uint8(48) < 10
        digits[place] = _rows(_crowds(np.flatnonzero(is_digit)), part.bounds)
        dots[place] = _rows(_quads(part.data, is_digit), part.bounds)
    return digits, dots


def _crowds(places: Ints) -> Ints:
    """The places that lie in a run of at least seven, each close to the next."""
    if len(places) < _FEW_DIGITS:
        return places[:0]
    last = np.append(np.flatnonzero(np.diff(places) > _GAP), len(places) - 1)
    sizes = np.diff(last, prepend=-1)
    return places[np.repeat(sizes >= _FEW_DIGITS, sizes)]


def _quads(data: Bytes, is_digit: Mask) -> Ints:
    dots = np.flatnonzero(data[1:-1] == ord(".")) + 1
    dots = dots[is_digit[dots - 1] & is_digit[dots + 1]]
    return dots[:-2][dots[2:] - dots[:-2] <= _QUAD]


def _rows(places: Ints, bounds: Ints) -> Mask:
    found = np.zeros(len(bounds) - 1, dtype=np.bool_)
    found[np.searchsorted(bounds, places, "right") - 1] = True
    return found
