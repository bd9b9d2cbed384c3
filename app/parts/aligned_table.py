"""A small table of words and figures, the figures aligned at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st


def draw_table(
    rows: pd.DataFrame,
    alt: str,
    words: Sequence[str] = (),
    help: Mapping[str, str] | None = None,
    *,
    keep_first: bool = False,
) -> None:
    """The rows as plain text; the first column and those in `words` at the left.

    `help` explains columns, by name; `keep_first` keeps the first one in sight on a phone.
    """
    first, says = str(rows.columns[0]), help or {}
    aligned = {
        str(name): st.column_config.TextColumn(
            alignment="left" if name in (first, *words) else "right",
            pinned=True if keep_first and name == first else None,
            width="large" if name in words else None,
            help=says.get(str(name)),
        )
        for name in rows.columns
    }
    st.dataframe(rows, hide_index=True, column_config=aligned, alt=alt)
