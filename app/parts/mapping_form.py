"""Before a file is read: what it is, how its rows will be understood, and what is kept of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
import streamlit as st

from app import services
from app.parts.messages import show_caution, show_error
from app.parts.wording import plain_untrusted, with_article
from app.state import Pending
from core.errors import BadInput
from core.logs.mapping import ROLES, Mapping, guess_mapping
from core.logs.preview import Preview

NONE = "(not in this log)"
FIRST = ("text", "model", "time", "input_tokens", "output_tokens", "cost")
HEADINGS = {
    "time": "Asked at (UTC)",
    "model": "Model",
    "segment": "Segment",
    "text": "Query, redacted",
    "turns": "Turns",
    "requests": "Calls",
    "input_tokens": "Input tokens",
    "cache_read_tokens": "of them cached",
    "cache_write_tokens": "of them written to cache",
    "output_tokens": "Output tokens",
    "cost_usd": "Cost in USD",
    "latency_ms": "Latency in ms",
    "status": "Status",
}


@dataclass(frozen=True)
class Choices:
    """How a file is to be read, and whether the redacted texts are kept."""

    mapping: Mapping
    keep_text: bool


def draw_mapping(look: Preview, pending: Pending) -> Choices:
    """The reading as recognised or remembered, or as the user changed it; nothing is stored."""
    size = look.size_bytes / 1e6
    known = look.source != "generic"
    st.header(
        plain_untrusted(f"This is {with_article(look.source_label)}")
        if known
        else "Is this your log?"
    )
    st.write(
        f"**{plain_untrusted(look.name)}** is {look.container}, "
        f"{f'{size:.1f} MB' if size >= 0.1 else f'{look.size_bytes:,} bytes'}. "
        + (
            "Its format is known, so every column has its meaning."
            if known
            else f"It has {len(look.columns)} columns. Check how they were understood."
        )
    )
    for warning in look.warnings:
        show_caution(warning)
    by_hand = known and st.toggle(
        "Read it as a plain table, and map the columns by hand",
        key=f"by-hand-{look.name}",
        help="For an export that was changed after the tool wrote it.",
    )
    if by_hand:
        look = replace(look, source="generic", mapping=guess_mapping(look.columns, look.rows))
    mapping = look.mapping if known and not by_hand else _draw_columns(look, pending)
    _draw_rows(look, pending, mapping)
    keep_text = not st.checkbox(
        "Keep no text at all",
        key=f"no-text-{look.name}",
        help="Otherwise the redacted texts and answers stay in the local copy of this log, on "
        "this machine. Without texts the queries can be sorted by size only.",
    )
    st.caption(
        "E-mail addresses, cards, IBANs, phone numbers, keys and passwords are replaced before "
        "anything is stored. Names of people and postal addresses are not recognised and stay. "
        "Users and conversations become keyed hashes; other identity columns are dropped."
    )
    return Choices(mapping, keep_text)


def _draw_columns(look: Preview, pending: Pending) -> Mapping:
    remembered = services.remembered_mapping(look.columns)
    if remembered is not None:
        look = replace(look, mapping=remembered)
        left, right = st.columns([4, 1], vertical_alignment="center")
        left.info("A file with these columns was mapped before; that mapping is used again.")
        if right.button("Guess afresh", key="forget-mapping", width="stretch"):
            services.forget_mapping(look.columns)
            st.rerun()
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
    return replace(look.mapping, **chosen, latency_unit=unit, cached_beside_input=beside)


def _draw_rows(look: Preview, pending: Pending, mapping: Mapping) -> None:
    """The first rows as they will be read, and as they lie in the file."""
    read, raw = st.tabs(["As Tierwise reads it", "As it lies in the file"])
    with read:
        try:
            rows = services.first_rows(str(pending.path), pending.name, mapping)
        except BadInput as error:
            show_error(error)
        else:
            if rows.empty:
                st.write("None of the first rows can be used with these columns.")
            else:
                st.dataframe(
                    rows.rename(columns=HEADINGS),
                    height=min(260, 36 * len(rows) + 40),
                    hide_index=True,
                    column_config={
                        HEADINGS["time"]: st.column_config.DatetimeColumn(
                            format="YYYY-MM-DD HH:mm:ss"
                        )
                    },
                    alt="The first queries as Tierwise reads them, redacted",
                )
    with raw:
        st.dataframe(
            pd.DataFrame(list(look.rows), columns=list(look.columns)),
            height=260,
            hide_index=True,
            alt="The first rows of the file, as they are",
        )


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
