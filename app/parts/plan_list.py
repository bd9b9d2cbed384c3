"""The list of plans: filters, a table to choose from, pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from app.identity import asking, now
from app.parts.wording import counted, reader_zone, rests_words
from core.errors import BadInput
from core.store.finding import PAGE, Found, Order, Overview, Wanted, find_plans
from core.store.plans import list_versions
from core.store.saved import PlanRow, Status

STATUS: Final[dict[Status, str]] = {
    "open": "Not decided", "approved": "Approved", "changes": "Changes asked for"
}  # fmt: skip
ORDERS: Final[dict[Order, str]] = {
    "updated": "Last changed", "saving": "Largest saving", "payback": "Quickest payback",
    "quality": "Highest quality", "name": "Name",
}  # fmt: skip
CHOSEN: Final = "chosen-plans"
MOST: Final = 5  # plans side by side


def status_of(row: PlanRow) -> str:
    """What was decided on a plan; of one that has moved on, on which version it was."""
    if row.status == "open" and row.approved_version:
        return f"Version {row.approved_version} approved, {row.version} not decided"
    return STATUS[row.status]


def draw_list(seen: Overview, workspace_id: str) -> Found:
    """The plans that were looked for, as a table; a click on a row chooses it."""
    wanted = _filters(seen)
    pages = st.session_state.get("plan-pages", 1)
    page = max(1, min(int(st.session_state.get("plan-page", 1)), pages))
    offset = (page - 1) * PAGE
    found = find_plans(*asking(), replace(wanted, offset=offset), workspace_id=workspace_id)
    pages = max(1, math.ceil(found.count / PAGE))
    st.session_state["plan-pages"] = pages
    if not found.rows and found.count:  # the last page has become shorter
        st.session_state["plan-page"] = 1
        st.rerun()
    if not found.rows:
        st.info("No plan is like this. Take a word or a filter away.")
        return found
    _table(found.rows, f"{workspace_id}-{page}-{wanted}")
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.pagination(pages, key="plan-page")
            st.caption(f"{counted(found.count, 'plan')}, {PAGE} on a page")
    return found


def _filters(seen: Overview) -> Wanted:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            placeholder="Name, owner, log or tag",
            key="search-plans",
            persist_state="session",
            on_change=_first_page,
        )
        status = st.selectbox(
            "Status", ["", *STATUS], key="plan-status", width=180, on_change=_first_page,
            format_func=lambda s: STATUS[s] if s else "Any",
        )  # fmt: skip
        tag = st.selectbox(
            "Tag", ["", *seen.tags], key="plan-tag", width=150, on_change=_first_page,
            format_func=lambda t: t or "Any",
        ) if seen.tags else ""  # fmt: skip
        owner = st.selectbox(
            "Owner", ["", *seen.owners], key="plan-owner", width=180, on_change=_first_page,
            format_func=lambda o: o or "Anybody",
        ) if len(seen.owners) > 1 else ""  # fmt: skip
        order = st.selectbox(
            "Sorted by", list(ORDERS), key="plan-order", width=180, on_change=_first_page,
            format_func=ORDERS.__getitem__,
        )  # fmt: skip
        verified = st.checkbox("Verified only", key="plan-verified", on_change=_first_page)
    return Wanted(text, tag or "", owner or "", status or None, verified, order or "updated")


def _first_page() -> None:
    st.session_state["plan-page"] = 1


def _table(rows: Sequence[PlanRow], shown: str) -> None:
    zone = reader_zone()
    chosen = list(st.session_state.get(CHOSEN, []))
    key = f"plans-{hash((shown, *chosen))}"  # a new choice is a new table, which shows its ticks
    frame = pd.DataFrame(
        {
            "Plan": [row.name for row in rows],
            "Status": [status_of(row) for row in rows],
            "Saved a month": [round(row.headline.saving_usd) for row in rows],
            "Less": [round(row.headline.saving_share, 2) for row in rows],
            "Quality": [round(row.headline.quality, 3) for row in rows],
            "Rests on": [rests_words(row.headline) for row in rows],
            "Payback": [row.headline.payback_months for row in rows],
            "Over 12 months": [list(row.headline.trend) for row in rows],
            "Owner": [row.owner or row.author for row in rows],
            "Tags": [list(row.tags) for row in rows],
            "Version": [row.version for row in rows],
            "Changed": [row.updated_at.astimezone(zone) for row in rows],
            "Log": [row.headline.log_name for row in rows],
        }
    )
    said = {"Payback": frame["Payback"].notna().any(), "Tags": frame["Tags"].map(bool).any()}
    frame = frame.drop(columns=[name for name, any_of_it in said.items() if not any_of_it])
    ids = [row.id for row in rows]

    def choose() -> None:
        picked = [ids[n] for n in st.session_state[key]["selection"]["rows"] if n < len(ids)]
        elsewhere = [plan_id for plan_id in chosen if plan_id not in ids]
        st.session_state[CHOSEN] = [*elsewhere, *picked][:MOST]

    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        on_select=choose,
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [ids.index(i) for i in chosen if i in ids]}},
        height=min(38 + 35 * len(rows), 460),
        alt="Plans with their savings, quality and status",
        column_config={
            "Plan": st.column_config.TextColumn(width="medium"),
            "Rests on": st.column_config.TextColumn(width="small"),
            "Saved a month": st.column_config.NumberColumn(format="dollar"),
            "Less": st.column_config.NumberColumn(format="percent"),
            "Quality": st.column_config.NumberColumn(format="percent"),
            "Payback": st.column_config.NumberColumn(
                format="%.1f months", help="Of its fine-tuning case; empty without one"
            ),
            "Over 12 months": st.column_config.LineChartColumn(
                help="What would be saved by then, month by month"
            ),
            "Tags": st.column_config.ListColumn(),
            "Changed": st.column_config.DatetimeColumn(format="D MMM YYYY"),
        },
    )


def draw_choice(found: Found) -> list[str]:
    """The plans that were chosen, in the table or by name; one to open, several to compare."""
    names = {row.id: row.name for row in found.rows}
    for plan_id in st.session_state.get(CHOSEN, []):
        if plan_id not in names:
            names[plan_id] = _name_of(plan_id)
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    return st.multiselect(
        "Open a plan, or compare up to five", list(names), key=CHOSEN, max_selections=MOST,
        placeholder="Choose here, or tick rows above", persist_state="session",
        format_func=lambda i: f"{names[i]} ({i[:4]})" if names[i] in twice else names[i],
    )  # fmt: skip


def _name_of(plan_id: str) -> str:
    """The name of a plan that is not on this page; its id where it is not there for this reader."""
    try:
        return list_versions(*asking(), plan_id, now=now(), limit=1)[0].name
    except BadInput:
        return plan_id
