"""Mappings made by hand, kept for the next file with the same columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from core.disk import write_whole, writing
from core.errors import BadInput
from core.logs.mapping import Mapping

MOST_KEPT: Final = 500
_FILE: Final = "mappings.json"


def remember(folder: Path, columns: Iterable[str], mapping: Mapping) -> None:
    """Keep the mapping for files with these columns, in any order; the latest one counts."""
    known = _known(folder)
    known.pop(_shape(columns), None)
    known[_shape(columns)] = mapping.to_json()
    latest = dict(list(known.items())[-MOST_KEPT:])
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / _FILE, json.dumps(latest, indent=1))


def recall(folder: Path, columns: Iterable[str]) -> Mapping | None:
    """The mapping made for a file with these columns; None when there was none."""
    columns = frozenset(columns)
    text = _known(folder).get(_shape(columns))
    if text is None:
        return None
    try:
        mapping = Mapping.from_json(text)
    except BadInput:
        return None  # of an older version: guess again
    return mapping if mapping.columns() <= columns else None


def forget(folder: Path, columns: Iterable[str]) -> None:
    """The next file with these columns is guessed afresh."""
    known = _known(folder)
    if known.pop(_shape(columns), None) is not None:
        write_whole(folder / _FILE, json.dumps(known, indent=1))


def _known(folder: Path) -> dict[str, str]:
    try:
        found = json.loads((folder / _FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _shape(columns: Iterable[str]) -> str:
    """A name for a set of columns; the names themselves are not kept twice."""
    return hashlib.blake2b("\x1f".join(sorted(columns)).encode(), digest_size=12).hexdigest()
