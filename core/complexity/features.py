"""Text to numbers: nine counts that say how hard a query looks.

Every column is `log1p` of a count. They were chosen on the training questions, by sets left
out of the fit: length in words, words that are not everyday words, marks of reckoning and
words of programming. The model card lists what was tried beside them and added nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.words import count_words

Floats = npt.NDArray[np.float64]

HEAD_CHARS: Final = 6_000
TAIL_CHARS: Final = 2_000  # instructions stand at the start, the actual question at the end


@dataclass(frozen=True)
class Feature:
    """One column: its name, what people call one and several of it, and what is counted.

    That is whole words, a blank between two, what a pattern finds, or both together. Patterns
    are RE2 on lower-cased text; words are many times faster.
    """

    name: str
    one: str
    several: str
    pattern: str = ""
    words: str = ""


FEATURES: Final = (
    Feature("words", "word", "words"),
    Feature("uncommon_words", "word out of the ordinary", "words out of the ordinary"),
    Feature("numbers", "number", "numbers", r"[0-9][0-9.,]*"),
    Feature("decimals", "decimal number", "decimal numbers", r"[0-9]\.[0-9]"),
    Feature("maths_symbols", "maths symbol", "maths symbols", r"[=+*^<>×÷√≤≥∑∫π]"),
    Feature("tex_commands", "TeX command", "TeX commands", r"\\[a-z]+"),
    Feature(
        "conditions",
        "condition such as 'if' or 'given'",
        "conditions such as 'if' or 'given'",
        words="if given suppose assume unless when provided let",
    ),
    Feature(
        "compute_words",
        "word that asks to compute, find or prove",
        "words that ask to compute, find or prove",
        words="calculate compute find determine solve prove derive evaluate estimate simplify"
        " integrate",
        pattern=r"how many|how much|show that",
    ),
    Feature(
        "code_words",
        "word of programming",
        "words of programming",
        words="code function class python javascript java sql api script program programming"
        " html css database server regex algorithm implement implementation library react"
        " docker linux bash query json",
        pattern=r"\bc\+\+|\bc#",
    ),
)
NAMES: Final = tuple(feature.name for feature in FEATURES)
_LISTS: Final = tuple(feature.words for feature in FEATURES if feature.words)

OPTIONS: Final = r"\n\(?a[.):] "  # where a multiple-choice question starts its options


def features(texts: pa.Array, everyday: str = "") -> Floats:
    """The feature table of `texts`, shape (n, 9), columns as in `NAMES`.

    `everyday` holds the everyday words, a blank between two. A null text gives the row of an
    empty text; texts longer than 8,000 characters are read as their first 6,000 and last
    2,000. Words of answer options do not count.
    """
    text = pc.ascii_lower(shorten(texts.cast(pa.string()).fill_null("")))
    counted = count_words(without_options(text), (everyday, *_LISTS))
    table = np.empty((len(text), len(FEATURES)))
    table[:, 0], table[:, 1] = counted.words, counted.words - counted.listed[:, 0]
    listed = iter(counted.listed[:, 1:].T)
    for column, feature in enumerate(FEATURES[2:], start=2):
        table[:, column] = next(listed) if feature.words else 0.0
        if feature.pattern:
            table[:, column] += _numbers(pc.count_substring_regex(text, feature.pattern))
    return np.log1p(table, out=table)


def without_options(texts: pa.Array) -> pa.Array:
    """The texts (lower case), each cut where the answer options of a question start."""
    has_options = pc.match_substring_regex(texts, OPTIONS)
    if not pc.any(has_options).as_py():
        return texts
    stems = pc.replace_substring_regex(texts.filter(has_options), f"(?s){OPTIONS}.*", "")
    return pc.replace_with_mask(texts, has_options, stems)


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
