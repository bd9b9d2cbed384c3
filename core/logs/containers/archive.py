"""Zip archives: their members as places to read from, without unpacking what can be streamed."""

from __future__ import annotations

import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from core.errors import BadInput

BOMB_BYTES: Final = 4 << 30  # what unpacks to more is refused
BOMB_RATIO: Final = 200  # ... or what grows by more than this factor,
BOMB_FREE_BYTES: Final = 50 << 20  # once this much has come out
MAX_MEMBERS: Final = 10_000
_COPY_BYTES: Final = 4 << 20
_REMEDY: Final = "Unpack it first and open the unpacked files"
DAMAGED: Final = (  # what zipfile and zlib raise for damaged archives
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, IndexError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others unpack without a bound


@dataclass(frozen=True)
class Member:
    """One file of a zip archive; `size` is its length once unpacked."""

    archive: Path
    index: int
    size: int


@dataclass(frozen=True)
class Remote:
    """A file of another file system; `version` is another when its content is.

    `system` says which file system, as fsspec writes it, without a password.
    """

    url: str
    size: int
    version: str
    system: str
    path: str

    @property
    def name(self) -> str:
        """The last part of its URL."""
        return self.url.rstrip("/").rpartition("/")[2]


Place = Path | Member | Remote


def size_of(place: Place) -> int:
    """How many bytes `open_bytes` gives."""
    return place.stat().st_size if isinstance(place, Path) else place.size


def open_bytes(place: Place, name: str) -> IO[bytes]:
    """The bytes of a file or of an archive's member, from the start."""
    if isinstance(place, Path):
        return place.open("rb")
    if isinstance(place, Remote):
        return open_remote(place)
    try:
        with zipfile.ZipFile(place.archive) as archive:  # the member keeps the file open
            return archive.open(archive.infolist()[place.index])
    except DAMAGED as error:
        raise damaged(name) from error


@contextmanager
def on_disk(place: Place, name: str) -> Iterator[Path]:
    """A path for readers that jump about in a file; a member lies there until the block ends."""
    if isinstance(place, Path):
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="tierwise-") as folder:
        path = Path(folder) / "member"
        with closing(open_bytes(place, name)) as packed, path.open("wb") as file:
            while block := read_member(packed, name):
                file.write(block)
        yield path


@contextmanager
def seekable(place: Place, name: str) -> Iterator[Path | IO[bytes]]:
    """What readers that jump about in a file may open: a path, or an open remote file."""
    if isinstance(place, Remote):
        with closing(open_bytes(place, name)) as file:
            yield file
        return
    with on_disk(place, name) as path:
        yield path


def open_remote(place: Remote) -> IO[bytes]:
    """The bytes of a remote file, fetched as they are read."""
    from fsspec.spec import AbstractFileSystem

    file: IO[bytes] = AbstractFileSystem.from_json(place.system).open(place.path, "rb")
    return file


def read_member(packed: IO[bytes], name: str, size: int = _COPY_BYTES) -> bytes:
    """The next bytes; BadInput when the archive is damaged there."""
    try:
        return packed.read(size)
    except DAMAGED as error:
        raise damaged(name) from error


def damaged(name: str) -> BadInput:
    """The error for an archive that cannot be unpacked."""
    return BadInput(
        "The archive is damaged or ends early", where=name, remedy="Download or pack it again"
    )


def listed(path: Path, name: str) -> list[tuple[str, Member]]:
    """The files in an archive with their names; folders and hidden files are left out.

    BadInput for an archive that is damaged, encrypted, a bomb, or whose names point outside.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except DAMAGED as error:
        raise damaged(name) from error
    for info in infos:
        _refuse_outside(info, name)
    found = [(i, info) for i, info in enumerate(infos) if _is_file(info)]
    if len(found) > MAX_MEMBERS:
        raise BadInput(f"The archive holds {len(found):,} files", where=name, remedy=_REMEDY)
    for _, info in found:
        _refuse_locked(info, name)
    _refuse_bombs([info for _, info in found], path.stat().st_size, name)
    return [(info.filename, Member(path, i, info.file_size)) for i, info in found]


def kind_of(path: Path, name: str) -> str:
    """What a zip file is: "workbook", "archive", or something else in words."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = set(archive.namelist())
    except DAMAGED as error:
        raise BadInput(
            "The workbook or archive is damaged", where=name, remedy="Download it again"
        ) from error
    if "[Content_Types].xml" in members:
        workbook = any(member.startswith("xl/") for member in members)
        return "workbook" if workbook else "an Office document"
    if {"mimetype", "content.xml"} <= members:
        return "an OpenDocument file"
    return "archive"


def _is_file(info: zipfile.ZipInfo) -> bool:
    parts = info.filename.replace("\\", "/").split("/")
    hidden = "__MACOSX" in parts or any(part.startswith(".") for part in parts)
    link = stat.S_ISLNK(info.external_attr >> 16)
    return not (info.is_dir() or hidden or link)


def _refuse_outside(info: zipfile.ZipInfo, name: str) -> None:
    raw = info.orig_filename
    parts = re.split(r"[/\\]", raw)
    if ".." in parts or parts[0] == "" or re.match("[A-Za-z]:", raw) or "\0" in raw:
        raise BadInput(
            f"The archive holds a name that points outside of it ({raw[:80]!r})",
            where=name,
            remedy="Do not trust it; ask for a clean archive",
        )


def _refuse_locked(info: zipfile.ZipInfo, name: str) -> None:
    if info.flag_bits & 0x1:
        raise BadInput(
            f"'{info.filename[:80]}' in the archive is encrypted",
            where=name,
            remedy="Unpack it with its password and open the unpacked file",
        )
    if info.compress_type not in _METHODS:
        raise BadInput(
            f"'{info.filename[:80]}' in the archive is packed by a method that is not read "
            f"(number {info.compress_type})",
            where=name,
            remedy=_REMEDY,
        )


def _refuse_bombs(infos: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    total = sum(info.file_size for info in infos)
    swollen = [info for info in infos if _swells(info.file_size, info.compress_size)]
    if total > BOMB_BYTES or swollen or _swells(total, packed):
        raise BadInput(
            f"The archive unpacks to {total / 1e6:,.0f} MB from {packed / 1e6:,.1f} MB, which is "
            "beyond what is opened unasked",
            where=name,
            remedy="If it really is a log, unpack it first and open the unpacked file",
        )


def _swells(unpacked: int, packed: int) -> bool:
    return unpacked > BOMB_FREE_BYTES and unpacked > BOMB_RATIO * max(packed, 1)
