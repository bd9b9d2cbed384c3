"""The parts of a log: files that were told from strangers and that all look alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa

from core.errors import BadInput
from core.logs.containers.archive import Member, Place, Remote, size_of
from core.logs.containers.chunk import Chunk
from core.logs.containers.delimited import MAX_COLUMNS
from core.logs.containers.reading import read_chunks
from core.logs.containers.recognise import Container, NotALog, recognise
from core.logs.containers.records import records_of
from core.logs.containers.sqlite import side_files
from core.logs.files import File, Paths, files_of
from core.logs.mapping import guess_mapping
from core.logs.pairs import pair
from core.logs.sources.generic import GENERIC
from core.logs.sources.no_calls import told_apart
from core.logs.sources.registry import pick_source
from core.logs.sources.source import Look

_LOOK_ROWS: Final = 20
_TRIES: Final = 8  # pieces without a row before a file is taken to have none
_TABLES_LOOKED_AT: Final = 100
_NAMES_SHOWN: Final = 5
_WORTH: Final = {"text": 4, "input_tokens": 3, "total_tokens": 3, "output_tokens": 2, "model": 2}


@dataclass(frozen=True)
class Part:
    """One file of a log and how its rows are packed."""

    place: Place
    name: str
    container: Container

    @property
    def empty(self) -> str:
        """What to say when it has no rows."""
        header = "a header but " if self.container.dialect else ""
        return f"The file has {header}no rows"

    @property
    def can_be_cut(self) -> bool:
        """Whether it can be read from the middle."""
        return self.container.kind == "parquet" and not isinstance(self.place, Member)

    def first_chunk(self, rows: int) -> Chunk:
        """The first rows, about as many as that, and what was skipped on the way to them."""
        chunks = read_chunks(self.place, self.container, self.name, chunk_rows=rows)
        skipped: Counter[str] = Counter()
        first = Chunk([])
        with closing(chunks):
            for first in islice(chunks, _TRIES):
                skipped.update(first.skipped)
                if len(first):
                    break
        return replace(first, skipped=skipped)


@dataclass(frozen=True)
class Parts:
    """The files of one log in their order, and what a person should know of the choice.

    `asked` are files of a batch with the requests, when `parts` hold the answers.
    """

    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    asked: tuple[Part, ...] = ()

    @property
    def every(self) -> tuple[Part, ...]:
        """All files that are read."""
        return (*self.asked, *self.parts)

    @property
    def size(self) -> int:
        """Bytes in all, archives unpacked."""
        return sum(size_of(part.place) for part in self.every)

    def paths(self) -> tuple[Path | Remote, ...]:
        """The files that the log was read from, each once."""
        found: dict[Path | Remote, None] = {}
        for part in self.every:
            place = part.place
            path = place.archive if isinstance(place, Member) else place
            beside: Sequence[Path] = ()
            if isinstance(path, Path) and part.container.kind == "sqlite":
                beside = side_files(path)
            found |= dict.fromkeys((path, *beside))
        return tuple(found)

    def words(self) -> str:
        """How the log is packed, such as "31 files, CSV, comma-separated, UTF-8"."""
        count = f"{len(self.every)} files, " if len(self.every) > 1 else ""
        zipped = ", zip" if isinstance(self.parts[0].place, Member) else ""
        return f"{count}{self.parts[0].container.words()}{zipped}"


def parts_of(paths: Paths, name: str) -> Parts:
    """The parts of the log behind one path or several.

    Files that are plainly no logs are left out and named. BadInput names two files that were
    not written by the same tool.
    """
    found = files_of(paths, name)
    strangers = dict.fromkeys(found.beside, "")
    if len(found.files) == 1:
        part, notes = _settled(_part(found.files[0]))
        _need_calls(look_at(part.first_chunk(_LOOK_ROWS)), part.name)
        return Parts((part,), (*_skipped(strangers), *notes))
    parts: list[Part] = []
    looks: list[Look] = []
    said: list[str] = []
    for file in found.files:
        try:
            part, notes = _settled(_part(file))
            look = look_at(part.first_chunk(_LOOK_ROWS))
            _need_calls(look, part.name)
        except NotALog as stranger:
            strangers[file.name] = stranger.found
            continue
        if not look.columns:
            strangers[file.name] = part.empty
            continue
        parts.append(part)
        looks.append(look)
        said += notes
    if not parts:
        raise BadInput(f"None of the {len(strangers)} files in it is a log", where=name)
    found_pair = pair([part.name for part in parts], looks, name)
    return Parts(
        tuple(parts[i] for i in found_pair.calls),
        (*_skipped(strangers), *found_pair.notes, *dict.fromkeys(said)),
        tuple(parts[i] for i in found_pair.asked),
    )


def look_at(chunk: Chunk) -> Look:
    """What a chunk's first rows show to the sources."""
    if isinstance(chunk.content, pa.Table):
        records = records_of(chunk.content.slice(0, _LOOK_ROWS))
        return Look(frozenset(chunk.content.column_names), records)
    records = list(chunk.content[:_LOOK_ROWS])
    keys = dict.fromkeys(key for record in records for key in islice(record, MAX_COLUMNS))
    return Look(frozenset(islice(keys, MAX_COLUMNS)), records)


def _need_calls(look: Look, name: str) -> None:
    """NotALog for a tool's export that holds something else than model calls."""
    other = told_apart(look) if pick_source(look) is GENERIC else None
    if other is not None:
        raise NotALog(
            f"This is {other.label}, which holds no model calls", where=name, remedy=other.instead
        )


def _part(file: File) -> Part:
    return Part(file.place, file.name, recognise(file.place, file.name))


def _settled(part: Part) -> tuple[Part, list[str]]:
    """The part with the table of its database that looks most like a log, and a note of it."""
    names = part.container.tables
    if len(names) < 2:
        return part, []
    tried = [
        replace(part, container=replace(part.container, table=table))
        for table in names[:_TABLES_LOOKED_AT]
    ]
    best = max(tried, key=_likeness)  # the first of equals
    table = best.container.table
    others = _few([name for name in names if name != table])
    return best, [f"Of its {len(names)} tables, '{table}' was read (and not {others})."]


def _likeness(part: Part) -> tuple[bool, int]:
    """Whether a tool's export is recognised, and how many columns are; rows before none."""
    chunk = part.first_chunk(_LOOK_ROWS)
    if not len(chunk):
        return False, 0
    table = chunk.table().slice(0, _LOOK_ROWS)
    mapping = guess_mapping(table.column_names, table.to_pylist())
    known = len(mapping.columns())
    worth = sum(points for role, points in _WORTH.items() if mapping.column(role))
    return pick_source(look_at(chunk)) is not GENERIC, 1 + worth * 10 + known


def _skipped(strangers: dict[str, str]) -> list[str]:
    """What was left out, in one sentence: the names, and why where the content told."""
    told = [f"{name} ({why})" if why else name for name, why in strangers.items()]
    return [f"Left out, for they are no logs: {_few(told)}."] if told else []


def _few(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_SHOWN
    shown = ", ".join(names[:_NAMES_SHOWN])
    return f"{shown} and {more} more" if more > 0 else shown
