"""The local disk: files that are written whole or not at all, and what is in their way."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from core.errors import Hindered

LEAST_FREE_BYTES: Final = 1 << 20  # with less than that a disk counts as full
FULL: Final = (errno.ENOSPC, errno.EDQUOT)
ANOTHER_HOME: Final = "set TIERWISE_HOME to a folder elsewhere"
_SOMEWHERE: Final = "the local disk"
_HERE: Final = "this machine"
_MEMORY: Final = (errno.EAGAIN, errno.ENOMEM)  # as fork says it
_MAKE_ROOM: Final = "Make room there or {elsewhere}, then try again"
_LET_WRITE: Final = "Let this user write there or {elsewhere}, then try again"
_LOOK: Final = "Check that place, then try again"
_LATER: Final = "Wait a moment, then try again"
_SAID: Final = {
    errno.ENOSPC: ("the disk is full", _MAKE_ROOM),
    errno.EDQUOT: ("the disk quota is used up", _MAKE_ROOM),
    errno.EFBIG: ("no file may be that large there", _MAKE_ROOM),
    errno.EROFS: ("the disk can only be read", _LET_WRITE),
    errno.EACCES: ("this user is not allowed to", _LET_WRITE),
    errno.EPERM: ("this user is not allowed to", _LET_WRITE),
    errno.EMFILE: ("too many files are open", _LATER),
    errno.ENFILE: ("too many files are open", _LATER),
    errno.EAGAIN: ("short of memory, or of processes", _LATER),
    errno.ENOMEM: ("short of memory, or of processes", _LATER),
    errno.EIO: ("the disk reports an error", "Look after that disk before you go on"),
}


def is_of_the_machine(error: OSError) -> bool:
    """Whether it is the machine that refuses, whatever was asked of it; else it may be a bug."""
    return error.errno in _SAID


def hindered(
    error: OSError, where: str = "", doing: str = "", elsewhere: str = ANOTHER_HOME
) -> Hindered:
    """What the operating system said against it, as people say it, and what to do.

    `doing` comes before it, such as "cannot be written"; `where` defaults to the file that the
    error names, if it does; `elsewhere` is what else helps than to make room or give rights there.
    """
    own_words = error.strerror or str(error) or type(error).__name__
    found, remedy = _SAID.get(error.errno or 0, (own_words, _LOOK))
    named = error.filename2 or error.filename
    somewhere = _HERE if error.errno in _MEMORY else _SOMEWHERE
    return Hindered(
        f"{doing}: {found}" if doing else found,
        where=where or (os.fsdecode(named) if isinstance(named, (str, bytes)) else somewhere),
        remedy=remedy.format(elsewhere=elsewhere),
    )


@contextmanager
def writing(where: Path, elsewhere: str = ANOTHER_HOME) -> Iterator[None]:
    """Turns what the operating system says against writing there into Hindered."""
    try:
        yield
    except OSError as error:
        raise hindered(error, str(where), "cannot be written", elsewhere) from error


@contextmanager
def whole(path: Path, elsewhere: str = ANOTHER_HOME) -> Iterator[Path]:
    """A path beside `path` to write to; what was written there takes its place at the end.

    Whatever fails meanwhile, what was there before stays as it was, and nothing unfinished is
    left. A pipe or a device is written to directly. Hindered where it cannot be written.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with writing(path, elsewhere):
            yield path
        return
    target = path.resolve()  # through a link: the file that it leads to
    # Its own name for each: two who write at once must not write into one file.
    unfinished = target.with_name(f".{target.name[:100]}-{secrets.token_hex(4)}.part")
    try:
        try:
            yield unfinished
        except OSError as error:
            # Not everybody who writes says which file it was.
            ours = (
                str(unfinished) in (error.filename, error.filename2) or not target.parent.is_dir()
            )
            if not (ours or is_of_the_machine(error)):
                raise  # of something else that was read meanwhile
            raise hindered(error, str(path), "cannot be written", elsewhere) from error
        with writing(path, elsewhere):
            _settle(unfinished)
            with suppress(FileNotFoundError):
                shutil.copymode(target, unfinished)  # last: it may forbid to write
            unfinished.replace(target)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes, elsewhere: str = ANOTHER_HOME) -> None:
    """Writes a file whole or not at all, text as UTF-8 with its line ends as they are."""
    with whole(path, elsewhere) as unfinished:
        unfinished.write_bytes(content.encode() if isinstance(content, str) else content)


def reason_against(folder: Path) -> str:
    """Why nothing can be kept in a folder, in a few words without its name; "" if it can.

    Writes a small file and takes it away again: neither free space nor rights tell of a quota.
    """
    trial = folder / f".trial-{secrets.token_hex(4)}.part"
    try:
        trial.write_bytes(bytes(4096))
        return "" if shutil.disk_usage(folder).free >= LEAST_FREE_BYTES else "the disk is full"
    except OSError as error:
        return hindered(error).found
    finally:
        with suppress(OSError):
            trial.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Waits until the file is on the disk: a name must not get there before its content."""
    with path.open("r+b") as file:  # Windows wants to write what it settles
        os.fsync(file.fileno())
