"""A first look at a log: what it is, its columns, some rows, and a guess at the mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from core.errors import BadInput
from core.logs.containers.chunk import Chunk
from core.logs.files import Paths
from core.logs.mapping import ROLES, Mapping, guess_mapping
from core.logs.parts import Part, Parts, look_at, parts_of
from core.logs.sources.generic import GENERIC
from core.logs.sources.joining import joined, prompts_for
from core.logs.sources.registry import pick_source
from core.logs.sources.source import Source

SHOWN_ROWS: Final = 50
SHOWN_CHARS: Final = 2_000  # of a cell
_GUESS_ROWS: Final = 1_000
_ALIKE_ROWS: Final = 200  # of each further file
_TELLING: Final = ("text", "input_tokens", "output_tokens", "total_tokens", "cost", "model", "time")


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


def preview(paths: Paths, name: str) -> Preview:
    """A look at the first rows, quick at any size; BadInput when there is no log.

    Several paths, a folder or an archive are one log: its first file is shown, and the others
    must be like it.
    """
    log = parts_of(paths, name)
    shown, first = _first_with_rows(log)
    source = pick_source(look_at(first))
    if log.asked and (prompts := prompts_for(source)) is not None:
        source = joined(source, prompts)
    table = first.table().slice(0, _GUESS_ROWS)
    columns = tuple(table.column_names)
    rows: list[dict[str, str | None]] = table.to_pylist()
    if source is GENERIC:
        mapping = guess_mapping(columns, rows)
        for part in log.parts:
            if part is not shown:
                _need_alike(shown, columns, mapping, part, name)
    else:
        mapping = source.mapping()
    return Preview(
        name=name,
        container=log.words(),
        source=source.id,
        source_label=source.label,
        columns=columns,
        rows=tuple({c: _short(v) for c, v in row.items()} for row in rows[:SHOWN_ROWS]),
        size_bytes=log.size,
        mapping=mapping,
        warnings=(
            *log.notes,
            *_warnings(source, mapping, len(rows), dict(first.skipped), shown.empty),
        ),
    )


def _first_with_rows(log: Parts) -> tuple[Part, Chunk]:
    """The first file that has rows, else the first one."""
    for part in log.parts:
        chunk = part.first_chunk(_GUESS_ROWS)
        if len(chunk):
            return part, chunk
    return log.parts[0], log.parts[0].first_chunk(_GUESS_ROWS)


def _need_alike(
    first: Part, columns: Sequence[str], mapping: Mapping, part: Part, name: str
) -> None:
    """BadInput when a further file lacks a column in use, or tells more than the first one."""
    chunk = part.first_chunk(_ALIKE_ROWS)
    table = chunk.table().slice(0, _ALIKE_ROWS)
    if not table.num_columns:
        return
    in_use = mapping.columns()
    if not isinstance(chunk.content, pa.Table):  # objects leave out what they have no value for
        in_use = frozenset(c for role in _TELLING[:4] if (c := mapping.column(role)))
    absent = [
        column
        for role in ROLES
        if (column := mapping.column(role)) in in_use and column not in table.column_names
    ]
    own = guess_mapping(table.column_names, table.to_pylist())
    told = [own.column(role) for role in _TELLING if mapping.column(role) is None]
    more = [column for column in told if column is not None and column not in columns]
    for found, has, lacks in ((absent, first, part), (more, part, first)):
        if found:
            raise BadInput(
                f"'{has.name}' has a column '{found[0]}' and '{lacks.name}' has none: files of "
                "one log are alike",
                where=name,
                remedy="Open them one after the other",
            )


def _warnings(
    source: Source, mapping: Mapping, rows: int, skipped: dict[str, int], empty: str
) -> list[str]:
    warnings = list(source.notes)
    warnings += [f"{count:,} row(s) skipped so far: {why}." for why, count in skipped.items()]
    if not rows:
        warnings.append(f"{empty}.")
    if source is not GENERIC:
        return warnings
    if mapping.text is None:
        with_counts = mapping.input_tokens or mapping.total_tokens
        warnings.append(
            "No column of query texts was found: the queries can be sorted by size only."
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
