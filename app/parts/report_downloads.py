"""A frozen plan to take along: one page to print, a workbook, a table."""

from __future__ import annotations

import streamlit as st

from app.parts.case_exports import XLSX
from core.frozen.document import PlanDocument
from core.reports.brief import Brief
from core.reports.one_pager import one_pager
from core.reports.table import plan_csv
from core.reports.workbook import plan_workbook
from core.store.plan_file import safe_name


def draw_report_downloads(document: PlanDocument, brief: Brief) -> None:
    """Each file is made when its button is clicked."""
    name = f"{safe_name(brief.name)}, version {brief.version}"
    st.subheader("Take it along")
    with st.container(horizontal=True):
        st.download_button(
            "One page (PDF)", lambda: one_pager(document, brief), f"{name}.pdf", "application/pdf",
            key="report-pdf", on_click="ignore", icon=":material/picture_as_pdf:",
        )  # fmt: skip
        st.download_button(
            "Workbook (xlsx)", lambda: plan_workbook(document, brief), f"{name}.xlsx", XLSX,
            key="report-xlsx", on_click="ignore", icon=":material/table:",
        )  # fmt: skip
        st.download_button(
            "Table (CSV)", lambda: plan_csv(document).encode(), f"{name}.csv", "text/csv",
            key="report-csv", on_click="ignore", icon=":material/csv:",
        )  # fmt: skip
    st.caption(
        "Each chart has a button of its own that saves it as PNG; this page prints as it is."
    )
