"""A share link: where it points, and what whoever has it can see."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st

from app.site import base_path


def link_url(token: str) -> str:
    """The address of the shared page for that token, on the host the reader is using."""
    parts = urlsplit(st.context.url or "http://localhost:8501/")
    return f"{parts.scheme}://{parts.netloc}{base_path()}/shared?plan={token}"


def show_link(token: str, may: str = "View") -> None:
    """The link to copy, and the figures alone for somebody else's page."""
    st.write(
        f"**Share link** ({may.lower()}). Copy it now: only this tab knows it, and only until it "
        "closes. Whoever has it can open it:"
    )
    st.code(link_url(token), language=None)
    with st.expander("The figures alone, inside another page"):
        frame = f'<iframe src="{link_url(token)}&embed=true" width="100%" height="640"></iframe>'
        st.code(frame, language=None)
    if urlsplit(st.context.url or "").hostname in (None, "localhost", "127.0.0.1"):
        st.caption(
            "This app runs on your own machine, so the link opens here only. To share it with "
            "others, run Tierwise on a server that they reach (see the README)."
        )
