"""The baseline of a summed-up log: calls, tokens and spend by model and by month."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

import pandas as pd
import streamlit as st

from app import services
from core.catalog.model import Model
from core.logs.log import Log
from core.workload.aggregate import Amounts
from core.workload.notes import Notes


def draw_baseline(log: Log, names: dict[str, Model | None], notes: Notes) -> None:
    """Two tables, by model and by month; what a summary never states is left out."""
    found = services.baseline_of(log.digest, names, notes)
    st.subheader("The baseline")
    by_model, by_month = st.tabs(["By model", "By month"])
    with by_model:
        _draw_table("Model", found.by_model)
    with by_month:
        months = {f"{m:%b %Y}" if m else "no date": a for m, a in found.by_month.items()}
        _draw_table("Month", months)


def _draw_table(what: str, rows: Mapping[str, Amounts]) -> None:
    table = pd.DataFrame(
        [
            {
                what: name,
                "Calls": amounts.requests or None,
                "Input tokens": amounts.input_tokens,
                "of them cached": amounts.cache_read_tokens,
                "Output tokens": amounts.output_tokens,
                "As logged": amounts.logged_usd,
                "At list prices": amounts.list_usd,
            }
            for name, amounts in rows.items()
        ]
    )
    table = table.dropna(axis="columns", how="all")  # what the summary never states
    money = st.column_config.NumberColumn(format="dollar")
    numbers = st.column_config.NumberColumn(format="localized")
    formats: dict[Hashable, object] = {
        **dict.fromkeys(("Calls", "Input tokens", "of them cached", "Output tokens"), numbers),
        **dict.fromkeys(("As logged", "At list prices"), money),
    }
    st.dataframe(table, hide_index=True, column_config=formats, alt=f"The baseline by {what}")
