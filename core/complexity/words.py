"""The words of texts: how many, and how many of them are not everyday words.

A word is a run of the letters a to z, in either case; everything else separates. What
counts as an everyday word is learned: the words that most kinds of training questions share.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EVERYDAY: Final = 1_000  # how many words are everyday words; 300 to 3,000 rank much alike
RAREST: Final = 1e-3  # share of a unit's texts below which a word counts as absent there

_LANE: Final = 0xFFF  # a count of words in twelve bits
_LANES: Final = np.arange(0, 60, 12)

_TO_WORDS: Final = bytes(
    code | 0x20 if chr(code).isalpha() and code < 128 else 0x20 for code in range(256)
)


@dataclass(frozen=True)
class WordCounts:
    """Per text: how many words it has, and how many of each list, shape (n, lists)."""

    words: Floats
    listed: Floats


def count_words(texts: pa.Array, lists: tuple[str, ...]) -> WordCounts:
    """The counts per text (lower case, none null); a list holds words, a blank between two.

    At most 4 lists, and texts of at most 4,094 words.
    """
    start, words = _split(texts)
    known, flags = _listed(lists)
    place = pc.index_in(words, value_set=known).fill_null(len(known))
    # All counts of a text in one number, so that one sum counts everything.
    before = np.zeros(len(words) + 1, dtype=np.int64)
    np.cumsum(flags[np.asarray(place.to_numpy(zero_copy_only=False))], out=before[1:])
    packed = before[start[1:]] - before[start[:-1]]
    counts = (packed[:, np.newaxis] >> _LANES[: len(lists) + 1]) & _LANE
    return WordCounts(
        (np.diff(start) - counts[:, 0]).astype(np.float64), counts[:, 1:].astype(np.float64)
    )


def everyday_words(texts: pa.Array, unit: Ints) -> str:
    """The words that are common in as many units as possible, a blank between two.

    Ranked by the mean over units of the logarithm of the share of texts with the word, so
    that a word of one exam only, however frequent there, stays out.
    """
    start, words = _split(texts)
    coded = pc.dictionary_encode(words)
    code = np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    size = len(coded.dictionary)
    of_text = np.repeat(np.arange(len(texts)), np.diff(start))
    held = np.unique(of_text * size + code)  # a word counts once per text
    units = np.unique(unit)
    score = np.zeros(size)
    for one in units:
        texts_with = np.bincount((held % size)[unit[held // size] == one], minlength=size)
        score += np.log(texts_with / np.sum(unit == one) + RAREST)
    names = np.array(coded.dictionary.to_pylist(), dtype=np.str_)
    score[names == ""] = -np.inf
    ranked = np.lexsort((names, -np.round(score / len(units), 9)))
    return " ".join(sorted(names[ranked[:EVERYDAY]].tolist())).strip()


@lru_cache(maxsize=8)
def _listed(lists: tuple[str, ...]) -> tuple[pa.Array, Ints]:
    """The empty word and all words listed, and what each adds to a text's packed counts.

    The first count is of empty words, then one per list; one more entry is for words on none.
    """
    words = ["", *sorted({word for one in lists for word in one.split()})]
    flags = np.zeros(len(words) + 1, dtype=np.int64)
    flags[0] = 1
    for lane, one in zip(_LANES[1 : len(lists) + 1], lists, strict=True):
        flags[np.unique(np.searchsorted(words, one.split()))] |= np.int64(1) << lane
    return pa.array(words, pa.string()), flags


def _split(texts: pa.Array) -> tuple[Ints, pa.Array]:
    """Where each text's words start in the list of all words (n + 1 numbers), and that list."""
    # Mapping bytes is many times faster than a pattern; bytes of other scripts separate.
    flat = pa.concat_arrays([texts])  # a slice of a long array must not drag all of it along
    _, offsets, data = flat.buffers()
    letters = (data.to_pybytes() if data else b"").translate(_TO_WORDS)
    clean = pa.StringArray.from_buffers(
        len(flat), offsets, pa.py_buffer(letters), offset=flat.offset
    )
    # A text that starts or ends with a separator gets an empty word there: no word, and left
    # in place, because taking it out would copy all others.
    lists = pc.ascii_split_whitespace(clean)
    return np.asarray(lists.offsets.to_numpy(), dtype=np.int64), lists.values
