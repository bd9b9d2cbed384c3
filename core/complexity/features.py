"""Text to numbers: eight counts that say how hard a query looks.

Every column is `log1p` of a count. They were chosen on the training questions from those
of the project's study: length, marks of reckoning and words of programming kept some
relation to difficulty on sets of questions left out of the fit; average sentence length,
long words, long numbers and abstract endings added nothing beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]

HEAD_CHARS: Final = 6_000
TAIL_CHARS: Final = 2_000  # instructions stand at the start, the actual question at the end


@dataclass(frozen=True)
class Feature:
    """One column: its name, what people call one and several of it, and its pattern.

    Patterns are RE2 on lower-cased text; groups do not capture, because captures are slow.
    """

    name: str
    one: str
    several: str
    pattern: str


_CODE_WORDS: Final = (
    "code|function|class|python|javascript|java|sql|api|script|program|programming|html|css"
    "|database|server|regex|algorithm|implement|implementation|library|react|docker|linux|bash"
    "|query|json"
)

FEATURES: Final = (
    Feature("characters", "character", "characters", ""),
    Feature("numbers", "number", "numbers", r"[0-9][0-9.,]*"),
    Feature("decimals", "decimal number", "decimal numbers", r"[0-9]\.[0-9]"),
    Feature("maths_symbols", "maths symbol", "maths symbols", r"[=+*^<>×÷√≤≥∑∫π]"),
    Feature("tex_commands", "TeX command", "TeX commands", r"\\[a-z]+"),
    Feature(
        "conditions",
        "condition such as 'if' or 'given'",
        "conditions such as 'if' or 'given'",
        r"\b(?:if|given|suppose|assume|unless|when|such that|provided|let)\b",
    ),
    Feature(
        "compute_words",
        "word that asks to compute, find or prove",
        "words that ask to compute, find or prove",
        r"\b(?:calculate|compute|find|determine|solve|prove|derive|evaluate|estimate"
        r"|how many|how much|simplify|show that|integrate)\b",
    ),
    Feature(
        "code_words",
        "word of programming",
        "words of programming",
        rf"\b(?:{_CODE_WORDS})\b|\bc\+\+|\bc#",
    ),
)
NAMES: Final = tuple(feature.name for feature in FEATURES)

_OPTIONS: Final = r"\n\(?a[.):] "  # where a multiple-choice question starts its options


def features(texts: pa.Array) -> Floats:
    """The feature table of `texts`, shape (n, 8), columns as in `NAMES`.

    A null text gives the row of an empty text; texts longer than 8,000 characters are
    read as their first 6,000 and last 2,000. Answer options do not count as length.
    """
    text = pc.ascii_lower(shorten(texts.cast(pa.string()).fill_null("")))
    options_at = _numbers(pc.find_substring_regex(text, _OPTIONS))
    chars = _numbers(pc.utf8_length(text))
    table = np.empty((len(text), len(FEATURES)))
    # The place of the options is counted in bytes: in English the same as characters.
    table[:, 0] = np.where(options_at >= 0, options_at, chars)
    for column, feature in enumerate(FEATURES[1:], start=1):
        table[:, column] = _numbers(pc.count_substring_regex(text, feature.pattern))
    return np.log1p(table, out=table)


def shorten(texts: pa.Array) -> pa.Array:
    """The texts, with the middle of any longer than 8,000 characters left out."""
    too_long = pc.greater(pc.utf8_length(texts), HEAD_CHARS + TAIL_CHARS)
    if not pc.any(too_long).as_py():
        return texts
    long = texts.filter(too_long)
    head = pc.utf8_slice_codeunits(long, 0, HEAD_CHARS)
    tail = pc.utf8_slice_codeunits(long, -TAIL_CHARS)
    return pc.replace_with_mask(texts, too_long, pc.binary_join_element_wise(head, tail, "\n"))


def _numbers(column: pa.Array) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
