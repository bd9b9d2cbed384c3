"""Text that a spreadsheet shows as it is and never takes for a formula."""

from __future__ import annotations

import unicodedata
from typing import Final

# full-width forms too: some programs read them as their narrow twins
FORMULA_STARTS: Final = tuple("=+-@＝＋－＠")
UNWRITABLE: Final = {"Cc", "Cs", "Cn"}  # control, lone surrogate, no character at all


def printable(text: str) -> str:
    """The text in characters that UTF-8 and XML can hold; others become spaces."""
    return "".join(" " if unicodedata.category(c) in UNWRITABLE else c for c in text)


def escaped(text: str) -> str:
    """The text for a CSV cell: an apostrophe before what would start a formula.

    Spaces in front do not protect, since some programs trim them.
    """
    shown = printable(text)
    return f"'{shown}" if shown.lstrip().startswith(FORMULA_STARTS) else shown
