"""Personal data and secrets in text become typed placeholders; nothing can be turned back.

It does not find names of people, postal addresses, dates of birth, company names, facts
about health or law, account numbers of unknown form, IPv6 addresses, or phone numbers
without a plus sign, a parenthesis or a word such as "call": these need a language model.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.logs.privacy.credentials import CREDENTIALS
from core.logs.privacy.kinds import Kind
from core.logs.privacy.lookalikes import plain
from core.logs.privacy.personal_data import KINDS
from core.logs.privacy.signs import Signs, matches

KEPT_BYTES: Final = 20_000  # per text: half from the head, half from the tail
CUT_MARK: Final = " [...] "
# What may stand in an id, a model or a tool; the long numbers there are ids, not cards.
IN_NAMES: Final = (*CREDENTIALS, *(kind for kind in KINDS if kind.name == "EMAIL"))

_EDGE: Final = 200  # characters within which a blank is looked for
_NUMERIC: Final = re.compile(r"[\d().+/-]+")


def redact(texts: pa.Array, kinds: Sequence[Kind] = KINDS) -> tuple[pa.Array, dict[str, int]]:
    """The texts with placeholders such as <EMAIL>, cut to KEPT_BYTES, and hits per kind.

    A text that is not valid UTF-8 must have been mended before. Null stays null. A text with
    a hit is kept in plain letters (`lookalikes`).
    """
    texts = _cut(texts)
    signs = Signs(plain(texts), (kind.hint for kind in kinds if kind.sign == "words"))
    hits: Counter[str] = Counter()
    cleaned: dict[int, str] = {}
    for kind in kinds:
        signed, suspects = signs.of(kind.sign)
        if not len(signed):
            continue
        hinted = matches(suspects, kind.hint)
        for place, text in zip(
            signed[hinted].tolist(), suspects.filter(pa.array(hinted)).to_pylist(), strict=True
        ):
            before = cleaned.get(place, text)
            after = _clean(before, kind, hits)
            if after is not before:
                cleaned[place] = after
    if not cleaned:
        return texts, {}
    places = sorted(cleaned)
    changed = np.zeros(len(texts), dtype=np.bool_)
    changed[places] = True
    values = pa.array([cleaned[place] for place in places], texts.type)
    return pc.replace_with_mask(texts, pa.array(changed), values), dict(hits)


def _clean(text: str, kind: Kind, hits: Counter[str]) -> str:
    """The text without what is of that kind; the same object when there is none."""
    parts: list[str] = []
    kept = at = 0
    while match := kind.pattern.search(text, at):
        span = kind.proof(match)
        if span is None:
            at = match.start() + 1
            continue
        parts += (text[kept : max(span[0], kept)], f"<{kind.name}>")
        kept = at = span[1]
        hits[kind.name] += 1
    return "".join((*parts, text[kept:])) if parts else text


def _cut(texts: pa.Array) -> pa.Array:
    long = pc.fill_null(pc.greater(pc.binary_length(texts), KEPT_BYTES), False)
    if not pc.any(long).as_py():
        return texts
    ends = [_ends(text) for text in texts.filter(long).to_pylist()]
    return pc.replace_with_mask(texts, long, pa.array(ends, texts.type))


def _ends(text: str) -> str:
    half = (KEPT_BYTES - len(CUT_MARK)) // 2
    head = text[:half].encode()[:half].decode("utf-8", "ignore")
    tail = text[-half:].encode()[-half:].decode("utf-8", "ignore")
    return _whole_words(head) + CUT_MARK + _whole_words(tail[::-1])[::-1]


def _whole_words(text: str) -> str:
    """The text without the word and the numbers at its end, which may be parts of longer ones."""
    edge = text[-_EDGE:]
    words = list(re.finditer(r"\S+", edge))
    keep = len(words) - (not edge[-1].isspace())
    while keep > 1 and _NUMERIC.fullmatch(words[keep - 1][0]):
        keep -= 1
    if keep < 1:
        return text  # no blank to cut at: Japanese, or no text at all
    return text[: len(text) - len(edge) + words[keep - 1].end()]
