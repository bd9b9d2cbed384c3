"""What the queries are sorted by: the trained classifier, or a simple rule instead."""

from __future__ import annotations

import streamlit as st

from app import jobs, services
from core.complexity.rules import Basis

NAMES: dict[Basis, str] = {
    "text": "How hard the text looks",
    "length": "Length",
    "keywords": "Keywords",
}


def draw_method(found: services.SortedLog) -> None:
    """A choice of three; another one sorts the log again and leaves corrections and plans alone."""
    digest, now = found.log.digest, found.notes.basis
    with st.expander("How they are sorted", expanded=now != "text"):
        wanted = st.segmented_control(
            "Sort by",
            list(NAMES),
            default=now,
            required=True,
            format_func=NAMES.__getitem__,
            key=f"rule-{digest}",
        )
        st.caption(
            "The trained classifier reads eight things in a text. Length and keywords are the "
            "simple rules that gateways ship; they cost nothing to explain, and on public "
            "question sets length orders queries for routing as well as the classifier does. "
            "The Method page has the figures."
        )
    if wanted is not None and wanted != now:
        rule = None if wanted == "text" else wanted
        if not services.keep_rule(digest, rule):
            jobs.start_sorting(digest)
        st.rerun()
