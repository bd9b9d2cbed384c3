"""The inputs of a fine-tuning case that are ranges, as a table that answers bad rows."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from app.parts.messages import show_error
from core.economics.estimate import NONE, Estimate
from core.economics.tuning.bounds import BOUNDS
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.defaults import PROVENANCE
from core.economics.tuning.words import value_words
from core.errors import BadInput

ROWS: Final = {
    "data_preparation_usd": "Data preparation, $",
    "compute_per_run_usd": "Compute per run, $",
    "training_runs": "Training runs",
    "teacher_generation_usd": "Teacher's answers (distillation), $",
    "other_one_off_usd": "Test set, engineering, integration, $",
    "cost_ratio": "Tuned model: times cheaper",
    "accuracy_gain": "Gain in accuracy, points",
    "hosting_monthly_usd": "Hosting per month, $",
    "evaluation_monthly_usd": "Evaluation per month, $",
    "monitoring_monthly_usd": "Monitoring per month, $",
    "people_monthly_usd": "People per month, $",
    "monthly_growth": "Growth of traffic, % a month",
    "yearly_price_decline": "Fall of today's price, % a year",
    "tuned_yearly_price_decline": "Fall of the tuned model's price, % a year",
}
PERCENT: Final = (
    "accuracy_gain",
    "monthly_growth",
    "yearly_price_decline",
    "tuned_yearly_price_decline",
)
ENDS: Final = ("Low", "Likely", "High")


def edit_ranges(case: FineTuneCase, key: str) -> dict[str, Estimate]:
    """The ranges as the table stands; under it what cannot be, row by row, and what is used."""
    edited = st.data_editor(
        _table(case),
        hide_index=True,
        height="content",
        disabled=["What", "Known from", "Source"],
        column_config={
            name: st.column_config.NumberColumn(format="%.6g", required=True) for name in ENDS
        },
        key=f"estimates-{key}",
    )
    found = {}
    for field, (_, row) in zip(_fields(case), edited.iterrows(), strict=True):
        kept = _known(case, field)
        try:
            found[field] = _estimate(field, row)
        except BadInput as error:
            words = " / ".join(value_words(field, getattr(kept, end.lower()), case) for end in ENDS)
            show_error(f"{error} Until then {words} is used.")
            found[field] = kept
    return found


def _fields(case: FineTuneCase) -> list[str]:
    """The rows of the table: a case that states the tuned model's bill has no ratio."""
    return [name for name in ROWS if name != "cost_ratio" or case.tuned_monthly_usd is None]


def _known(case: FineTuneCase, field: str) -> Estimate:
    """What the case has in that field, or what leaving it out means."""
    if field == "cost_ratio":
        return case.tuned_cost_ratio
    found: Estimate | None = getattr(case, field)
    return NONE if found is None else found


def _table(case: FineTuneCase) -> pd.DataFrame:
    rows = []
    for field in _fields(case):
        words, value = ROWS[field], _known(case, field)
        known = PROVENANCE.get(field)
        scale = 100.0 if field in PERCENT else 1.0
        rows.append(
            {
                "What": words,
                **{end: round(scale * getattr(value, end.lower()), 6) for end in ENDS},
                "Known from": known.origin if known else "yours",
                "Source": known.note if known else "nothing until you fill it in",
            }
        )
    return pd.DataFrame(rows)


def _estimate(field: str, row: pd.Series) -> Estimate:
    """The three numbers of a row; raises BadInput in the words of the table."""
    low, likely, high = (float(row[end]) for end in ENDS)
    label, percent = ROWS[field], field in PERCENT
    if not low <= likely <= high:
        raise BadInput(
            f"'{label}' has low {low:g}, likely {likely:g}, high {high:g}",
            remedy="Give them in order: low, then likely, then high",
        )
    scale = 100.0 if percent else 1.0
    found = Estimate(low / scale, likely / scale, high / scale)
    BOUNDS[field].check(label, found, "", percent=percent)
    return found
