"""The register of assumptions as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.economics.register import Entry


def register_table(entries: Sequence[Entry]) -> pd.DataFrame:
    """A row per input; shares and rates in percent where their unit says so."""
    return pd.DataFrame(
        [
            {
                "Part": entry.group,
                "What": entry.what,
                "Value": _words(entry.value, entry.unit),
                "Range": f"{_words(entry.low, entry.unit)} to {_words(entry.high, entry.unit)}"
                if entry.low is not None
                else "",
                "Unit": entry.unit,
                "Known from": entry.kind,
                "Source": entry.source,
                "As of": entry.as_of,
            }
            for entry in entries
        ]
    )


def _words(value: float | str | None, unit: str) -> str:
    if value is None or isinstance(value, str):
        return value or "not given"
    return f"{100 * value:.6g}" if unit.startswith("%") else f"{value:,.6g}"
