"""Any table with named columns, read through a mapping; recognises everything."""

from __future__ import annotations

from typing import Final

from core.logs.containers.chunk import Chunk
from core.logs.mapping import Mapping
from core.logs.sources.source import Look, Source, Standard


def _anything(look: Look) -> bool:
    return True


def _standard(chunk: Chunk, mapping: Mapping) -> Standard:
    return Standard(chunk.table(mapping.columns()), mapping)


GENERIC: Final = Source("generic", "table", _anything, _standard)
