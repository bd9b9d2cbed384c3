"""What a summary log comes to by model and by month, as JSON and in words."""

from __future__ import annotations

from dataclasses import asdict

from core.commands.result import Json
from core.reports.words import usd
from core.workload.aggregate import Amounts, Baseline
from core.workload.workload import UNNAMED

SHOWN_LINES = 8


def baseline_json(found: Baseline) -> dict[str, Json]:
    """Sums by model (dearest first) and by month, "none" for rows without a time."""
    return {
        "by_model": {name: asdict(amounts) for name, amounts in found.by_model.items()},
        "by_month": {
            f"{month:%Y-%m}" if month else "none": asdict(amounts)
            for month, amounts in found.by_month.items()
        },
    }


def baseline_lines(found: Baseline) -> list[str]:
    """The dearest models, and the months where there are several."""
    models = [("no model named" if n == UNNAMED else n, a) for n, a in found.by_model.items()]
    lines = ["Spend by model:", *(_line(name, a) for name, a in models[:SHOWN_LINES])]
    if len(models) > SHOWN_LINES:
        lines.append(f"  and {len(models) - SHOWN_LINES:,} more")
    if len(found.by_month) > 1:
        months = [(f"{m:%B %Y}" if m else "no time", a) for m, a in found.by_month.items()]
        lines += ["Spend by month:", *(_line(name, amounts) for name, amounts in months)]
    return lines


def _line(name: str, amounts: Amounts) -> str:
    parts = []
    if amounts.logged_usd is not None:
        parts.append(f"{usd(amounts.logged_usd)} as logged")
    if amounts.list_usd is not None:
        parts.append(f"{usd(amounts.list_usd)} at list prices")
    if amounts.requests:
        parts.append(f"{amounts.requests:,} {'call' if amounts.requests == 1 else 'calls'}")
    return f"  {name}: {', '.join(parts) or 'neither a cost nor a known price'}"
