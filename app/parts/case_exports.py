"""A fine-tuning case to take along: workbook, table, inputs."""

from __future__ import annotations

import streamlit as st

from app import services
from core.economics.sheets.tuning_csv import finetune_csv
from core.economics.sheets.tuning_workbook import finetune_workbook
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.case_json import case_to_json

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_case_exports(case: FineTuneCase, key: str) -> None:
    """Three downloads in a row; each file is made when its button is clicked."""
    today = services.today()
    workbook, table, inputs = st.columns(3)
    with workbook:
        st.download_button(
            "Workbook",
            lambda: finetune_workbook(case, made_on=today),
            "fine-tuning.xlsx",
            XLSX,
            key=f"workbook-{key}",
            on_click="ignore",
            width="stretch",
        )
        st.caption("Excel and LibreOffice: live formulas over the inputs, with their sources.")
    with table:
        st.download_button(
            "Cash flow",
            lambda: finetune_csv(case).encode(),
            "fine-tuning-cash-flow.csv",
            "text/csv",
            key=f"table-{key}",
            on_click="ignore",
            width="stretch",
        )
        st.caption("CSV: scenario, month, line, amount, currency.")
    with inputs:
        st.download_button(
            "Inputs",
            lambda: case_to_json(case).encode("utf-8", "replace"),  # a lone surrogate is no text
            "fine-tuning-case.json",
            "application/json",
            key=f"inputs-{key}",
            on_click="ignore",
            width="stretch",
        )
        st.caption("JSON: opens again as this case, also by `tierwise payback`.")
