"""Queries of each tier to look at, search, understand and correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import streamlit as st

from app import evidence, jobs, planning, services, state
from app.parts.plan_draft import current_draft
from app.parts.wording import TIER_NAMES, plain_untrusted
from app.planning import SortedLog
from core.catalog.model import Model
from core.complexity.explain import reasons, what_would_change
from core.complexity.learned import SegmentGain
from core.complexity.scale import TIERS
from core.workload.browse import Found
from core.workload.placing import UNNAMED

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
            hits = planning.hits(found, tier, wanted, SHOWN)
            if not hits.rows:
                st.caption("No such query in this tier.")
                continue
            more = f"{hits.total:,} in all." if hits.total > len(hits.rows) else ""
            st.caption(f"{len(hits.rows)} shown. {more} Personal data is redacted.")
            draft = current_draft(found.log.digest)
            weak, strong = (found.catalogue.get(i) for i in (draft.simple, draft.complex))
            record = evidence.record_of(found, weak, strong)
            for row, why in zip(hits.rows, _explained(found, hits.rows), strict=True):
                _draw_query(found, row, why, _record_words(row, record, weak, strong))
    if found.notes.corrections:
        st.caption(f"You have corrected {len(found.notes.corrections):,} queries on this log.")


def _explained(found: SortedLog, rows: Sequence[Found]) -> list[str]:
    """Why each query is where it is, and what would change that, in a line or two."""
    basis = found.workload.basis
    if basis == "length":
        return [f"Sorted by length alone: {len(row.text):,} characters." for row in rows]
    if basis == "keywords":
        return ["Sorted by keywords alone." for _ in rows]
    texts = pa.array([row.text for row in rows], pa.string())
    classifier = services.classifier()
    return [
        f"{'; '.join(why).capitalize()}. {change}"
        for why, change in zip(
            reasons(classifier, texts), what_would_change(classifier, texts), strict=True
        )
    ]


def _record_words(row: Found, record: Mapping[str, SegmentGain], weak: Model, strong: Model) -> str:
    """The query's segment, and what outcomes there say of the gain."""
    segment = plain_untrusted(row.segment or "none")
    gain = record.get(row.segment or UNNAMED)
    if gain is None:
        return f"Segment: {segment}."
    return (
        f"Segment: {segment}, where, going by your outcomes, {plain_untrusted(strong.name)} adds "
        f"{100 * gain.low:.0f} to {100 * gain.high:.0f} points to {plain_untrusted(weak.name)}."
    )


def _draw_query(found: SortedLog, row: Found, why: str, segment: str) -> None:
    with st.container(border=True):
        text, side = st.columns([4, 1])
        with text:
            st.text(row.text[:600] + (" ..." if len(row.text) > 600 else ""))
            said = "You sorted it here. " if row.corrected else ""
            st.caption(f"{said}{why} {segment}")
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
