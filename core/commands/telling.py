"""How far long work is, on standard error, for whoever watches a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

_SECONDS_BETWEEN: Final = 0.5
_SILENT_SECONDS: Final = 2.0  # short work says nothing


@contextmanager
def telling(words: str, unit: str) -> Iterator[Callable[[int, int], None]]:
    """A function for how much of how much is done; it says nothing where nobody watches."""
    began = last = time.monotonic()
    told = False

    def tell(done: int, total: int) -> None:
        nonlocal last, told
        now = time.monotonic()
        soon = now - last < _SECONDS_BETWEEN or now - began < _SILENT_SECONDS
        if soon or not sys.stderr.isatty():
            return
        last, told = now, True
        left = (now - began) * (total - done) / max(done, 1)
        _write(f"{words}: {done:,} of {total:,} {unit}, about {left:,.0f} s left")

    try:
        yield tell
    finally:
        if told:
            _write("")


def _write(line: str) -> None:
    sys.stderr.write(f"\r\x1b[K{line}")
    sys.stderr.flush()
