"""The preview of a dropped file: what it is, which column is what, and some rows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from app.parts.messages import show_caution
from app.parts.wording import plain_untrusted
from core.logs.mapping import ROLES, Mapping
from core.logs.preview import Preview

NONE = "(not in this log)"
FIRST = ("text", "model", "time", "input_tokens", "output_tokens", "cost")


def draw_mapping(look: Preview) -> Mapping:
    """The mapping as guessed, or as the user changed it; nothing is computed yet."""
    st.header("Is this your log?")
    size = look.size_bytes / 1e6
    st.write(
        f"**{plain_untrusted(look.name)}** is {look.container}, "
        f"{f'{size:.1f} MB' if size >= 0.1 else f'{look.size_bytes:,} bytes'}, "
        f"with {len(look.columns)} columns. Check how its columns were understood."
    )
    for warning in look.warnings:
        show_caution(warning)
    chosen: dict[str, str | None] = {}
    places = st.columns(3)
    for place, role in enumerate(FIRST):
        chosen[role] = _choose(look, role, places[place % 3])
    with st.expander("More columns and units"):
        places = st.columns(3)
        for place, role in enumerate(r for r in ROLES if r not in FIRST):
            chosen[role] = _choose(look, role, places[place % 3])
        unit = st.radio(
            "Latency is in",
            ["s", "ms"],
            index=["s", "ms"].index(look.mapping.latency_unit),
            format_func={"s": "seconds", "ms": "milliseconds"}.__getitem__,
            horizontal=True,
            key=f"unit-{look.name}",
        )
        beside = st.checkbox(
            "Cached tokens are counted beside the input tokens, not inside them",
            value=look.mapping.cached_beside_input,
            key=f"beside-{look.name}",
            help="Anthropic's own logs count them beside; OpenAI and most gateways inside.",
        )
    st.dataframe(
        pd.DataFrame(list(look.rows), columns=list(look.columns)),
        height=260,
        hide_index=True,
        alt="The first rows of the file, as they are",
    )
    return replace(look.mapping, **chosen, latency_unit=unit, cached_beside_input=beside)


def _choose(look: Preview, role: str, place: st.delta_generator.DeltaGenerator) -> str | None:
    options = [NONE, *look.columns]
    guess = look.mapping.column(role)
    label, _, rest = ROLES[role].partition(":")
    picked = place.selectbox(
        label,
        options,
        index=options.index(guess) if guess in options else 0,
        key=f"map-{role}-{look.name}",
        help=rest.strip().capitalize() or None,
    )
    return None if picked == NONE else picked
