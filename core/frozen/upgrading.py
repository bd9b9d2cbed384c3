"""Documents of earlier versions, brought to today's shape before they are read.

A field that came later mostly has a default, and a value of another kind is understood where it
is read (`core.economics.outlook`). What neither can do is a step here. A step adds what an
earlier version meant without saying it, and never changes a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

Fields = dict[str, object]  # of a document's JSON


def upgraded(found: Fields) -> Fields:
    """The fields as today's version writes them; the very same object where nothing is to do."""
    for step in STEPS:
        found = step(found)
    return found


def _volume_of_the_log(found: Fields) -> Fields:
    """The first plans knew of no stated volume: the log's own dates said it."""
    return found if "monthly_queries" in found else found | {"monthly_queries": None}


STEPS: Final[tuple[Callable[[Fields], Fields], ...]] = (_volume_of_the_log,)  # oldest first
