"""The plan on the labelled queries of its own log: what is verified, and the oracle."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.parts.wording import plain
from core.catalog.model import Model
from core.commands.findings_words import label_words
from core.routing.on_labels import LabelControls
from core.routing.simulate import Range


def draw_own_labels(found: LabelControls | None, missing: Sequence[Model]) -> None:
    """The measured rows beside each other, or what is missing for them; nothing without labels."""
    if found is None and not missing:
        return
    st.subheader("On your own labelled queries")
    if found is None:
        names = " and ".join(model.name for model in missing)
        st.write(
            plain(f"To verify this plan, get outcomes of {names} for the queries you labelled.")
        )
        return
    for words in label_words(found):
        st.write(plain(words))
    table = pd.DataFrame(
        {
            "": [row.name for row in found.rows],
            "Per 1,000 queries": [row.usd_per_1000 for row in found.rows],
            "Acceptable": [100 * row.quality.central for row in found.rows],
            "90% range": [f"{row.quality.low:.0%} to {row.quality.high:.0%}" for row in found.rows],
            "Against complex, points": [_points(row.against_complex) for row in found.rows],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Per 1,000 queries": st.column_config.NumberColumn(format="$%.2f"),
            "Acceptable": st.column_config.NumberColumn(format="%.1f%%"),
        },
        alt="This plan, its controls and an oracle on the labelled queries",
    )
    st.caption(
        "At list prices with the logged tokens and nothing cached. The oracle asks the cheapest "
        "model that answers acceptably: an upper bound, not a promise."
    )


def _points(values: Range) -> str:
    central, low, high = (100 * value for value in (values.central, values.low, values.high))
    return f"{central:+.1f} ({low:+.1f} to {high:+.1f})"
