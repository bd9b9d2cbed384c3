"""The segments of a log, as a person calls them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from app import evidence, jobs, planning


def draw_segment_names(found: planning.SortedLog, segments: Sequence[str]) -> None:
    """A table to rename segments in; the same name for two makes them one."""
    known = found.notes.segment_names
    of_name = {name: [k for k, v in known.items() if v == name] or [name] for name in segments}
    rows = pd.DataFrame(
        {
            "Segment": ["; ".join(of_name[name]) for name in segments],
            "Called": list(segments),
        }
    )
    st.caption("Rename a segment by typing over its name; the same name for two merges them.")
    with st.form(f"segments-{found.log.digest}", border=False):
        said = st.data_editor(
            rows,
            hide_index=True,
            disabled=["Segment"],
            key=f"segments-{found.log.digest}-{found.notes.placing_digest}",
        )
        pressed = st.form_submit_button("Use these names", key="use-names")
    names = {}
    for name, called in zip(segments, said["Called"], strict=True):
        wanted = str(called or "").strip() or name
        for original in of_name[name]:
            if wanted != original:
                names[original] = wanted
    if pressed and names != known:
        evidence.keep_segment_names(found.log.digest, names)
        jobs.start_sorting(found.log.digest)
        st.rerun()
