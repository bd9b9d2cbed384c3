"""The inputs of a fine-tuning case; what cannot be is answered beside its field."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from app.parts.candidate_table import WHOLE, part_key, slice_key
from app.parts.messages import show_error
from app.parts.range_table import edit_ranges
from app.parts.wording import plain, usd
from core.economics.estimate import Estimate
from core.economics.tuning.bounds import BOUNDS
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.defaults import COST_RATIO
from core.errors import BadInput


def fresh_case(monthly_usd: float, routing_multiplier: float) -> FineTuneCase:
    """A case on a log's bill with every other input at its documented default."""
    return FineTuneCase(
        current_monthly_usd=monthly_usd,
        routing_multiplier=routing_multiplier,
        slice_share=0.5,
        cost_ratio=COST_RATIO,
        accuracy_now=0.8,
        accuracy_gain=Estimate(0.0, 0.0, 0.0),
    )


def edit_case(case: FineTuneCase, key: str) -> FineTuneCase:
    """The case as the form stands; a field that cannot be says why and keeps its last value."""
    st.subheader("Assumptions")
    values: dict[str, Any] = {}
    a, b, c, d = st.columns(4)
    values["current_monthly_usd"] = _number(
        a, case, "current_monthly_usd", "Today's bill per month, $", f"bill-{key}", step=100.0,
        help="From this log. Change it to try the case at another volume.",
    )  # fmt: skip
    values["slice_share"] = _slice(b, case, key)
    values["accuracy_now"] = c.slider(
        "Acceptable answers on it today",
        1,
        100,
        round(100 * (case.accuracy_now or 0.8)),
        format="%d%%",
        key=f"accuracy-{key}",
        help="A more accurate model needs fewer retries.",
    ) / 100  # fmt: skip
    values["asset_life_months"] = _number(
        d, case, "asset_life_months", "Months until the base model retires", f"life-{key}", step=1,
        help="Nothing counts after that. Tuned gpt-4o models end on 14 January 2027.",
    )  # fmt: skip
    accuracy = st.container()
    with st.expander("Investment, running cost and gains: low, likely, high"):
        values |= edit_ranges(case, key)
        values |= _rest(case, values["asset_life_months"], key)
        bill = values["current_monthly_usd"]
        st.caption(
            plain(
                "The three investment ranges are the course material's ($5K-20K of data, 3-5 runs "
                "at $1K-10K). Distillation is often said to be 10 to 100 times cheaper; published "
                f"cases run from 4 to 30. Routing already leaves {case.routing_multiplier:.0%} of "
                f"the bill ({usd(bill * case.routing_multiplier)}), which tuning has to beat."
            )
        )
    try:
        return replace(case, **values)
    except BadInput as error:  # an accuracy and a gain that cannot be together
        with accuracy:
            show_error(f"{error.found}. {error.remedy}. Until then both stay as they were.")
        kept = {"accuracy_now": case.accuracy_now, "accuracy_gain": case.accuracy_gain}
        return replace(case, **{**values, **kept})


def _slice(place: DeltaGenerator, case: FineTuneCase, key: str) -> float:
    """The share of the bill; typing one lets go of a segment that was chosen."""

    def let_go() -> None:
        st.session_state[part_key(key)] = WHOLE

    st.session_state.setdefault(slice_key(key), 100 * case.slice_share)
    return _number(
        place, case, "slice_share", "Share of it that the tuned model takes over, %",
        slice_key(key), step=1.0, scale=100, kept_by_session=True, on_change=let_go,
        help="Choose a segment above, or type any share.",
    )  # fmt: skip


def _rest(case: FineTuneCase, life: int, key: str) -> dict[str, Any]:
    """The inputs that are one number: retraining, waiting, failure, time and discount."""
    a, b, c = st.columns(3)
    values: dict[str, Any] = {
        "retrain_usd": _number(
            a, case, "retrain_usd", "Each retraining, $", f"retrain-{key}", step=500.0
        ),
        "retrain_every_months": _number(
            b, case, "retrain_every_months", "Months between retrainings", f"cadence-{key}", step=1
        ),
        "lead_months": _number(
            c, case, "lead_months", "Months before it is live", f"lead-{key}", step=1
        ),
    }
    d, e, f = st.columns(3)
    values["failure_chance"] = _number(
        d, case, "failure_chance", "Chance that it misses its quality gate, %", f"failure-{key}",
        step=5.0, scale=100, help="Then all is spent and nothing saved.",
    )  # fmt: skip
    values["horizon_months"] = _number(
        e, case, "horizon_months", "Months to look ahead", f"horizon-{key}", step=1
    )
    if values["horizon_months"] > life:
        e.caption(f"Only {life} of them count: the base model retires then.")
    if values["lead_months"] >= min(values["horizon_months"], life):
        c.warning("It would go live after the last month that counts: use fewer months.")
    values["yearly_discount_rate"] = _number(
        f, case, "yearly_discount_rate", "Discount rate, % a year", f"discount-{key}",
        step=1.0, scale=100, help="What money later is worth less; a judgement.",
    )  # fmt: skip
    return values


def _number(
    place: DeltaGenerator,
    case: FineTuneCase,
    field: str,
    label: str,
    key: str,
    *,
    step: float,
    scale: int = 1,
    kept_by_session: bool = False,
    **more: Any,
) -> Any:
    """The number typed for a field, or the case's own while what was typed cannot be."""
    kept = getattr(case, field)
    shown = kept if isinstance(step, int) else float(round(scale * kept, 4))
    given = {} if kept_by_session else {"value": shown}
    typed = place.number_input(label, step=step, key=key, **given, **more)
    if typed is None:
        return kept
    try:
        BOUNDS[field].check(label, typed / scale, "", percent=scale == 100)
    except BadInput as error:
        with place:
            show_error(f"{error} Until then {shown:,g}{'%' * (scale == 100)} is used.")
        return kept
    return typed if scale == 1 else typed / scale
