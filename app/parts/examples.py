"""Queries of each tier to look at, search, understand and correct."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import streamlit as st

from app import jobs, services, state
from app.parts.wording import TIER_NAMES, plain_untrusted
from app.services import SortedLog
from core.complexity.explain import reasons
from core.complexity.scale import TIERS
from core.workload.browse import Found

SHOWN = 8


def draw_examples(found: SortedLog) -> None:
    """Search and a tab per tier; each query with its reasons and a way to correct its tier."""
    st.subheader("Look at them")
    wanted = st.text_input(
        "Search the queries",
        placeholder="Words in the query, such as refund",
        key=f"search-{found.log.digest}",
        persist_state="session",
    )
    tabs = st.tabs(list(TIER_NAMES.values()), on_change="rerun", key="example-tier")
    for tier, tab in zip(TIERS, tabs, strict=True):
        if not tab.open:
            continue
        with tab:
            hits = services.hits(found, tier, wanted, SHOWN)
            if not hits.rows:
                st.caption("No such query in this tier.")
                continue
            more = f"{hits.total:,} in all." if hits.total > len(hits.rows) else ""
            st.caption(f"{len(hits.rows)} shown. {more} Personal data is redacted.")
            texts = pa.array([row.text for row in hits.rows], pa.string())
            for row, why in zip(hits.rows, reasons(services.classifier(), texts), strict=True):
                _draw_query(found, row, why)
    if found.notes.corrections:
        st.caption(f"You have corrected {len(found.notes.corrections):,} queries on this log.")


def _draw_query(found: SortedLog, row: Found, why: list[str]) -> None:
    with st.container(border=True):
        text, side = st.columns([4, 1])
        with text:
            st.text(row.text[:600] + (" ..." if len(row.text) > 600 else ""))
            said = "You sorted it here. " if row.corrected else ""
            segment = plain_untrusted(row.segment or "none")
            st.caption(f"{said}{'; '.join(why).capitalize()}. Segment: {segment}.")
        with side:
            picked = st.selectbox(
                "Tier",
                TIERS,
                index=TIERS.index(row.tier),
                format_func=TIER_NAMES.__getitem__,
                key=f"tier-{found.log.digest}-{row.request_id}-{row.tier}",
                help="Choose another tier to correct it; the plan then counts it there.",
            )
            if picked != row.tier:
                corrections = found.notes.corrections | {row.request_id: picked}
                services.save_notes(found.log.digest, replace(found.notes, corrections=corrections))
                jobs.start_sorting(found.log.digest)
                state.say(f"Sorted as {picked}. The shares are being counted again.")
                st.rerun()
