"""How many queries a month the log stands for: from its dates, or as the user says."""

from __future__ import annotations

import streamlit as st

from app import services, state
from core.logs.log import Log
from core.workload.notes import Notes
from core.workload.spend import DAYS_PER_MONTH


def draw_volume(log: Log, notes: Notes) -> None:
    """The month's volume in words, and a field to change it for a log that is a sample."""
    dated = log.days is not None and log.days >= 1 / 24
    by_dates = log.rows_kept * DAYS_PER_MONTH / log.days if dated and log.days else None
    words, change = st.columns([4, 1], vertical_alignment="center")
    if notes.monthly_queries is not None:
        words.markdown(
            f"It stands for **{notes.monthly_queries:,.0f} queries a month**, as stated."
        )
    elif by_dates is not None:
        words.markdown(f"By its dates that is **{by_dates:,.0f} queries a month**.")
    else:
        words.markdown(
            f"It has no usable dates, so it counts as one month: {log.rows_kept:,} queries."
        )
    with change.popover("Change", width="stretch"):
        said = st.number_input(
            "Queries a month",
            min_value=1,
            value=round(notes.monthly_queries or by_dates or log.rows_kept),
            key=f"volume-{log.digest}",
            help="Say it when the log is a sample of your traffic, or covers an unusual period.",
        )
        if st.button("Use this", key="use-volume"):
            services.keep_volume(log.digest, float(said))
            st.rerun()
        if notes.monthly_queries is not None and st.button("Take the dates", key="use-dates"):
            services.keep_volume(log.digest, None)
            state.say("The log's own dates are in use.")
            st.rerun()
