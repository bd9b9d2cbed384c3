"""Which priced model each name in the log stands for, and a way to say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from app import services, state
from app.parts.messages import show_error
from app.parts.wording import price
from core.catalog.model import Model
from core.logs.log import Log
from core.workload.notes import Notes, StandIn, model_counts

UNKNOWN = "(unknown)"


def draw_names(log: Log, names: Mapping[str, Model | None], notes: Notes) -> None:
    """A table of the log's model names that the user may correct, for all at once or one by one."""
    unknown = [name for name, model in names.items() if model is None]
    catalogue, counts = services.catalogue(), model_counts(log)
    if unknown:
        st.subheader(f"{len(unknown)} of {len(names)} model names are in no price list")
        st.write("Say which priced model each stands for, or what you pay for it.")
        pick, use, _ = st.columns([2, 1, 2], vertical_alignment="bottom")
        everywhere = pick.selectbox(
            "All unknown names stand for",
            list(catalogue.models),
            index=None,
            placeholder="Choose a model",
            format_func=lambda i: catalogue.get(i).name,
            key=f"all-{log.digest}",
        )
        if use.button("Use for all", disabled=everywhere is None, key="use-for-all") and everywhere:
            said = notes.stand_ins | {name: StandIn(everywhere) for name in unknown}
            _keep(log, replace(notes, stand_ins=said))
    with st.expander("Models in this log", expanded=bool(unknown) or len(names) <= 4):
        table = pd.DataFrame(
            {
                "In the log": list(names),
                "Calls": [counts[name] for name in names],
                "Stands for": [_shown(name, model, notes) for name, model in names.items()],
                "You pay, $ per M in": [_paid(notes, n, "input_usd_per_mtok") for n in names],
                "You pay, $ per M out": [_paid(notes, n, "output_usd_per_mtok") for n in names],
                "Price in use": [price(m) if m else "unpriced" for m in names.values()],
            }
        )
        money = {"min_value": 0.0, "format": "$%.3f"}
        choices = [UNKNOWN, *dict.fromkeys([*table["Stands for"], *catalogue.models])]
        edited = st.data_editor(
            table,
            hide_index=True,
            placeholder="",
            disabled=["In the log", "Calls", "Price in use"],
            column_config={
                "Stands for": st.column_config.SelectboxColumn(
                    options=list(dict.fromkeys(choices)), required=True
                ),
                "You pay, $ per M in": st.column_config.NumberColumn(**money),
                "You pay, $ per M out": st.column_config.NumberColumn(**money),
            },
            key=f"names-{log.digest}-{len(notes.stand_ins)}",
        )
        if not edited.equals(table) and st.button("Apply", type="primary", key="apply-names"):
            _apply(log, notes, table, edited)


def _apply(log: Log, notes: Notes, before: pd.DataFrame, after: pd.DataFrame) -> None:
    said = dict(notes.stand_ins)
    for (_, old), (_, new) in zip(before.iterrows(), after.iterrows(), strict=True):
        if old.equals(new):
            continue
        name, model_id = str(new["In the log"]), str(new["Stands for"])
        if model_id not in services.catalogue().models:
            show_error(
                f"Choose a model for {name!r} first: a price alone does not say how able it is."
            )
            return
        paid = [new["You pay, $ per M in"], new["You pay, $ per M out"]]
        prices = [None if pd.isna(p) else float(p) for p in paid]
        if (prices[0] is None) != (prices[1] is None):
            show_error(f"Give both prices for {name!r}, input and output, or neither.")
            return
        said[name] = StandIn(model_id, *prices)
    _keep(log, replace(notes, stand_ins=said))


def _keep(log: Log, notes: Notes) -> None:
    services.save_notes(log.digest, notes)
    state.say("Prices are in use on every page now.")
    st.rerun()


def _shown(name: str, model: Model | None, notes: Notes) -> str:
    if name in notes.stand_ins:
        return notes.stand_ins[name].model_id
    return model.id if model else UNKNOWN


def _paid(notes: Notes, name: str, field: str) -> float | None:
    said = notes.stand_ins.get(name)
    return getattr(said, field) if said else None
