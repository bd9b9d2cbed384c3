"""Where unfinished work on a log lies, so that the next attempt can go on with it."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import IO, Final

if sys.platform != "win32":
    import fcntl

READY: Final = "ready"  # a folder of what is whole, just before it gets its place
_PREFIX: Final = ".importing-"
_LOCK: Final = "lock"
_FORGOTTEN_SECONDS: Final = 86_400.0


@contextlib.contextmanager
def scratch_of(folder: Path, name: str) -> Generator[Path]:
    """A folder for the unfinished work of that name, with what a killed attempt left there.

    It goes when the block ends, or fails with an error that somebody was told. While another
    process works on the same, this is a new folder. What lay unfinished for a day goes, too.
    """
    _forget(folder)
    place = folder / f"{_PREFIX}{name}"
    with contextlib.ExitStack() as held:
        if not _ours(place, held):
            yield Path(held.enter_context(tempfile.TemporaryDirectory(dir=folder, prefix=_PREFIX)))
            return
        try:
            shutil.rmtree(place / READY, ignore_errors=True)
            yield place
        except Exception:
            shutil.rmtree(place, ignore_errors=True)
            raise
        shutil.rmtree(place, ignore_errors=True)


def _ours(place: Path, held: contextlib.ExitStack) -> bool:
    """Whether the folder is there and nobody else's until `held` is let go."""
    if sys.platform == "win32":  # a new folder each time, and nothing to go on with
        return False
    place.mkdir(exist_ok=True)
    try:
        lock = held.enter_context((place / _LOCK).open("w"))
        # It may be gone by now: whoever had it took the folder away when it was done.
        return _locked(lock) and os.fstat(lock.fileno()).st_ino == (place / _LOCK).stat().st_ino
    except FileNotFoundError:
        return False


def _forget(folder: Path) -> None:
    for place in folder.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - place.stat().st_mtime < _FORGOTTEN_SECONDS:
                continue
            with (place / _LOCK).open("w") as lock:
                if _locked(lock):
                    shutil.rmtree(place, ignore_errors=True)


def _locked(lock: IO[str]) -> bool:
    """Whether the lock is ours now; it ends with the process, however that ends."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
