"""The register of assumptions as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.economics.register import Entry
from core.reports.words import amount_in, ends_in


def register_table(entries: Sequence[Entry]) -> pd.DataFrame:
    """A row per input; shares and rates in percent where their unit says so."""
    return pd.DataFrame(
        [
            {
                "Part": entry.group,
                "What": entry.what,
                "Value": amount_in(entry.value, entry.unit),
                "Range": ends_in(entry.low, entry.high, entry.unit),
                "Unit": entry.unit,
                "Known from": entry.kind,
                "Source": entry.source,
                "As of": entry.as_of,
            }
            for entry in entries
        ]
    )
