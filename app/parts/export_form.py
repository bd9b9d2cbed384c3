"""The plan as a router's configuration, to download."""

from __future__ import annotations

from typing import Final

import streamlit as st

from app import services
from app.parts.messages import show_error
from app.parts.plan_draft import frozen
from app.parts.wording import plain
from app.planning import SortedLog
from app.state import Draft
from core.errors import BadInput
from core.frozen.exporting import export_plan

ROUTERS: Final = {
    "litellm": "LiteLLM proxy",
    "vllm-sr": "vLLM Semantic Router",
    "portkey": "Portkey",
    "json": "JSON policy",
    "python": "Python function",
}


def draw_export(draft: Draft, found: SortedLog) -> None:
    """A choice of routers; the files of the chosen one, with what they cannot express."""
    st.subheader("Take it to your router")
    to = st.radio(
        "Router", list(ROUTERS), index=None, horizontal=True, format_func=ROUTERS.__getitem__,
        key=f"export-{found.log.digest}",
    )  # fmt: skip
    if to is None:
        return
    try:
        made = export_plan(
            frozen(draft, found),
            plan_id=draft.plan_id or "not saved",
            name=draft.name or "This plan",
            classifier=services.classifier(),
            to=to,
        )
    except BadInput as error:
        show_error(error)
        return
    st.caption(
        f"For {made.target_version}. Keys are named by environment variables, never written."
    )
    for words in made.cannot_express:
        st.markdown(plain(f"- It cannot express: {words}"))
    for name, content in made.files.items():
        st.download_button(name, content, name, key=f"download-{to}-{name}")
