"""An invoice held against a log, as JSON and in words."""

from __future__ import annotations

from core.commands.result import Json, iso
from core.workload.reconcile import Reconciliation

SHOWN_CAUSES = 8


def reconcile_json(found: Reconciliation) -> dict[str, Json]:
    """All figures, and every cause with its own (null where the log does not tell)."""
    return {
        "invoice_usd": found.invoice_usd,
        "calls_per_row": found.calls_per_row,
        "month": f"{found.month:%Y-%m}" if found.month else None,
        "months": [f"{month:%Y-%m}" for month in found.months],
        "first_day": iso(found.first_day),
        "last_day": iso(found.last_day),
        "log_usd": found.log_usd,
        "logged_usd": found.logged_usd,
        "priced_usd": found.priced_usd,
        "failed_usd": found.failed_usd,
        "unpriced_share": found.unpriced_share,
        "ratio": found.ratio,
        "agrees": found.agrees,
        "causes": [{"words": cause.words, "usd": cause.usd} for cause in found.causes],
    }


def reconcile_lines(found: Reconciliation) -> list[str]:
    """The two figures, their ratio, and the likeliest causes of the difference."""
    lines = [found.words]
    shown = found.causes[:SHOWN_CAUSES]
    if shown:
        lines.append("Usual causes, the likeliest here first:")
    return [*lines, *(f"  {number}. {cause.words}" for number, cause in enumerate(shown, 1))]
