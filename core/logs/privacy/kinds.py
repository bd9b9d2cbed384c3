"""What a kind of personal data is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from core.logs.privacy.signs import Sign

Span = tuple[int, int]  # of characters in the text that was searched


def whole(match: re.Match[str]) -> Span | None:
    """The group that matched, else all of the match."""
    return match.span(match.lastindex or 0)


@dataclass(frozen=True)
class Kind:
    """One kind of personal data: what it looks like, and a proof that it really is that.

    No text without its `sign` and its `hint` (RE2) can match `pattern`. `proof` says which
    part of the text is to go, None when it is something else.
    """

    name: str
    sign: Sign
    hint: str
    pattern: re.Pattern[str]
    proof: Callable[[re.Match[str]], Span | None] = whole
