"""What the coming months look like: the register of inputs, each editable here and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from app import services
from app.parts.messages import show_error
from app.state import Draft
from core.economics.estimate import Estimate
from core.economics.options import Thrift
from core.economics.outlook import INPUTS, PROVENANCE, SEASON, Outlook
from core.errors import BadInput

RAMPS: Final[dict[str, tuple[float, ...]]] = {
    "All at once": (1.0,),
    "Over 4 weeks": (0.1, 0.25, 0.5, 1.0),
    "Over 8 weeks": (0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0),
}
OWN: Final = "Week by week"


def draw_outlook_form(draft: Draft, key: str, months: int, season: tuple[float, ...]) -> Draft:
    """The draft as the form stands; what cannot be is answered here, and the old value kept.

    `season` are the log's own indices, where it is long enough to tell; `months` the horizon.
    """
    outlook = replace(draft.outlook, months=months)
    st.subheader("Assumptions")
    st.caption(
        "Low and high are the least and the most that you think possible; ranges show in every "
        "figure above. All of it is saved with the plan."
    )
    edited = st.data_editor(
        _table(outlook),
        hide_index=True,
        disabled=["What", "Unit", "Known from", "Source"],
        column_config={
            name: st.column_config.NumberColumn(format="%.6g", required=True)
            for name in ("Low", "Likely", "High")
        },
        key=f"outlook-{key}",
    )
    try:
        outlook = replace(
            outlook,
            **{
                field: _read(field, getattr(draft.outlook, field), row)
                for field, (_, row) in zip(INPUTS, edited.iterrows(), strict=True)
            },
        )
    except BadInput as error:
        show_error(error)
    left, middle, right = st.columns(3)
    with left:
        outlook = _rollout(outlook, key)
    with middle:
        outlook = _volumes(outlook, key, season)
    with right:
        outlook = _repricing(outlook, key)
    first, second, third = st.columns(3)
    kept = first.number_input(
        "Cached input that stays cached after a switch, %", 0.0, 100.0, 100 * draft.cache_kept,
        10.0, key=f"cache-{key}",
        help="Judgement: 0, because a query that moves to another model finds a cold cache.",
    )  # fmt: skip
    waits = second.number_input(
        "Queries that can wait for a batch, %", 0.0, 100.0, 100 * draft.waits, 10.0,
        key=f"waits-{key}",
        help="For the option beside the plan: batch work is mostly half price. A log does not tell "
        "who can wait.",
    )  # fmt: skip
    repeats = third.number_input(
        "Input that repeats and could be cached, %", 0.0, 100.0, 100 * draft.repeats, 10.0,
        key=f"repeats-{key}",
        help="For the option beside the plan: instructions and documents at the head of many "
        "calls. What the log shows as cached counts anyway.",
    )  # fmt: skip
    return replace(
        draft, outlook=outlook, cache_kept=kept / 100, waits=waits / 100, repeats=repeats / 100
    )


def thrift_of(draft: Draft) -> Thrift:
    """What could be had from today's models for less."""
    return Thrift(draft.waits, draft.repeats)


def _rollout(outlook: Outlook, key: str) -> Outlook:
    known = {ramp: name for name, ramp in RAMPS.items()}
    names = [*RAMPS, OWN]
    chosen = st.selectbox(
        "Rollout", names, names.index(known.get(outlook.weekly_ramp, OWN)), key=f"ramp-{key}",
        help="The share of the traffic that the plan routes, week by week. The rest pays as today.",
    )  # fmt: skip
    if chosen != OWN:
        return replace(outlook, weekly_ramp=RAMPS[chosen])
    words = st.text_input(
        "Routed in week 1, 2, ..., in %", ", ".join(f"{100 * s:g}" for s in outlook.weekly_ramp),
        key=f"weeks-{key}",
    )  # fmt: skip
    return _try(outlook, words, "weekly_ramp", 100.0)


def _volumes(outlook: Outlook, key: str, season: tuple[float, ...]) -> Outlook:
    words = st.text_input(
        "Planned volume of the coming months, % of today's",
        ", ".join(f"{100 * v:g}" for v in outlook.volume_plan), key=f"volumes-{key}",
        placeholder="by growth; or 100, 110, 130, ...",
        help="In place of growth and season; the last one holds.",
    )  # fmt: skip
    outlook = _try(outlook, words, "volume_plan", 100.0)
    words = st.text_input(
        "Season: twelve indices, January first", ", ".join(f"{s:g}" for s in outlook.season),
        key=f"season-{key}", placeholder="none",
        help="1 is an average month."
        + ("" if season else " A log tells a season from two years on; this one is shorter."),
    )  # fmt: skip
    if season:
        st.button("Take the season of this log", key=f"own-season-{key}", on_click=_take,
                  args=(f"season-{key}", season))  # fmt: skip
    # Month 1 is the next one, whenever the season was typed in.
    return replace(
        _try(outlook, words, "season", 1.0), first_month=services.today().month % SEASON + 1
    )


def _take(field: str, season: tuple[float, ...]) -> None:
    st.session_state[field] = ", ".join(f"{index:.3g}" for index in season)


def _repricing(outlook: Outlook, key: str) -> Outlook:
    month = st.number_input(
        "A cheaper successor arrives in month", 1, 120, outlook.reprice_month, key=f"step-{key}",
        placeholder="none expected",
        help="List prices fall in steps, with new models: both bills then change at once.",
    )  # fmt: skip
    if month is None:
        return replace(outlook, reprice_month=None)
    factor = st.number_input(
        "and costs, % of today's price", 0.0, 200.0, 100 * outlook.reprice_factor, 5.0,
        key=f"factor-{key}",
    )  # fmt: skip
    usd = st.number_input(
        "Work of moving to it, $", 0.0, 1e9, outlook.reprice_usd, 500.0, key=f"move-{key}"
    )
    return replace(outlook, reprice_month=int(month), reprice_factor=factor / 100, reprice_usd=usd)


def _try(outlook: Outlook, words: str, field: str, scale: float) -> Outlook:
    """The outlook with numbers read from words, or as it was with a line that says why not."""
    try:
        found = tuple(
            float(part) / scale for part in words.replace(";", ",").split(",") if part.strip()
        )
        if not found and field == "weekly_ramp":
            return outlook
        return replace(outlook, **{field: found})  # type: ignore[arg-type]
    except ValueError:
        st.caption(":red[Numbers with commas between them, such as 10, 50, 100.]")
    except BadInput as error:
        show_error(error)
    return outlook


def _table(outlook: Outlook) -> pd.DataFrame:
    rows = []
    for field, (words, unit) in INPUTS.items():
        value: Estimate = getattr(outlook, field)
        scale = _scale(field)
        rows.append(
            {
                "What": words,
                "Low": scale * value.low,
                "Likely": scale * value.likely,
                "High": scale * value.high,
                "Unit": unit,
                "Known from": _origin(field, value),
                "Source": PROVENANCE[field].note,
            }
        )
    return pd.DataFrame(rows)


def _origin(field: str, value: Estimate) -> str:
    usual: Estimate = getattr(Outlook(), field)
    return PROVENANCE[field].origin if value == usual else "yours"


def _read(field: str, before: Estimate, row: pd.Series) -> Estimate:
    """A row as an estimate; a value without a range moves with its likely one."""
    low, likely, high = (float(row[name]) / _scale(field) for name in ("Low", "Likely", "High"))
    if before.low == before.high and low == high == before.low:
        return Estimate.exactly(likely)
    return Estimate(low, likely, high)


def _scale(field: str) -> float:
    return 1.0 if field.endswith("usd") else 100.0
