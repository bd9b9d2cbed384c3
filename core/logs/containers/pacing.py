"""A stream that is not read far ahead of its reader, so that memory stays flat."""

from __future__ import annotations

import io
import threading
from typing import Final

from core.logs.containers.stream import TextStream

AHEAD: Final = 3  # blocks; pyarrow's CSV reader would fetch 32 of them
_PATIENCE_S: Final = 0.25  # then a block is given anyway: some blocks never become rows


class PacedStream(io.RawIOBase):
    """Gives a block only when the last few were taken; pyarrow reads it from a thread."""

    def __init__(self, stream: TextStream) -> None:
        super().__init__()
        self._stream = stream
        self._turn = threading.Condition()
        self._ahead = 0
        self._ended = False

    def readable(self) -> bool:
        """True: pyarrow asks."""
        return True

    def read(self, size: int = -1) -> bytes:
        """The next block, once it is due; none after the end."""
        with self._turn:
            self._turn.wait_for(lambda: self._ended or self._ahead < AHEAD, _PATIENCE_S)
            if self._ended:
                return b""
            self._ahead += 1
            return self._stream.read(size)

    def take(self) -> None:
        """A block has become rows: another one may be read."""
        with self._turn:
            self._ahead = max(self._ahead - 1, 0)
            self._turn.notify_all()

    def end(self) -> None:
        """Nothing more is wanted; the stream below may be closed."""
        with self._turn:
            self._ended = True
            self._turn.notify_all()
