"""Delimited text: comma, semicolon, tab or pipe, with quoted newlines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.csv

from core.errors import BadInput
from core.logs.containers.chunk import CHUNK_BYTES, Chunk
from core.logs.containers.pacing import PacedStream
from core.logs.containers.stream import TextStream

ONE_COLUMN: Final = "\x1f"  # a delimiter that no text holds: the file has a single column
MAX_COLUMNS: Final = 2_000  # more is a matrix, not a log; Excel has room for 16,384
_ENDLESS_LINES: Final = 100  # in one row of the wrong width
_SLICE_ROWS: Final = 100_000  # per piece, when rows are tiny
_NUMBER: Final = re.compile(r"\s*[-+$]?[\d.,]*\d\s*")


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written; `header` is as found, `columns` unique and never empty."""

    delimiter: str
    header: tuple[str, ...]
    skip_lines: int = 0  # 1 when the file starts with Excel's `sep=;` line

    @property
    def columns(self) -> tuple[str, ...]:
        """The header with blanks named and repeats numbered: "prompt", "prompt (2)"."""
        seen: Counter[str] = Counter()
        names = []
        for place, cell in enumerate(self.header, start=1):
            name = " ".join(cell.split()) or f"column {place}"
            seen[name] += 1
            names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        return tuple(names)


def sniff(text: str, *, whole: bool, name: str) -> Dialect:
    """The dialect of a text's first rows; BadInput when the first row is not a header.

    The delimiter is the one under which most rows have as many cells as the first.
    """
    first, newline, rest = text.partition("\n")
    if not newline and not whole:
        raise BadInput(
            f"The first line is longer than {len(text):,} characters, too long for column names",
            where=name,
            remedy="Add a first row with a name per column",
        )
    declared = re.fullmatch(r"\"?sep=(.)\"?", first.strip("\r"), re.IGNORECASE)
    if declared:
        rows = _rows(rest, declared[1], whole)
        dialect = Dialect(declared[1], tuple(rows[0]) if rows else (), skip_lines=1)
    else:
        dialect = Dialect(*_most_regular(text, whole))
    if not dialect.header:
        raise BadInput("The file has no header", where=name, remedy="Add column names on top")
    refuse_width(len(dialect.header), name)
    if sum(bool(_NUMBER.fullmatch(cell)) for cell in dialect.header) * 2 > len(dialect.header):
        raise BadInput(
            "The first row holds numbers, not column names",
            where=name,
            remedy="Add a first row with a name per column",
        )
    return dialect


def read(
    stream: TextStream, dialect: Dialect, name: str, columns: Collection[str] | None
) -> Iterator[Chunk]:
    """The rows as string columns, in pieces; only `columns` when given.

    Rows with too few or too many cells are skipped and counted. BadInput when one row is
    longer than a chunk (a quotation mark that is never closed looks like that too).
    """
    ragged = _Ragged()
    paced = PacedStream(stream)
    names = list(dialect.columns)
    wanted = names if columns is None else [n for n in names if n in columns]
    try:
        batches = pa.csv.open_csv(
            paced,
            pa.csv.ReadOptions(
                block_size=CHUNK_BYTES,
                column_names=names,
                skip_rows=dialect.skip_lines,
                use_threads=False,
            ),
            pa.csv.ParseOptions(
                delimiter=dialect.delimiter,
                newlines_in_values=True,
                invalid_row_handler=ragged.skip,
            ),
            pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=wanted,
                check_utf8=False,  # the stream gives nothing but UTF-8
            ),
        )
        header_due = True
        for batch in batches:
            paced.take()
            rows = pa.Table.from_batches([batch])
            if header_due and rows.num_rows:
                rows, header_due = rows.slice(1), False
            for start in range(0, rows.num_rows, _SLICE_ROWS):
                yield Chunk(rows.slice(start, _SLICE_ROWS), ragged.counts(), stream.bytes_read)
        nothing = pa.table({name: pa.array([], pa.string()) for name in wanted})
        yield Chunk(nothing, ragged.counts(), stream.bytes_read)
    except pa.ArrowInvalid as error:
        raise _in_words(error, name) from error
    finally:
        paced.end()


def refuse_width(columns: int, name: str) -> None:
    """BadInput for more than MAX_COLUMNS."""
    if columns > MAX_COLUMNS:
        raise BadInput(
            f"The table has {columns:,} columns, where a log has a few dozen",
            where=name,
            remedy="Export only the columns of the log, one row per query",
        )


class _Ragged:
    """Counts rows of the wrong width as pyarrow meets them.

    A quotation mark that is never closed makes one endless row of all that follows; each of
    its lines counts, so that the loss is seen.
    """

    def __init__(self) -> None:
        self._reasons: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def skip(self, row: pa.csv.InvalidRow) -> str:
        lines = row.text.count("\n") + 1
        endless = lines > _ENDLESS_LINES
        problem = "swallowed by an unclosed quotation mark" if endless else "wrong number of cells"
        at = "" if row.number is None else f" (first at row {row.number})"
        self._counts[self._reasons.setdefault(problem, problem + at)] += lines if endless else 1
        return "skip"

    def counts(self) -> dict[str, int]:
        counts, self._counts = dict(self._counts), Counter()
        return counts


def _rows(text: str, delimiter: str, whole: bool) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if row:
                rows.append(row)
            if len(rows) > 100:
                break
        else:
            if not whole and len(rows) > 1:
                rows.pop()
    except csv.Error:  # a cell beyond the csv module's limit: what came before is enough
        pass
    return rows


def _most_regular(text: str, whole: bool) -> tuple[str, tuple[str, ...]]:
    best: tuple[float, int, str, tuple[str, ...]] | None = None
    for delimiter in ",;\t|":
        rows = _rows(text, delimiter, whole)
        if not rows or len(rows[0]) < 2:
            continue
        width = len(rows[0])
        share = sum(len(row) == width for row in rows) / len(rows)
        prose = len(rows) >= 5 and share < 0.1
        if not prose and (best is None or (share, width) > best[:2]):
            best = (share, width, delimiter, tuple(rows[0]))
    if best is not None:
        return best[2], best[3]
    rows = _rows(text, ONE_COLUMN, whole)
    return ONE_COLUMN, tuple(rows[0]) if rows else (text.split("\n")[0],)


def _in_words(error: pa.ArrowInvalid, name: str) -> BadInput:
    if "straddling" in str(error):
        return BadInput(
            f"A row is longer than {CHUNK_BYTES >> 20} MB, or a quotation mark is never closed",
            where=name,
            remedy="Close the quotation mark or cut the longest texts",
        )
    return BadInput(
        f"The delimited text cannot be read ({str(error)[:200]})",
        where=name,
        remedy="Export it again with quoted text cells",
    )
