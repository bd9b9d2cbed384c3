"""The savings forecast as a tidy table: one row per option, month and line."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from core.economics.options import Option
from core.economics.sheets.text import escaped
from core.economics.sheets.tuning_csv import COLUMNS, CURRENCY


def savings_csv(found: Sequence[Option]) -> str:
    """Every option that has figures as CSV; amounts are signed, money out negative.

    What is spent before month 1 stands at month 0. Texts are quoted and never a formula.
    """
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    rows.writerow(COLUMNS)
    for option in found:
        made, name = option.forecast, escaped(option.name)
        if made is None:
            continue
        started = made.saving_usd[0] - made.cumulative_usd[0]
        rows.writerow((name, 0, "work of switching", _amount(-started), CURRENCY))
        for month, usd in zip(made.months, made.planned_usd, strict=True):
            rows.writerow((name, month, "bill", _amount(-usd), CURRENCY))
    return text.getvalue()


def _amount(usd: float) -> float:
    return round(usd, 6) + 0.0  # + 0.0 turns -0 into 0
