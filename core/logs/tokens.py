"""Token counts estimated from text, for logs that do not count."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.logs import exact_tokens
from core.logs.packed import Bytes, Ints, Packed, packed

# Mean absolute error per text against o200k_base, 12 corpora, 2,500 held-out documents
# (measured 2026-11); other vendors' tokenizers differ by another +-10 %.
TOKEN_ERROR_SHARE: Final = 0.096
VENDOR_ERROR_SHARE: Final = 0.10
# English prompts have 3.7-4.6 characters per token under o200k_base, GPT-4 answers 4.40.
CHARS_PER_TOKEN: Final = 4.4

# The formula's weights in thousandths of a token, so that sums are exact.
_BASE, _CHAR, _WORD, _NEWLINE, _DIGIT, _PUNCTUATION = 1300, 87, 695, 1100, 480, 380
_NON_ASCII, _CJK = 136, 650
_CJK_BLOCKS: Final = ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF))
_LAST_POINT: Final = 0x1FFFF  # no digit, blank or letter of these blocks lies beyond
# In fives of thousandths every byte's share fits into a byte: 235 for a digit that starts a word.
_UNIT: Final = 5
_WORD_UNITS, _NEWLINE_UNITS = np.uint8(_WORD // _UNIT), np.uint8(_NEWLINE // _UNIT)
_DIGIT_UNITS, _PUNCTUATION_UNITS = np.uint8(_DIGIT // _UNIT), np.uint8(_PUNCTUATION // _UNIT)


def count(texts: pa.Array) -> pa.Array:
    """Tokens per text as int64: counted where the extra `tokens` is installed, else estimated."""
    exact = exact_tokens.count(texts)
    return estimate(texts) if exact is None else exact


def estimate(texts: pa.Array) -> pa.Array:
    """Estimated tokens per text as int64, at least 1 (also for null and empty texts).

    A linear formula of seven features fitted to o200k_base: 1.3 + 0.087 characters +
    0.695 words + 1.10 newlines + 0.48 digits + 0.38 ASCII punctuation + 0.136 other
    non-ASCII characters + 0.65 Chinese, Japanese and Korean ones. Texts in pure ASCII
    (most) are summed byte by byte, the others character by character.
    """
    texts = pc.fill_null(texts, "")
    is_ascii = pc.string_is_ascii(texts)
    mask = is_ascii.to_numpy(zero_copy_only=False)
    thousandths = _in_slices(packed(texts))  # all of them: cheaper than to sort them out
    if not mask.all():
        thousandths[~mask] = _in_slices(packed(texts.filter(pc.invert(is_ascii))), unicode=True)
    return pa.array(np.maximum(1, np.rint(thousandths / 1000)).astype(np.int64))


def error_in_words(counted_with: str | None) -> str:
    """How far a count of tokens from text may be off: a sentence for people.

    `counted_with` is None for the formula, else the vocabulary of an exact count.
    """
    if counted_with is None:
        return (
            f"Estimated counts are off by about {TOKEN_ERROR_SHARE:.0%} per text, less over a "
            "whole log (measured against OpenAI's o200k vocabulary on 12 kinds of text); for "
            f"models of other vendors allow another {VENDOR_ERROR_SHARE:.0%}."
        )
    return (
        f"Tokens were counted from the text with OpenAI's {counted_with} vocabulary: exact for "
        f"plain prompts to OpenAI's models, within about {VENDOR_ERROR_SHARE:.0%} for those of "
        "other vendors."
    )


def _in_slices(texts: Packed, *, unicode: bool = False) -> Ints:
    """The sums, a cache-sized slice at a time: faster, and memory stays flat."""
    sums = np.full(len(texts), _BASE, dtype=np.int64)
    for place, part in texts.slices():
        filled = part.lengths > 0
        if filled.any():
            starts = part.bounds[:-1][filled]
            found = _unicode(part.data, starts) if unicode else _ascii(part.data, starts)
            sums[place][filled] += found
    return sums


def _ascii(data: Bytes, starts: Ints) -> Ints:
    digit = data - np.uint8(48) < 10
    alphanumeric = (data | np.uint8(32)) - np.uint8(97) < 26
    alphanumeric |= digit
    punctuation = np.greater(data - np.uint8(33) < 94, alphanumeric)
    space = data - np.uint8(9) < 5
    space |= data - np.uint8(28) < 5
    units = digit.view(np.uint8) * _DIGIT_UNITS
    units += punctuation.view(np.uint8) * _PUNCTUATION_UNITS
    units += (data == 10).view(np.uint8) * _NEWLINE_UNITS
    units += _word_starts(space, starts).view(np.uint8) * _WORD_UNITS
    sums = np.add.reduceat(units, starts, dtype=np.int64) * _UNIT
    return np.asarray(sums + _CHAR * np.diff(starts, append=len(data)), dtype=np.int64)


def _unicode(data: Bytes, starts: Ints) -> Ints:
    lead = (data & np.uint8(0xC0)) != 0x80  # the first byte of each character
    starts = np.concatenate([[0], np.cumsum(np.add.reduceat(lead, starts, dtype=np.int64))[:-1]])
    points = np.frombuffer(bytes(data).decode().encode("utf-32-le"), dtype=np.uint32)
    letters = np.minimum(points, _LAST_POINT)
    shares, spaces = _alphabet()
    thousandths = shares[letters]
    thousandths += _word_starts(spaces[letters], starts) * np.int32(_WORD)
    return np.asarray(np.add.reduceat(thousandths, starts, dtype=np.int64))


def _word_starts(space: npt.NDArray[np.bool_], starts: Ints) -> npt.NDArray[np.bool_]:
    """Where a word begins, as str.split() sees it; each text starts anew."""
    begins = np.empty(len(space), dtype=np.bool_)
    np.greater(space[:-1], space[1:], out=begins[1:])
    begins[starts] = ~space[starts]
    return begins


@cache
def _alphabet() -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """Thousandths of a token per code point, and whether it is blank; the last stands for more."""
    points = [chr(point) for point in range(_LAST_POINT + 1)]
    shares = np.full(len(points), _CHAR, dtype=np.int32)
    shares[128:] += _NON_ASCII
    for first, last in _CJK_BLOCKS:
        shares[first : last + 1] += _CJK - _NON_ASCII
    shares[[point.isdecimal() for point in points]] += _DIGIT
    shares[ord("\n")] += _NEWLINE
    for low, high in ("!/", ":@", "[`", "{~"):
        shares[ord(low) : ord(high) + 1] += _PUNCTUATION
    return shares, np.array([point.isspace() for point in points])
