"""A fine-tuning case as a tidy table: one row per scenario, month and line."""

from __future__ import annotations

import csv
import io
from typing import Final

from core.economics.sheets.text import escaped
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.flow import expected_future
from core.economics.tuning.months import months_of

COLUMNS: Final = ("scenario", "month", "line", "amount", "currency")
CURRENCY: Final = "USD"


def finetune_csv(case: FineTuneCase) -> str:
    """The case's cash flow as CSV; amounts are signed flows, money out negative.

    Two scenarios, "if it works" and "expected" (the chance of failure weighed in), after the
    case's name if it has one. The lines of a month sum to its net, and all rows of a scenario
    to its last balance; no totals are among them. Texts are quoted and never a formula.
    """
    months = months_of(case)
    lines = {
        "bill replaced": months.routed_usd,
        "handed back": -months.handed_back_usd,
        "tuned model": -months.tuned_usd,
        "running": -months.running_usd,
        "retraining": -months.retraining_usd,
    }
    investment = float(expected_future(case).investment_usd[0])
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    rows.writerow(COLUMNS)
    for name, weight in (("expected", 1.0 - case.failure_chance), ("if it works", 1.0)):
        scenario = escaped(f"{case.name}: {name}" if case.name else name)
        rows.writerow((scenario, 0, "investment", _amount(-investment), CURRENCY))
        for month in range(1, case.months + 1):
            for line, usd in lines.items():
                amount = _amount(weight * float(usd[month - 1]))
                rows.writerow((scenario, month, line, amount, CURRENCY))
    return text.getvalue()


def _amount(usd: float) -> float:
    return round(usd, 6) + 0.0  # a millionth of a dollar is no money; + 0.0 turns -0 into 0
