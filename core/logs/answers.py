"""What was answered, as far as a replay will hold other answers against it."""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from core.logs.cells import Cells
from core.logs.mapping import Mapping
from core.logs.texts import read_replies

MAX_ANSWER_CHARS: Final = 4_000  # kept per row: about what a replay lets a model write
_READ_CHARS: Final = 2 * MAX_ANSWER_CHARS  # a key that begins in the kept part also ends in it

_NOTHING: Final = pa.scalar(None, pa.string())


def is_length(mapping: Mapping) -> bool:
    """Whether the column of answers holds their length in characters only."""
    return bool(mapping.response) and bool(
        re.search(r"chars|length|len$", mapping.response or "", re.IGNORECASE)
    )


def read_answers(cells: Cells, mapping: Mapping, wanted: pa.Array) -> pa.Array:
    """The answers of the wanted rows as the log has them, cut; null elsewhere and for blanks."""
    if mapping.response is None or is_length(mapping) or not pc.any(wanted).as_py():
        return cells.nothing
    replies = read_replies(pc.if_else(wanted, cells.raw("response"), _NOTHING))
    blank = pc.equal(pc.utf8_trim_whitespace(pc.fill_null(replies, "")), "")
    return pc.utf8_slice_codeunits(pc.if_else(blank, _NOTHING, replies), 0, _READ_CHARS)
