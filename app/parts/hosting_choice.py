"""Which tier of the plan might be hosted at home, and what that would cost."""

from __future__ import annotations

import streamlit as st

from app.parts.self_host import draw_self_host
from app.parts.wording import TIER_NAMES
from core.routing.simulate import Outcome


def draw_hosting(outcome: Outcome, key: str) -> None:
    """The choice of a tier, and hosting a model for its traffic against the plan's model."""
    tiers = {TIER_NAMES[t.tier]: t for t in outcome.tiers if t.queries and t.usd}
    if not tiers:
        st.caption("No tier of the plan has traffic that costs something.")
        return
    chosen = tiers[
        st.radio("The tier that you would host", list(tiers), horizontal=True, key=f"hosted-{key}")
    ]
    draw_self_host(
        chosen.queries,
        chosen.usd / chosen.queries,
        chosen.output_tokens / chosen.queries,
        chosen.model.name,
        f"{chosen.tier}-{key}",
    )
