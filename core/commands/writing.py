"""A file that a command writes where the user says."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from core import disk

_ELSEWHERE: Final = "name a file in another folder"


def writing(path: Path) -> AbstractContextManager[None]:
    """Turns what the file system says against writing to `path` into Hindered."""
    return disk.writing(path, _ELSEWHERE)


def write_file(path: Path, content: str | bytes) -> None:
    """Writes a file whole, or leaves what was there; Hindered where it cannot be written."""
    disk.write_whole(path, content, _ELSEWHERE)
