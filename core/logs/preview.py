"""A first look at a file: what it is, its columns, some rows, and a guess at the mapping."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from core.logs.containers.chunk import Chunk
from core.logs.containers.reading import read_chunks
from core.logs.containers.recognise import recognise
from core.logs.containers.records import records_of
from core.logs.mapping import Mapping, guess_mapping
from core.logs.sources.generic import GENERIC
from core.logs.sources.registry import pick_source
from core.logs.sources.source import Look, Source

SHOWN_ROWS: Final = 50
SHOWN_CHARS: Final = 2_000  # of a cell
_GUESS_ROWS: Final = 1_000
_LOOK_ROWS: Final = 20


@dataclass(frozen=True)
class Preview:
    """What a person should see before a log is imported; `rows` are raw, untrusted text."""

    name: str
    container: str  # such as "CSV, comma-separated, UTF-8"
    source: str  # id of the source that recognises it
    source_label: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str | None], ...]
    size_bytes: int
    mapping: Mapping
    warnings: tuple[str, ...]


def preview(path: Path, name: str) -> Preview:
    """A look at the first rows, quick at any size; BadInput when the file is no log."""
    container = recognise(path, name)
    chunks = read_chunks(path, container, name, chunk_rows=_GUESS_ROWS)
    with closing(chunks):
        first = next(chunks, None) or Chunk([])
    source = pick_source(look_at(first))
    table = first.table().slice(0, _GUESS_ROWS)
    columns = tuple(table.column_names)
    rows: list[dict[str, str | None]] = table.to_pylist()
    mapping = guess_mapping(columns, rows) if source is GENERIC else source.mapping()
    return Preview(
        name=name,
        container=container.words(),
        source=source.id,
        source_label=source.label,
        columns=columns,
        rows=tuple({c: _short(v) for c, v in row.items()} for row in rows[:SHOWN_ROWS]),
        size_bytes=path.stat().st_size,
        mapping=mapping,
        warnings=tuple(_warnings(source, mapping, len(rows), dict(first.skipped))),
    )


def look_at(chunk: Chunk) -> Look:
    """What a chunk's first rows show to the sources."""
    if isinstance(chunk.content, pa.Table):
        records = records_of(chunk.content.slice(0, _LOOK_ROWS))
        return Look(frozenset(chunk.content.column_names), records)
    records = list(chunk.content[:_LOOK_ROWS])
    return Look(frozenset(key for record in records for key in record), records)


def _warnings(source: Source, mapping: Mapping, rows: int, skipped: dict[str, int]) -> list[str]:
    warnings = list(source.notes)
    warnings += [f"{count:,} row(s) skipped so far: {why}." for why, count in skipped.items()]
    if not rows:
        warnings.append("The file has a header but no rows.")
    if source is not GENERIC:
        return warnings
    if mapping.text is None:
        with_counts = mapping.input_tokens or mapping.total_tokens
        warnings.append(
            "No column of query texts was found: the queries can be sorted by length only."
            if with_counts
            else "Neither query texts nor token counts were found: choose the columns below."
        )
    if mapping.latency is not None and not mapping.latency.lower().endswith(("ms", "seconds")):
        unit = "seconds" if mapping.latency_unit == "s" else "milliseconds"
        warnings.append(f"'{mapping.latency}' is taken to be in {unit}, by the size of its values.")
    return warnings


def _short(cell: str | None) -> str | None:
    if cell is None or len(cell) <= SHOWN_CHARS:
        return cell
    return cell[:SHOWN_CHARS] + "…"
