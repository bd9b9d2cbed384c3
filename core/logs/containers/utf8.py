"""Blocks of bytes as clean UTF-8, without a decode and an encode where there is nothing to mend."""

from __future__ import annotations

import codecs

import numpy as np
import pyarrow as pa


class Cleaner:
    """Mends blocks that are not UTF-8 with the error handler of that name; drops a leading BOM."""

    def __init__(self, repair: str) -> None:
        self._repair = repair
        self._at_start = True
        self._rest = b""  # the first bytes of a letter that goes on in the next block

    def clean(self, block: bytes, *, final: bool) -> bytes:
        """The whole letters of this block and of what was left of the one before."""
        if self._rest:
            block = self._rest + block
        whole = len(block) - (0 if final else _open_end(block))
        block, self._rest = block[:whole], block[whole:]
        if self._at_start and block:
            block, self._at_start = block.removeprefix(codecs.BOM_UTF8), False
        if _is_utf8(block):
            return block
        return block.decode("utf-8", self._repair).encode("utf-8", "replace")


def _open_end(block: bytes) -> int:
    """How many bytes at the end begin a letter that is not complete."""
    for back in (1, 2, 3):
        byte = block[-back] if back <= len(block) else 0
        if byte < 0x80:
            return 0
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return back if back < length else 0
    return 0


def _is_utf8(block: bytes) -> bool:
    bounds = np.array([0, len(block)], dtype=np.int64)
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(block)]
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, buffers).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True
