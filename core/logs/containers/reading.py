"""The rows of any container, in pieces: the one door for the rest of the room."""

from __future__ import annotations

from collections.abc import Collection, Generator
from contextlib import closing

from core.logs.containers import (
    delimited,
    json_lines,
    json_values,
    llm_database,
    parquet,
    sqlite,
    workbook,
)
from core.logs.containers.archive import Place, on_disk
from core.logs.containers.chunk import CHUNK_ROWS, Chunk
from core.logs.containers.recognise import Container
from core.logs.containers.stream import TextStream


def read_chunks(
    place: Place,
    container: Container,
    name: str,
    *,
    columns: Collection[str] | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> Generator[Chunk]:
    """The rows in pieces, with flat memory; tables are read for `columns` only when given.

    `chunk_rows` bounds a piece except for delimited text, whose pieces go by size.
    """
    if container.kind == "parquet":
        yield from parquet.read(place, name, columns, chunk_rows)
    elif container.kind in ("workbook", "sqlite"):
        with on_disk(place, name) as path:
            if container.kind == "workbook":
                yield from workbook.read(path, name, columns, chunk_rows)
            elif container.table:
                yield from sqlite.read_table(path, name, container.table, columns, chunk_rows)
            else:
                yield from llm_database.read(path, name, chunk_rows)
    else:
        stream = TextStream(place, name, gzipped=container.gzipped, encoding=container.encoding)
        with closing(stream):
            if container.dialect is not None:
                yield from delimited.read(stream, container.dialect, name, columns)
            elif container.kind == "json_lines":
                yield from json_lines.read(stream, name, chunk_rows)
            else:
                yield from json_values.read(stream, name, chunk_rows)
