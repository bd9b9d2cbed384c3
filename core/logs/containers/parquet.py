"""Parquet files as string columns."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from core.errors import BadInput
from core.logs.containers.chunk import CHUNK_BYTES, Chunk
from core.logs.containers.delimited import refuse_width


def read(
    path: Path, name: str, columns: Collection[str] | None, chunk_rows: int
) -> Iterator[Chunk]:
    """The rows as string columns, in pieces: structs joined with dots, lists and maps as JSON."""
    import pyarrow.parquet as pq

    size = path.stat().st_size
    try:
        with pq.ParquetFile(path) as file:
            refuse_width(file.metadata.num_columns, name)
            roots = [
                field
                for field in file.schema_arrow.names
                if columns is None or any(c == field or c.startswith(f"{field}.") for c in columns)
            ]
            done, total = 0, max(file.metadata.num_rows, 1)
            groups = (file.metadata.row_group(i) for i in range(file.metadata.num_row_groups))
            row_bytes = max(sum(group.total_byte_size for group in groups) // total, 1)
            size_rows = max(min(chunk_rows, CHUNK_BYTES // row_bytes), 64)
            for batch in file.iter_batches(batch_size=size_rows, columns=roots):
                done += batch.num_rows
                yield Chunk(_as_text(batch, columns), {}, size * done // total)
    except (pa.ArrowException, OSError) as error:
        raise BadInput(
            f"The Parquet file cannot be read ({' '.join(str(error).split())[:150]})",
            where=name,
            remedy="Download or write it again",
        ) from error


def _as_text(batch: pa.RecordBatch, columns: Collection[str] | None) -> pa.Table:
    rows = pa.Table.from_batches([batch])
    while any(pa.types.is_struct(field.type) for field in rows.schema):
        rows = rows.flatten()
    texts: dict[str, pa.ChunkedArray] = {}
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        if (columns is None or name in columns) and name not in texts:
            texts[name] = _column(column)
    return pa.table(texts)


def _column(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_nested(kind):
        return pa.chunked_array([_json_texts(column.to_pylist(maps_as_pydicts="lossy"))])
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = [v if v is None else v.decode("utf-8", "replace") for v in column.to_pylist()]
        return pa.chunked_array([pa.array(values, pa.string())])
    return pc.cast(column, pa.string())


def _json_texts(values: list[object]) -> pa.Array:
    texts = [None if v is None else json.dumps(v, ensure_ascii=False, default=str) for v in values]
    return pa.array(texts, pa.string())
