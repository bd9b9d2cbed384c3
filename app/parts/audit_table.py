"""The record of a workspace: who changed or opened what, and when; for its owners."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from app.identity import asking
from app.parts.wording import moment
from core.economics.sheets.text import escaped
from core.store.audit import Entry, list_audit
from core.store.members import Workspace

SHOWN: Final = 200
EXPORTED: Final = 100_000


def draw_audit(here: Workspace) -> None:
    """The last lines, and all of them as a file."""
    with st.expander("Record of changes", key="record", on_change="rerun") as box:
        if not box.open:
            return
        engine, actor = asking()
        lines = list_audit(engine, actor, workspace_id=here.id, limit=SHOWN)
        if not lines:
            st.write("Nothing has happened here yet.")
            return
        st.dataframe(_table(lines), hide_index=True, alt="What happened in this workspace")
        st.download_button(
            "All of it (CSV)",
            lambda: _csv(list_audit(engine, actor, workspace_id=here.id, limit=EXPORTED)).encode(),
            "record.csv", "text/csv", key="record-csv", on_click="ignore",
        )  # fmt: skip


def _table(lines: Sequence[Entry]) -> pd.DataFrame:
    return pd.DataFrame(
        [(moment(e.at), e.who, e.action, e.plan_name, e.detail, e.via) for e in lines],
        columns=["When", "Who", "What", "Plan", "Detail", "Came by"],
    )


def _csv(lines: Sequence[Entry]) -> str:
    text = io.StringIO()
    rows = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    rows.writerow(("at", "who", "action", "plan_id", "plan", "detail", "via"))
    for e in lines:
        words = (e.who, e.action, e.plan_id, e.plan_name, e.detail, e.via)
        rows.writerow((e.at.isoformat(), *map(escaped, words)))
    return text.getvalue()
