"""Tokens counted one by one, where the optional extra `tokens` is installed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

VOCABULARY: Final = "o200k_base"  # of OpenAI's models since GPT-4o
_PIECE_CHARS: Final = 50_000  # the encoder refuses texts beyond about 130,000 tokens


def counted_with() -> str | None:
    """The vocabulary that texts are counted with, None when they can only be estimated."""
    return VOCABULARY if _encoder() else None


def count(texts: pa.Array) -> pa.Array | None:
    """Tokens per text as int64, at least 1 (also for null and empty texts), or None.

    Exact for texts up to 50,000 characters; each further piece may add one token.
    """
    encode = _encoder()
    if encode is None:
        return None
    filled = pc.fill_null(texts, "").to_pylist()
    return pa.array([max(1, _length(text, encode)) for text in filled], pa.int64())


def _length(text: str, encode: Callable[[str], list[int]]) -> int:
    pieces = range(0, len(text), _PIECE_CHARS)
    return sum(len(encode(text[start : start + _PIECE_CHARS])) for start in pieces)


@cache
def _encoder() -> Callable[[str], list[int]] | None:
    try:
        package = import_module("bpe_openai")
    except ImportError:
        return None
    encode: Callable[[str], list[int]] = package.get_encoding(VOCABULARY).encode_ordinary
    return encode
