"""Where a default comes from."""

from __future__ import annotations

from dataclasses import dataclass

from core.catalog.model import Origin


@dataclass(frozen=True)
class Provenance:
    """Where a default comes from."""

    origin: Origin
    note: str
