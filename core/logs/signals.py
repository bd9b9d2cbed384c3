"""What happened to an answer afterwards: taken over by somebody else, or changed."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.logs import amounts

_YES: Final = pa.array(["true", "yes", "y", "t"])
_NO: Final = pa.array(["false", "no", "n", "f", "none"])
_NO_WORD: Final = pa.scalar(None, pa.string())


def read_signal(cells: pa.Array) -> tuple[pa.Array, int]:
    """Whether it happened, null where nothing is said, and how many values say neither.

    Yes and no in words, or a number: how often or how much, of which 0 is no.
    """
    words = pc.utf8_lower(pc.utf8_trim_whitespace(cells))
    yes, no = (pc.is_in(words, value_set=known) for known in (_YES, _NO))
    numbers, unreadable = amounts.parse(pc.if_else(pc.or_(yes, no), _NO_WORD, words))
    worded = pc.if_else(yes, True, pc.if_else(no, False, pa.scalar(None, pa.bool_())))
    return pc.coalesce(worded, pc.greater(numbers, 0.0)), unreadable


def verdict_of(escalated: pa.Array, edited: pa.Array) -> pa.Array:
    """A verdict for logs without ratings: 0 where either happened, 1 where none is known to have.

    Null where neither is known.
    """
    known = pc.or_(pc.is_valid(escalated), pc.is_valid(edited))
    happened = pc.or_(pc.fill_null(escalated, False), pc.fill_null(edited, False))
    return pc.if_else(known, pc.if_else(happened, 0.0, 1.0), pa.scalar(None, pa.float64()))
