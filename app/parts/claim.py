"""The claim "70% of queries to a cheap model saves 80%", held against this log."""

from __future__ import annotations

import streamlit as st

from app.parts.wording import plain
from core.economics.claim import claim_check
from core.routing.simulate import Outcome


def draw_claim(outcome: Outcome) -> None:
    """What the claim needs to be true, and what it comes to on this log with this plan."""
    leaving = [t for t in outcome.tiers if t.tier != "complex"]
    queries = sum(t.share_of_queries for t in leaving)
    spend = sum(t.share_of_spend_today for t in leaving)
    planned = sum(t.usd for t in leaving) + outcome.check_usd
    times = spend * outcome.baseline_usd / planned if planned else float("inf")
    with st.expander("Does sending 70% of queries to a cheap model save 80%?", expanded=True):
        if spend and times > 0:
            st.write(plain(claim_check(queries, spend, times).sentence))
        st.write(
            "As usually told it cannot be true: with 70% of average queries moved, the saving "
            "stays below 70% even if the cheap model is free, and is 63% to 66.5% for a "
            "model 10 to 20 times cheaper. **A saving can never exceed the share of spend that "
            "leaves the frontier tier.** Three tiers do get there: 70%, 20% and 10% of queries at "
            "1/20, 1/10 and the full price save 84.5%."
        )
