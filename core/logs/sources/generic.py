"""Any table with named columns, read through a mapping; recognises everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.logs.canonical import canonical
from core.logs.mapping import guess_mapping
from core.logs.sources.source import Source


def _anything(columns: Sequence[str]) -> bool:
    return True


GENERIC: Final = Source("generic", "Table", _anything, guess_mapping, canonical)
