"""Parquet files as string columns."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from core.errors import BadInput
from core.logs.containers.archive import (
    BOMB_FREE_BYTES,
    BOMB_RATIO,
    Place,
    seekable,
    size_of,
)
from core.logs.containers.chunk import CHUNK_BYTES, CHUNK_ROWS, Chunk
from core.logs.containers.delimited import refuse_width

_BYTES: Final = (
    pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view,
    pa.types.is_fixed_size_binary,
)  # fmt: skip
_BUFFER_BYTES: Final = 1 << 20
_BATCH_ROWS: Final = 512  # at a time: a few bytes may hold the same long text many times
_MANY_ROWS: Final = 5_000_000
_ROWS_PER_BYTE: Final = 20  # no log says so little


def row_groups(place: Place, name: str) -> list[tuple[int, int]]:
    """Rows and packed bytes of every row group, in order; BadInput for what is no Parquet file."""
    try:
        with seekable(place, name) as source:
            facts = pq.read_metadata(source)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(name, error) from error
    groups = (facts.row_group(number) for number in range(facts.num_row_groups))
    return [(group.num_rows, _packed(group)) for group in groups]


def read(
    place: Place,
    name: str,
    columns: Collection[str] | None,
    chunk_rows: int = CHUNK_ROWS,
    row_groups: Sequence[int] | None = None,
) -> Iterator[Chunk]:
    """The rows as string columns, in pieces: structs joined with dots, lists and maps as JSON.

    Of `row_groups` only, when they are given; the bytes read are theirs then.
    """
    size = size_of(place)
    try:
        # Without a buffer of its own a file holds a whole row group at once.
        with (
            seekable(place, name) as source,
            pq.ParquetFile(source, buffer_size=_BUFFER_BYTES) as file,
        ):
            refuse_width(file.metadata.num_columns, name)
            if file.metadata.num_rows > max(_MANY_ROWS, _ROWS_PER_BYTE * size):
                raise _bomb(f"{file.metadata.num_rows:,} rows", size, name)
            roots = [
                field
                for field in file.schema_arrow.names
                if columns is None or any(c == field or c.startswith(f"{field}.") for c in columns)
            ]
            chosen = range(file.metadata.num_row_groups) if row_groups is None else row_groups
            groups = [file.metadata.row_group(number) for number in chosen]
            share = size if row_groups is None else sum(_packed(group) for group in groups)
            batches = file.iter_batches(min(chunk_rows, _BATCH_ROWS), list(chosen), columns=roots)
            done, total = 0, max(sum(group.num_rows for group in groups), 1)
            for rows in _pieces(batches, size, chunk_rows, name):
                done += rows.num_rows
                yield Chunk(_as_text(rows, columns), {}, share * done // total)
    except (pa.ArrowException, OSError) as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> BadInput:
    return BadInput(
        f"The Parquet file cannot be read ({' '.join(str(error).split())[:150]})",
        where=name,
        remedy="Download or write it again",
    )


def _packed(group: pq.RowGroupMetaData) -> int:
    return sum(group.column(number).total_compressed_size for number in range(group.num_columns))


def _pieces(
    batches: Iterator[pa.RecordBatch], size: int, chunk_rows: int, name: str
) -> Iterator[pa.Table]:
    """The batches put together to pieces of CHUNK_BYTES; BadInput when they swell like a bomb."""
    held: list[pa.RecordBatch] = []
    bytes_held = rows_held = unpacked = 0
    for batch in batches:
        held.append(batch)
        bytes_held += batch.nbytes
        rows_held += batch.num_rows
        unpacked += batch.nbytes
        if unpacked > BOMB_FREE_BYTES and unpacked > BOMB_RATIO * size:
            raise _bomb(f"{unpacked / 1e6:,.0f} MB", size, name)
        if bytes_held >= CHUNK_BYTES or rows_held >= chunk_rows:
            yield pa.Table.from_batches(held)
            held, bytes_held, rows_held = [], 0, 0
    if held:
        yield pa.Table.from_batches(held)


def _as_text(rows: pa.Table, columns: Collection[str] | None) -> pa.Table:
    while any(pa.types.is_struct(field.type) for field in rows.schema):
        rows = rows.flatten()
    texts: dict[str, pa.ChunkedArray] = {}
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        if (columns is None or name in columns) and name not in texts:
            texts[name] = _column(column)
    return pa.table(texts)


def _bomb(unpacked: str, size: int, name: str) -> BadInput:
    return BadInput(
        f"The Parquet file unpacks to more than {unpacked} from {size / 1e6:,.1f} MB, which is "
        "beyond what is opened unasked",
        where=name,
        remedy="If it really is a log, write it again as JSON lines",
    )


def _column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if isinstance(kind, pa.BaseExtensionType) and pa.types.is_string(kind.storage_type):
        column, kind = column.cast(kind.storage_type), kind.storage_type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_nested(kind):
        return pa.chunked_array([_json_texts(column.to_pylist(maps_as_pydicts="lossy"))])
    try:
        if not (isinstance(kind, pa.BaseExtensionType) or any(test(kind) for test in _BYTES)):
            return pc.cast(column, pa.string())
    except pa.ArrowNotImplementedError:
        pass  # such as durations and ids of an extension type
    return pa.chunked_array([pa.array([_text(v) for v in column.to_pylist()], pa.string())])


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return None if value is None else str(value)


def _json_texts(values: list[object]) -> pa.Array:
    texts = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in values]
    return pa.array(texts, pa.string())
