"""A file that a command writes where the user says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import BadInput


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns what the file system says against writing to `path` into BadInput."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise BadInput(
            f"cannot be written: {reason}",
            where=str(path),
            remedy="Name a file in a folder that you may write to",
        ) from error
