"""What a file is, told by its content and never by its name."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from typing import IO, Final, Literal

from core.errors import BadInput
from core.logs.containers import llm_database, sqlite
from core.logs.containers.archive import Place, kind_of, on_disk, open_bytes
from core.logs.containers.delimited import ONE_COLUMN, Dialect, sniff
from core.logs.containers.json_values import envelope_key
from core.logs.containers.stream import Encoding, unpack

Kind = Literal["delimited", "json_lines", "json", "parquet", "workbook", "sqlite"]

SAMPLE_BYTES: Final = 512 << 10
ZIPS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PACKED: Final = (b"PAR1", b"\x1f\x8b", sqlite.MAGIC, *ZIPS)
_TABLE_REMEDY: Final = "Export the log as CSV, JSONL, JSON, Parquet or .xlsx"
_FOREIGN: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls) or a password-protected workbook"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"ARROW1", "an Arrow (Feather) file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
)
_DELIMITER_NAMES: Final = {
    ",": "comma-separated",
    ";": "semicolon-separated",
    "\t": "tab-separated",
    "|": "pipe-separated",
    ONE_COLUMN: "one column",
}


class NotALog(BadInput):
    """The file is plainly something else: nobody would miss it in a folder of logs."""


@dataclass(frozen=True)
class Container:
    """How the rows of a file are packed.

    Of a database, `tables` are those that may hold the log and `table` the one that is read;
    both are empty for the databases of llm, which are read as a whole.
    """

    kind: Kind
    gzipped: bool = False
    encoding: Encoding = "UTF-8"
    dialect: Dialect | None = None  # only for delimited text
    tables: tuple[str, ...] = ()
    table: str = ""

    def words(self) -> str:
        """The container in plain English, such as "CSV, comma-separated, UTF-8"."""
        names: dict[Kind, str] = {
            "delimited": "CSV",
            "json_lines": "JSON lines",
            "json": "JSON",
            "parquet": "Parquet",
            "workbook": "Excel workbook",
            "sqlite": "SQLite database",
        }
        parts = [names[self.kind]]
        if self.dialect:
            parts.append(_DELIMITER_NAMES[self.dialect.delimiter])
        if self.kind in ("delimited", "json_lines", "json"):
            parts.append("UTF-16" if self.encoding.startswith("UTF-16") else self.encoding)
        if self.table:
            parts.append(f"table '{self.table}'")
        if self.gzipped:
            parts.append("gzip")
        return ", ".join(parts)


def recognise(place: Place, name: str) -> Container:
    """How the rows of a file are packed; BadInput names what else it is.

    An archive of logs is no container: its members are (see `archive.listed`).
    """
    try:
        with open_bytes(place, name) as file:
            return _recognise(file, place, name)
    except OSError as error:
        raise BadInput(
            f"The file cannot be opened ({error.strerror or error})",
            where=name,
            remedy="Check that it exists and that you may read it",
        ) from error


def _recognise(file: IO[bytes], place: Place, name: str) -> Container:
    head = unpack(file, SAMPLE_BYTES, name)
    if not head:
        raise NotALog("The file is empty", where=name, remedy="Export the log again")
    if head.startswith(b"PAR1"):
        return Container("parquet")
    if head.startswith(ZIPS):
        return _workbook(place, name)
    if head.startswith(sqlite.MAGIC):
        return _database(place, name)
    gzipped = head.startswith(b"\x1f\x8b")
    if gzipped:
        file.seek(0)
        head = unpack(gzip.GzipFile(fileobj=file), SAMPLE_BYTES, name)
        if head.startswith(_PACKED):
            raise BadInput(
                "The gzip file holds another packed file", where=name, remedy="Unpack it once first"
            )
    for magic, what in _FOREIGN:
        if head.startswith(magic):
            raise NotALog(f"This is {what}, not a log", where=name, remedy=_TABLE_REMEDY)
    return _text(head, gzipped, whole=len(head) < SAMPLE_BYTES, name=name)


def _text(head: bytes, gzipped: bool, *, whole: bool, name: str) -> Container:
    encoding = _encoding(head, name)
    text = _decode(head, encoding)
    if not text.strip():
        raise BadInput("The file holds only blank space", where=name, remedy="Export it again")
    kind = _json_kind(text, whole=whole, name=name)
    if kind is not None:
        return Container(kind, gzipped, encoding)
    return Container("delimited", gzipped, encoding, sniff(text, whole=whole, name=name))


def _encoding(head: bytes, name: str) -> Encoding:
    """UTF-16 by its mark or by its zero bytes; Windows-1252 when no UTF-8 pair is found."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "UTF-16"
    start = head[:4096]
    if b"\0" in start:
        half = max(len(start) // 2, 1)
        if start[1::2].count(0) > 0.6 * half and start[::2].count(0) < 0.1 * half:
            return "UTF-16LE"
        if start[::2].count(0) > 0.6 * half and start[1::2].count(0) < 0.1 * half:
            return "UTF-16BE"
        raise NotALog("This is a binary file, not a log", where=name, remedy=_TABLE_REMEDY)
    controls = sum(byte < 32 and byte not in b"\t\n\r\f\v\x1b\x1f" for byte in start)
    if controls > 0.1 * len(start):
        raise NotALog("This is a binary file, not a log", where=name, remedy=_TABLE_REMEDY)
    text = head.decode("utf-8", "replace").rstrip("\ufffd")
    bad = text.count("\ufffd")
    good = len(re.findall(r"[^\x00-\x7f\ufffd]", text))
    return "Windows-1252" if bad > good else "UTF-8"


def _decode(head: bytes, encoding: Encoding) -> str:
    codec = {"UTF-8": "utf-8-sig", "Windows-1252": "cp1252"}.get(encoding, encoding)
    return head.decode(codec, "replace").rstrip("\ufffd").removeprefix("\ufeff")


def _json_kind(text: str, *, whole: bool, name: str) -> Literal["json", "json_lines"] | None:
    """Which JSON shape a text is, or None for delimited text.

    Lines win when most of the first whole lines are objects of their own, so that one
    broken line does not hide the shape; a single line that is an envelope does not count.
    """
    start = text.lstrip()
    complete = [line for line in text.split("\n") if line.strip()]
    if not whole and len(complete) > 1:
        complete.pop()
    objects = [value for line in complete[:20] if isinstance(value := _parse(line), dict)]
    if len(objects) * 2 > min(len(complete), 20) or (objects and start[0] == "{"):
        return "json" if len(complete) == 1 and envelope_key(objects[0]) else "json_lines"
    if start[0] in "[{":
        return "json"
    if whole and len(complete) == 1 and _parse(start) is not None:
        raise BadInput(
            "The file holds a single JSON value, not a table",
            where=name,
            remedy="Export one JSON object per query",
        )
    return None


def _parse(line: str) -> object:
    try:
        value: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value


def _workbook(place: Place, name: str) -> Container:
    with on_disk(place, name) as path:
        kind = kind_of(path, name)
    if kind == "workbook":
        return Container("workbook")
    if kind == "archive":
        raise BadInput(
            "This is an archive in an archive", where=name, remedy="Unpack it once first"
        )
    raise NotALog(f"This is {kind}, not a log", where=name, remedy=_TABLE_REMEDY)


def _database(place: Place, name: str) -> Container:
    with on_disk(place, name) as path, sqlite.opened(path, name) as connection:
        found = sqlite.tables(connection)
    if llm_database.is_llm(found):
        return Container("sqlite")
    if not found:
        raise BadInput(
            "The SQLite database has no tables", where=name, remedy="Check that it is the right one"
        )
    names = tuple(table.name for table in found)
    return Container("sqlite", tables=names, table=names[0])
