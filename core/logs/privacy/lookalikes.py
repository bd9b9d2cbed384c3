"""Letters that only look different, as their plain twins: so that no number hides in them.

Text copied from web pages has no-break blanks and dashes in phone and card numbers, Japanese
keyboards write full-width digits, and invisible characters get in anywhere.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_SPACES: Final = (0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)
_DASHES: Final = (*range(0x2010, 0x2016), 0x2212, 0xFE63)
_INVISIBLE: Final = (0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF)
_WIDE: Final = (*"+-.@_", *map(chr, range(0x41, 0x5B)), *map(chr, range(0x61, 0x7B)))
_SMALL_AT: Final = 0xFE6B


def plain(texts: pa.Array) -> pa.Array:
    """The texts with digits, and the blanks and signs around them, in ASCII.

    Texts without a lookalike stay as they are, dashes and blanks far from digits too.
    """
    foreign = pc.invert(pc.fill_null(pc.string_is_ascii(texts), True))
    if not pc.any(foreign).as_py():
        return texts
    some = texts.filter(foreign)
    odd = pc.match_substring_regex(some, _ODD)
    if not pc.any(odd).as_py():
        return texts
    mended = [text.translate(_twins()) for text in some.filter(odd).to_pylist()]
    some = pc.replace_with_mask(some, odd, pa.array(mended, texts.type))
    return pc.replace_with_mask(texts, foreign, some)


def _any_of(points: tuple[int, ...]) -> str:
    return "".join(rf"\x{{{point:x}}}" for point in points)


_WIDE_POINTS: Final = tuple(ord(letter) + 0xFEE0 for letter in _WIDE)
_ODD: Final = (
    rf"[^\P{{Nd}}0-9]|[{_any_of((*_INVISIBLE, *_WIDE_POINTS, _SMALL_AT))}]"
    rf"|[0-9+][{_any_of((*_SPACES, *_DASHES))}]"
)


@cache
def _twins() -> dict[int, str | None]:
    """Per code point its twin; None for what cannot be seen."""
    letters = map(chr, range(0x80, 0x110000))
    digits = {ord(c): str(unicodedata.decimal(c)) for c in letters if c.isdecimal()}
    return {
        **digits,
        **dict(zip(_WIDE_POINTS, _WIDE, strict=True)),
        **dict.fromkeys(_SPACES, " "),
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_INVISIBLE),
        _SMALL_AT: "@",
    }
