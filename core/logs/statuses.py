"""How a call went: ok, error or cancelled, from the words and codes that tools write."""

from __future__ import annotations

import re
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_OK: Final = "ok|okay|success|successful|succeeded|completed?|done|finished|true|stop|unset|2\\d\\d"
_ERROR: Final = (
    "err|errors?|errored|fail|failed|failure|exception|timeout|timed[ _-]?out|expired|rejected|"
    "rate[ _-]?limited|false|[45]\\d\\d"
)
_CANCELLED: Final = "cancell?ed|aborted|interrupted|499|client[ _-]?closed"
_EDGE: Final = "status[ _]?(code)?[ :.]*"


def is_status(value: str) -> bool:
    """Whether a value is one of the words or codes known here."""
    known = f"({_EDGE})?({_OK}|{_ERROR}|{_CANCELLED})"
    return re.fullmatch(known, value.strip(), re.IGNORECASE) is not None


def read_statuses(cells: pa.Array) -> pa.Array:
    """Per cell "ok", "error" or "cancelled"; a missing or unknown word counts as ok."""
    if cells.null_count == len(cells):
        return pa.repeat("ok", len(cells))
    text = pc.utf8_trim_whitespace(cells)

    def says(words: str) -> pa.Array:
        return pc.fill_null(pc.match_substring_regex(text, f"(?i)^({_EDGE})?({words})$"), False)

    return pc.if_else(says(_CANCELLED), "cancelled", pc.if_else(says(_ERROR), "error", "ok"))
