"""Which files make up a log: one file, the files of a folder or of an archive, or a list."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import BadInput
from core.logs.containers.archive import MAX_MEMBERS, Place, Remote, kind_of, listed
from core.logs.containers.recognise import ZIPS

# files that lie beside logs, told by their names; of a single file only the content counts
_BESIDE: Final = re.compile(
    r"\..*|(readme|licen[sc]e|changelog|notice|copying|manifest|_success|_metadata|_started"
    r"|_committed|thumbs|desktop)(\.\w+)?"
    r"|.*\.(md|rst|html?|pdf|png|jpe?g|gif|svg|webp|py|ipynb|sh|sql|ya?ml|toml|ini|cfg"
    r"|md5|sha\d+|crc|sig|asc|docx?|pptx?|tmp|part|swp)"
    r"|.*-(wal|shm|journal)",
    re.IGNORECASE,
)


Paths = Path | Remote | Sequence[Path | Remote]


@dataclass(frozen=True)
class File:
    """One file, and what people call it."""

    place: Place
    name: str


@dataclass(frozen=True)
class Files:
    """The files in the order of their names, and the names of those that are no logs."""

    files: tuple[File, ...]
    beside: tuple[str, ...] = ()


def files_of(paths: Paths, name: str) -> Files:
    """The files behind one path or several; `name` is what people call the whole.

    Folders are walked and archives are opened. BadInput when nothing is there.
    """
    several = list(paths) if isinstance(paths, Sequence) else [paths]
    found: list[File] = []
    for path, label in _labelled(several, name):
        found += _behind(path, label)
    if len(found) > MAX_MEMBERS:
        raise BadInput(
            f"There are {len(found):,} files", where=name, remedy="Open a smaller folder of them"
        )
    if len(found) > 1:
        found.sort(key=lambda file: file.name)
    beside = [f for f in found if len(found) > 1 and _BESIDE.fullmatch(_last(f.name))]
    files = tuple(f for f in found if f not in beside)
    if not files:
        raise BadInput("There is no log in it", where=name, remedy="Name the file that is one")
    return Files(files, tuple(f.name for f in beside))


def _labelled(paths: Sequence[Path | Remote], name: str) -> Iterator[tuple[Path | Remote, str]]:
    """Each path once, under its own name, or under its whole path where names repeat."""
    once = list(dict.fromkeys(paths))
    names = [path.name for path in once]
    for path in once:
        repeated = names.count(path.name) > 1
        whole = path.url if isinstance(path, Remote) else str(path)
        yield path, name if len(once) == 1 else whole if repeated else path.name


def _behind(path: Path | Remote, name: str) -> list[File]:
    if isinstance(path, Remote):
        return [File(path, name)]
    if path.is_dir():
        inside = [(place, str(place.relative_to(path))) for place in _walk(path)]
        return [file for place, label in inside for file in _unpacked(place, label)]
    if path.exists() and not path.is_file():
        raise BadInput(
            "This is a pipe or a device, which can be read only once",
            where=name,
            remedy="Write it to a file first",
        )
    return _unpacked(path, name)


def _walk(folder: Path) -> Iterator[Path]:
    """The files below a folder, without hidden folders; links to folders are not followed."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith((".", "__MACOSX")))
        for name in sorted(names):
            path = Path(place) / name
            if path.is_file():
                yield path


def _unpacked(path: Path, name: str) -> list[File]:
    """The file, or the files in it when it is an archive."""
    if not _is_zip(path) or kind_of(path, name) != "archive":
        return [File(path, name)]
    members = listed(path, name)
    if not members:
        raise BadInput("The archive holds no file", where=name, remedy="Pack the log again")
    return [File(member, f"{name}/{label}") for label, member in members]


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(4).startswith(ZIPS)
    except OSError:
        return False  # whoever reads it will say so


def _last(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]
