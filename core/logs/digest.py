"""The name of a log: what was read, and how."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Final

from core.errors import Cancelled
from core.logs.containers.archive import Remote
from core.logs.mapping import Mapping
from core.logs.pipeline import STOPPED, in_order

_BLOCK_BYTES: Final = 4 << 20


def digest_of(
    paths: Sequence[Path | Remote], mapping: Mapping, keep_text: bool, stop: Callable[[], bool]
) -> str:
    """16 hex digits that stand for this content read this way; raises Cancelled on `stop()`."""
    sha = hashlib.sha256()
    for path in paths:
        if isinstance(path, Remote):  # its server says when it is another
            sha.update(f"{path.system}\0{path.path}\0{path.size}\0{path.version}".encode())
            continue
        sha.update(path.stat().st_size.to_bytes(8))
        for _, block in in_order(_digest, _blocks(path)):
            sha.update(block)
            if stop():
                raise Cancelled(STOPPED)
    sha.update(mapping.to_json().encode())
    if not keep_text:
        sha.update(b"without texts")
    return sha.hexdigest()[:16]


def _blocks(path: Path) -> Generator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block


def _digest(block: bytes) -> bytes:
    return hashlib.sha256(block).digest()
