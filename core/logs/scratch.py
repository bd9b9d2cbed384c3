"""Where unfinished work on a log lies, so that the next attempt can go on with it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import IO, Final

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
    place.mkdir(exist_ok=True)
    with (place / _LOCK).open("w") as lock:
        if not _locked(lock):
            with tempfile.TemporaryDirectory(dir=folder, prefix=_PREFIX) as other:
                yield Path(other)
            return
        try:
            shutil.rmtree(place / "ready", ignore_errors=True)
            yield place
        except Exception:
            shutil.rmtree(place, ignore_errors=True)
            raise
        shutil.rmtree(place, ignore_errors=True)


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
    try:
        import fcntl
    except ImportError:  # Windows
        return True
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
