"""The inputs of a fine-tuning case: a few sliders, and a table of low, likely and high."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from app.parts.wording import plain, usd
from core.economics.estimate import Estimate
from core.economics.finetune_case import FineTuneCase
from core.economics.finetune_defaults import COST_RATIO, PROVENANCE

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
    "yearly_price_decline": "Fall of today's price, % a year",
}
PERCENT: Final = ("accuracy_gain", "yearly_price_decline")


def fresh_case(monthly_usd: float, routing_multiplier: float) -> FineTuneCase:
    """A case on a log's bill with every other input at its documented default."""
    return FineTuneCase(
        current_monthly_usd=monthly_usd,
        routing_multiplier=routing_multiplier,
        slice_share=0.5,
        cost_ratio=COST_RATIO,
        accuracy_now=0.8,
        accuracy_gain=Estimate(0.0, 0.0, 0.0),
    )


def edit_case(case: FineTuneCase, key: str) -> FineTuneCase:
    """The case as the form stands; raises BadInput naming the field that cannot be."""
    st.subheader("Assumptions")
    a, b, c, d = st.columns(4)
    bill = a.number_input(
        "Today's bill per month, $",
        min_value=0.0,
        value=float(round(case.current_monthly_usd or 0.0, 2)),
        step=100.0,
        key=f"bill-{key}",
        help="From this log. Change it to try the case at another volume.",
    )
    slice_share = b.slider(
        "Share of it that the tuned model takes over",
        1,
        100,
        round(100 * case.slice_share),
        format="%d%%",
        key=f"slice-{key}",
    )
    accuracy = c.slider(
        "Acceptable answers on it today",
        1,
        100,
        round(100 * (case.accuracy_now or 0.8)),
        format="%d%%",
        key=f"accuracy-{key}",
        help="A more accurate model needs fewer retries.",
    )
    life = d.number_input(
        "Months until the base model retires",
        1,
        60,
        case.asset_life_months,
        key=f"life-{key}",
        help="Nothing counts after that. Tuned gpt-4o models end on 14 January 2027.",
    )
    with st.expander("Investment, running cost and gains: low, likely, high"):
        edited = st.data_editor(
            _table(case),
            hide_index=True,
            disabled=["What", "Known from", "Source"],
            column_config={
                name: st.column_config.NumberColumn(format="%.6g", required=True)
                for name in ("Low", "Likely", "High")
            },
            key=f"estimates-{key}",
        )
        e, f, g, h = st.columns(4)
        retrain = e.number_input(
            "Each retraining, $", 0.0, value=case.retrain_usd, step=500.0, key=f"retrain-{key}"
        )
        cadence = f.number_input(
            "Months between retrainings", 1, 60, case.retrain_every_months, key=f"cadence-{key}"
        )
        lead = g.number_input(
            "Months before it is live", 0, 24, case.lead_months, key=f"lead-{key}"
        )
        failure = h.slider(
            "Chance that it misses its quality gate",
            0,
            95,
            round(100 * case.failure_chance),
            format="%d%%",
            key=f"failure-{key}",
        )
        st.caption(
            plain(
                "The three investment ranges are the course material's ($5K-20K of data, 3-5 runs "
                "at $1K-10K). Distillation is often said to be 10 to 100 times cheaper; published "
                f"cases run from 4 to 30. Routing already leaves {case.routing_multiplier:.0%} of "
                f"the bill ({usd(bill * case.routing_multiplier)}), which tuning has to beat."
            )
        )
    values = {
        field: _estimate(field, row)
        for field, (_, row) in zip(ROWS, edited.iterrows(), strict=True)
    }
    return replace(
        case,
        current_monthly_usd=bill,
        slice_share=slice_share / 100,
        accuracy_now=accuracy / 100,
        asset_life_months=int(life),
        retrain_usd=retrain,
        retrain_every_months=int(cadence),
        lead_months=int(lead),
        failure_chance=failure / 100,
        **values,
    )


def _table(case: FineTuneCase) -> pd.DataFrame:
    rows = []
    for field, words in ROWS.items():
        value: Estimate = getattr(case, field)
        known = PROVENANCE.get(field)
        scale = 100.0 if field in PERCENT else 1.0
        rows.append(
            {
                "What": words,
                "Low": scale * value.low,
                "Likely": scale * value.likely,
                "High": scale * value.high,
                "Known from": known.origin if known else "yours",
                "Source": known.note if known else "nothing until you fill it in",
            }
        )
    return pd.DataFrame(rows)


def _estimate(field: str, row: pd.Series) -> Estimate:
    scale = 100.0 if field in PERCENT else 1.0
    return Estimate(*(float(row[name]) / scale for name in ("Low", "Likely", "High")))
