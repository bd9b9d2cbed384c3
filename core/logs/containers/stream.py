"""Any text file as a stream of clean UTF-8, with flat memory."""

from __future__ import annotations

import codecs
import gzip
import io
import re
from collections.abc import Iterator
from typing import IO, Final, Literal, Protocol

from core.errors import BadInput
from core.logs.containers.archive import (
    BOMB_BYTES,
    BOMB_FREE_BYTES,
    BOMB_RATIO,
    DAMAGED,
    Place,
    open_bytes,
)
from core.logs.containers.chunk import CHUNK_BYTES
from core.logs.containers.utf8 import Cleaner


class Readable(Protocol):
    """A file open for reading bytes, plain or packed."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` bytes."""

    def close(self) -> None:
        """Let the file go."""


Encoding = Literal["UTF-8", "UTF-16", "UTF-16LE", "UTF-16BE", "Windows-1252"]

_REPAIR: Final = "tierwise-windows-1252"
_SURROGATE: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")  # half a pair, as if UTF-8
_CODECS: Final[dict[Encoding, str]] = {
    "UTF-8": "utf-8-sig",
    "Windows-1252": "utf-8-sig",  # the repair below reads its bytes one by one
    "UTF-16": "utf-16",
    "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be",
}


def _repair(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 as Windows-1252, lone surrogates as the replacement character."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    if error.encoding.startswith("utf-16"):
        return "\ufffd", error.end
    if _SURROGATE.match(error.object, error.start):
        return "\ufffd", error.start + 3
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_REPAIR, _repair)


class TextStream(io.RawIOBase):
    """The text of a file as UTF-8 bytes; `bytes_read` counts bytes before any gunzipping.

    Raises BadInput for packed data that is cut, broken or a bomb.
    """

    def __init__(self, place: Place, name: str, *, gzipped: bool, encoding: Encoding) -> None:
        super().__init__()
        self._name = name
        self._file: IO[bytes] = open_bytes(place, name)
        self._bytes: Readable = gzip.GzipFile(fileobj=self._file) if gzipped else self._file
        self._gzipped = gzipped
        self._decoder = codecs.getincrementaldecoder(_CODECS[encoding])(_REPAIR)
        self._cleaner = Cleaner(_REPAIR) if _CODECS[encoding] == "utf-8-sig" else None
        self._unpacked = 0
        self._ready = b""
        self._ended = False

    @property
    def bytes_read(self) -> int:
        """How far the file has been read."""
        return 0 if self._file.closed else self._file.tell()

    def readable(self) -> bool:
        """True: pyarrow asks."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes of UTF-8, and none only at the end."""
        wanted = CHUNK_BYTES if size is None or size < 0 else size
        while not self._ready and not self._ended:
            self._ready = self._next(wanted)
        head, self._ready = self._ready[:wanted], self._ready[wanted:]
        return head

    def close(self) -> None:
        """Let the file go."""
        if not self.closed:
            self._bytes.close()
            self._file.close()
        super().close()

    def _next(self, wanted: int) -> bytes:
        raw = unpack(self._bytes, wanted, self._name)
        self._ended = not raw
        self._unpacked += len(raw)
        if self._gzipped:
            self._refuse_bombs()
        if self._cleaner:
            return self._cleaner.clean(raw, final=not raw)
        return self._decoder.decode(raw, final=not raw).encode("utf-8", "replace")

    def _refuse_bombs(self) -> None:
        packed = max(self.bytes_read, 1)
        swollen = self._unpacked > BOMB_FREE_BYTES and self._unpacked / packed > BOMB_RATIO
        if swollen or self._unpacked > BOMB_BYTES:
            raise BadInput(
                f"The gzip file unpacks to more than {self._unpacked / 1e6:,.0f} MB "
                f"from {packed / 1e6:,.1f} MB read, which is beyond what is opened unasked",
                where=self._name,
                remedy="If it really is a log, unpack it first and open the unpacked file",
            )


def unpack(file: Readable, size: int, name: str) -> bytes:
    """The next `size` bytes of a plain or packed file; BadInput when packed data is damaged."""
    try:
        return file.read(size)
    except (gzip.BadGzipFile, *DAMAGED) as error:
        raise BadInput(
            "The packed file is damaged or ends early",
            where=name,
            remedy="Download or compress it again",
        ) from error


def lines(stream: TextStream, name: str) -> Iterator[bytes]:
    """The lines of a stream, split on the newline character only (JSON may hold U+2028)."""
    tail = b""
    while block := stream.read(1 << 20):
        *whole, tail = (tail + block).split(b"\n")
        yield from whole
        if len(tail) > CHUNK_BYTES:
            raise BadInput(
                f"A line is longer than {CHUNK_BYTES >> 20} MB",
                where=name,
                remedy="Cut the longest texts and try again",
            )
    if tail:
        yield tail
