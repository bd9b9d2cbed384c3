"""Every option side by side, the plan among them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app.parts.wording import share, usd
from core.economics.options import Option


def draw_options(found: Sequence[Option], months: int) -> None:
    """A row per option: its bill, what it saves over the horizon, and what quality it keeps."""
    st.subheader("Beside the other options")
    st.dataframe(
        pd.DataFrame([_row(option, months) for option in found]),
        hide_index=True,
        alt="Every option with its monthly bill, its saving and its quality",
    )
    st.caption(
        "In the same months and the same prices. Quality is the classifier's expectation over "
        "today's, so an option that ignores the classifier is graded by it. Savings do not add: "
        "each row stands for itself."
    )


def _row(option: Option, months: int) -> dict[str, str]:
    bill, made = option.bill, option.forecast
    return {
        "Option": f"{option.name} (the plan)" if option.planned else option.name,
        "Per month at today's volume": usd(bill.usd) if bill else "not known",
        f"Spent over {months} months": usd(sum(made.planned_usd) - _before(option)) if made else "",
        f"Saved over {months} months": usd(made.total_saving_usd) if made else "",
        "Quality kept": share(option.quality_kept) if option.quality_kept is not None else "",
        "What it is": option.note,
    }


def _before(option: Option) -> float:
    """What is spent before month 1, negative: it is in the balance, not in the bills."""
    made = option.forecast
    return made.cumulative_usd[0] - made.saving_usd[0] if made else 0.0
