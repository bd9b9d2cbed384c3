"""Which texts are unlike those the classifier learned from, and in what way.

It learned from English questions and requests of up to a page, short programs included.
The limits below lie just outside those questions: the model card says how many of them are
flagged all the same. What is flagged is not read wrongly for certain, but nothing learned
says that it is read rightly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.complexity.features import NAMES

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]

KINDS: Final = (
    "like what was learned from",
    "another language",
    "hardly any words",
    "data or log lines",
    "code",
    "pasted document",
)
LIKE, LANGUAGE, FEW_WORDS, DATA, CODE, DOCUMENT = range(len(KINDS))

LONGEST: Final = 4_000  # characters; of the training questions 1 in 10,000 is longer
FEWEST_WORDS: Final = 2
MOST_CODE_MARKS: Final = 250  # programs and formulas learned from have up to about 200
UNBROKEN: Final = 120  # characters without a break: encoded data, keys
MOST_CLOCK_TIMES: Final = 5
UNBROKEN_PATTERN: Final = rf"[A-Za-z0-9+/=_\-]{{{UNBROKEN}}}"
CLOCK: Final = r"[0-9]{2}:[0-9]{2}:[0-9]{2}"
CODE_MARK: Final = r"[{}();\[\]_=<>]"
CODE_SHARE: Final = 0.04  # of the characters; in a long English text brackets are rarer

OTHER_LETTERS: Final = 0.15  # share of characters; a word to translate is less
OTHER_LETTER: Final = r"[^\p{Common}\p{Inherited}A-Za-z]"  # accented ones too
# English questions consist of everyday words for the larger part, those of other languages
# hardly; a list of terms does neither, so words that only English has decide.
FOREIGN_BELOW: Final = 0.5  # share of everyday words; in training units 1 in 20 is lower
UNKNOWN_BELOW: Final = 0.25
ENOUGH_WORDS: Final = 6
LISTED: Final = 0.4  # commas per word
ENGLISH: Final = (
    r"(?i)\b(?:the|of|and|to|is|are|with|this|that|what|how|which|who|when|where|why|for|you"
    r"|your|it|my|can|does|please|write|make|from|have|not|about|sentence|using)\b"
)
FOREIGN: Final = (
    r"(?i)\b(?:der|und|ist|nicht|ein|eine|das|dem|den|ich|mit|für|auf|wie|wo|sie|mein|meine|bitte"
    r"|le|les|des|est|une|pour|dans|je|vous|pas|mon|où|comment|quel|quelle|sur|avec|merci"
    r"|el|los|las|una|por|para|cómo|qué|mi|gracias|del|puedo|dónde"
    r"|il|che|di|gli|sono|della|vorrei|perché|grazie|è"
    r"|het|een|ik|niet|mijn|kunt|hoe|voor|och|att|det|jag|inte|är|från"
    r"|uma|não|você|meu|minha|posso|obrigado|nie|się|jak|jest|mogę|mojego|czy|proszę"
    r"|bir|için|nasıl|yang|saya|untuk|bagaimana|miten|voin|minun|hogy|nem|cum|pentru|jsem|proč)\b"
)


@dataclass(frozen=True)
class Share:
    """How many of a log's texts are of one kind, 0..1."""

    kind: str
    share: float


def unlike(texts: pa.Array, table: Floats) -> Codes:
    """The kind per text, as an index of `KINDS`; `table` holds the features of the same texts.

    A null text has hardly any words. A text that is unlike in several ways has the one kind
    that says most: its language, then how few words it has, then the rest.
    """
    texts = texts.cast(pa.string()).fill_null("")
    characters, size = _numbers(pc.utf8_length(texts)), _numbers(pc.binary_length(texts))
    words, uncommon, numbers = (
        np.rint(np.expm1(table[:, NAMES.index(name)]))
        for name in ("words", "uncommon_words", "numbers")
    )
    everyday = 1.0 - uncommon / np.maximum(words, 1.0)
    found = np.zeros(len(texts), dtype=np.int8)
    # Cheap signs choose the few texts that are looked at closely.
    found[characters > LONGEST] = DOCUMENT
    _mark(found, CODE, texts, characters > MOST_CODE_MARKS, _is_code)
    unbroken = characters > 6.0 * words + UNBROKEN
    _mark(found, DATA, texts, unbroken | (numbers > 2 * MOST_CLOCK_TIMES), _is_data)
    found[words < FEWEST_WORDS] = FEW_WORDS
    _mark(found, LANGUAGE, texts, size > characters, _has_other_letters)
    _mark(found, LANGUAGE, texts, (everyday < FOREIGN_BELOW) & (words > 1), _is_foreign)
    unknown = (everyday < UNKNOWN_BELOW) & (words >= ENOUGH_WORDS) & (found == LIKE)
    _mark(found, LANGUAGE, texts, unknown, _is_not_english)
    return found


def shares(found: Codes) -> tuple[Share, ...]:
    """The share of each kind that occurs, what is unlike only, largest first."""
    counts = np.bincount(found, minlength=len(KINDS))
    order = sorted(range(1, len(KINDS)), key=lambda kind: (-counts[kind], kind))
    return tuple(Share(KINDS[k], float(counts[k] / len(found))) for k in order if counts[k])


def _mark(
    found: Codes, kind: int, texts: pa.Array, where: Bools, looks: Callable[[pa.Array], Bools]
) -> None:
    """Writes `kind` at those rows of `where` whose text looks like it."""
    rows = np.flatnonzero(where)
    if len(rows):
        found[rows[looks(texts.take(pa.array(rows)))]] = kind


def _is_code(texts: pa.Array) -> Bools:
    marks = _count(texts, CODE_MARK)
    return (marks > MOST_CODE_MARKS) & (marks > CODE_SHARE * _numbers(pc.utf8_length(texts)))


def _is_data(texts: pa.Array) -> Bools:
    matches = pc.match_substring_regex(texts, UNBROKEN_PATTERN).to_numpy(zero_copy_only=False)
    return np.asarray(matches, dtype=np.bool_) | (_count(texts, CLOCK) > MOST_CLOCK_TIMES)


def _has_other_letters(texts: pa.Array) -> Bools:
    return _count(texts, OTHER_LETTER) > OTHER_LETTERS * _numbers(pc.utf8_length(texts))


def _is_foreign(texts: pa.Array) -> Bools:
    return _count(texts, FOREIGN) > _count(texts, ENGLISH)


def _is_not_english(texts: pa.Array) -> Bools:
    """No English word that binds others, and no list of terms either."""
    listed = _count(texts, ",") >= LISTED * _count(texts, r"\pL+")
    return np.asarray((_count(texts, ENGLISH) == 0) & ~listed, dtype=np.bool_)


def _count(texts: pa.Array, pattern: str) -> Floats:
    return _numbers(pc.count_substring_regex(texts, pattern))


def _numbers(column: pa.Array) -> Floats:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)
