"""What every source offers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pyarrow as pa

from core.logs.canonical import Canonical, Circumstances
from core.logs.mapping import Mapping, Row


@dataclass(frozen=True)
class Source:
    """A tool's export: how to tell it by its columns, which column is what, how to read rows."""

    id: str  # stored with the log
    label: str  # for people
    recognises: Callable[[Sequence[str]], bool]
    guess: Callable[[Sequence[str], Sequence[Row]], Mapping]
    read: Callable[[pa.Table, Mapping, Circumstances], Canonical]
