"""The facts of a frozen plan as tables for the shared page."""

from __future__ import annotations

import pandas as pd

from app.parts.wording import usd
from core.frozen.document import PlanDocument
from core.reports.brief import Brief
from core.reports.facts import assumptions_of
from core.reports.facts import fine_tuning_words as fine_tuning_words


def controls_table(document: PlanDocument) -> pd.DataFrame:
    """The plan and its controls: cost per month and quality kept."""
    outcome = document.figures.outcome
    rows = [("this plan", outcome.planned.central, outcome.quality_kept.central)]
    rows += [(c.name, c.monthly_usd, c.quality_kept) for c in document.figures.controls]
    return pd.DataFrame(
        [(name, usd(cost), f"{kept:.1%}") for name, cost, kept in rows],
        columns=["", "Per month", "Quality kept"],
    )


def assumption_table(document: PlanDocument) -> pd.DataFrame:
    """Everything that the figures take for granted, with where it comes from."""
    return pd.DataFrame(assumptions_of(document), columns=["What", "Value", "Known from"])


def scenario_table(brief: Brief) -> pd.DataFrame:
    """The plan if all goes worse, as expected, and better: a column each."""
    return pd.DataFrame(
        {
            s.name.capitalize(): [
                usd(s.monthly_usd),
                usd(s.monthly_saving_usd),
                f"{s.quality_kept:.0%}",
                usd(s.saved_usd),
            ]
            for s in brief.scenarios
        },
        index=["Cost per month", "Saved per month", "Quality kept", brief.saved.label],
    )
