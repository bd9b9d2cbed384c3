"""The savings forecast to take along: workbook and table."""

from __future__ import annotations

import streamlit as st

from app import services
from app.forecasting import Forecast
from app.parts.case_exports import XLSX
from core.economics.forecast import Bill
from core.economics.options import plan_bill
from core.economics.outlook import Outlook
from core.economics.register import Entry
from core.economics.sheets.savings_csv import savings_csv
from core.economics.sheets.savings_workbook import savings_workbook
from core.routing.plan import Plan


def draw_savings_exports(
    made: Forecast, plan: Plan, outlook: Outlook, entries: tuple[Entry, ...], key: str
) -> None:
    """Two downloads in a row; each file is made when its button is clicked."""
    day = services.today()
    workbook, table, _ = st.columns(3)
    with workbook:
        st.download_button(
            "Workbook",
            lambda: savings_workbook(
                Bill(made.outcome.baseline_usd), plan_bill(plan, made.outcome), outlook,
                made.options, made.futures, entries, made_on=day,
            ),
            "savings.xlsx", XLSX, key=f"workbook-{key}", on_click="ignore", width="stretch",
        )  # fmt: skip
        st.caption("Excel and LibreOffice: live formulas over the inputs, with their sources.")
    with table:
        st.download_button(
            "Every option, month by month",
            lambda: savings_csv(made.options).encode(),
            "savings.csv", "text/csv", key=f"table-{key}", on_click="ignore", width="stretch",
        )  # fmt: skip
        st.caption("CSV: scenario, month, line, amount, currency.")
