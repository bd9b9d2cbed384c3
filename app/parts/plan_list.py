"""The list of plans: filters, a table to choose from, pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from app.identity import asking
from app.parts.wording import counted, reader_zone, rests_words
from core.store.finding import PAGE, Found, Order, Overview, Wanted, find_plans
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


def draw_list(seen: Overview, workspace_id: str) -> Found:
    """The plans that were looked for, as a table; a click on a row chooses it."""
    wanted = _filters(seen)
    pages = st.session_state.get("plan-pages", 1)
    page = min(int(st.session_state.get("plan-page", 1)), pages)
    offset = (page - 1) * PAGE
    found = find_plans(*asking(), _at(wanted, offset), workspace_id=workspace_id)
    pages = max(1, math.ceil(found.count / PAGE))
    st.session_state["plan-pages"] = pages
    if not found.rows:
        st.info("No plan is like this. Take a word or a filter away.")
        return found
    _table(found.rows, f"{workspace_id}-{page}-{wanted}")
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.pagination(pages, key="plan-page")
            st.caption(f"{counted(found.count, 'plan')}, {PAGE} on a page")
    return found


def _at(wanted: Wanted, offset: int) -> Wanted:
    return Wanted(
        wanted.text, wanted.tag, wanted.owner, wanted.status, wanted.verified, wanted.order, offset
    )


def _filters(seen: Overview) -> Wanted:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Search",
            placeholder="Name, owner, log or tag",
            key="search-plans",
            on_change=_first_page,
        )
        status = st.selectbox(
            "Status", [None, *STATUS], key="plan-status", width=180, on_change=_first_page,
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
    return Wanted(text, tag or "", owner or "", status, verified, order or "updated")


def _first_page() -> None:
    st.session_state["plan-page"] = 1


def _table(rows: Sequence[PlanRow], shown: str) -> None:
    zone = reader_zone()
    key = f"plans-{hash(shown)}"
    frame = pd.DataFrame(
        {
            "Plan": [row.name for row in rows],
            "Status": [STATUS[row.status] for row in rows],
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
        picked = st.session_state[key]["selection"]["rows"]
        st.session_state[CHOSEN] = [ids[n] for n in picked if n < len(ids)][:MOST]

    st.dataframe(
        frame,
        key=key,
        hide_index=True,
        on_select=choose,
        selection_mode="multi-row",
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
            "Over 12 months": st.column_config.LineChartColumn(help="Saved so far, by month"),
            "Tags": st.column_config.ListColumn(),
            "Changed": st.column_config.DatetimeColumn(format="D MMM YYYY"),
        },
    )


def draw_choice(found: Found) -> list[str]:
    """The plans that were chosen, in the table or by name; one to open, several to compare."""
    names = {row.id: row.name for row in found.rows}
    for plan_id in st.session_state.get(CHOSEN, []):
        names.setdefault(plan_id, "a plan that is not on this page")
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    return st.multiselect(
        "Open a plan, or compare up to five", list(names), key=CHOSEN, max_selections=MOST,
        placeholder="Choose here, or tick rows above",
        format_func=lambda i: f"{names[i]} ({i[:4]})" if names[i] in twice else names[i],
    )  # fmt: skip
