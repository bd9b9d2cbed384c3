"""Excel workbooks (.xlsx) as string columns."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Collection, Iterator
from datetime import date, time
from pathlib import Path
from typing import Final

import pyarrow as pa

from core.errors import BadInput
from core.logs.containers.archive import BOMB_BYTES, BOMB_FREE_BYTES, BOMB_RATIO, DAMAGED
from core.logs.containers.chunk import Chunk
from core.logs.containers.delimited import Dialect, refuse_width

Cell = object  # openpyxl gives numbers, text, dates and a few rarities

_DAMAGED: Final = (*DAMAGED, LookupError, TypeError, AttributeError, OSError, SyntaxError)


def read(
    path: Path, name: str, columns: Collection[str] | None, chunk_rows: int
) -> Iterator[Chunk]:
    """The rows of the first sheet that has any, in pieces; its first row names the columns."""
    from openpyxl import load_workbook

    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")  # of styles
    _refuse_bombs(path, name)
    size = path.stat().st_size
    try:
        with path.open("rb") as file:  # by its name, openpyxl would insist on ".xlsx"
            book = load_workbook(file, read_only=True, data_only=True)
            for sheet in book.worksheets:
                total = max(sheet.max_row or 1, 1)
                rows = sheet.iter_rows(values_only=True)
                header = next((row for row in rows if any(cell is not None for cell in row)), None)
                if header is None:
                    continue
                names = _names(header, name)
                done = 0
                for part in _parts(rows, chunk_rows):
                    done += len(part)
                    yield Chunk(_table(part, names, columns), {}, min(size, size * done // total))
                return
    except _DAMAGED as error:
        raise BadInput(
            "The workbook is damaged", where=name, remedy="Save it again, or export it as CSV"
        ) from error


def _names(header: tuple[Cell, ...], name: str) -> tuple[str, ...]:
    cells = [_text(cell) or "" for cell in header]
    while cells and not cells[-1].strip():
        cells.pop()  # a sheet may be formatted far to the right
    refuse_width(len(cells), name)
    return Dialect("", tuple(cells)).columns


def _parts(rows: Iterator[tuple[Cell, ...]], chunk_rows: int) -> Iterator[list[tuple[Cell, ...]]]:
    """The rows that are not blank, in lists of at most `chunk_rows`."""
    part: list[tuple[Cell, ...]] = []
    for row in rows:
        if any(cell is not None for cell in row):
            part.append(row)
        if len(part) >= chunk_rows:
            yield part
            part = []
    yield part


def _table(
    part: list[tuple[Cell, ...]], names: tuple[str, ...], columns: Collection[str] | None
) -> pa.Table:
    wanted = {
        name: pa.array([_text(row[i]) if i < len(row) else None for row in part], pa.string())
        for i, name in enumerate(names)
        if columns is None or name in columns
    }
    return pa.table(wanted)


def _text(cell: Cell) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _refuse_bombs(path: Path, name: str) -> None:
    with zipfile.ZipFile(path) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    ratio = unpacked / max(path.stat().st_size, 1)
    if unpacked > BOMB_BYTES or (unpacked > BOMB_FREE_BYTES and ratio > BOMB_RATIO):
        raise BadInput(
            f"The workbook unpacks to {unpacked / 1e6:,.0f} MB, which is beyond what is opened",
            where=name,
            remedy="Export it as CSV",
        )
