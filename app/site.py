"""Where on its site the app lives."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st


def base_path() -> str:
    """The folder of the site that holds the app, "" or such as "/tierwise"."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def is_shared_link() -> bool:
    """Whether the reader opened a share link, by the address that the browser says."""
    path = urlsplit(st.context.url or "").path.rstrip("/")
    return path.endswith("/shared")


def note_page(url_path: str) -> None:
    """Remember which page was found for a run: a fragment runs without finding it again."""
    st.session_state["shared"] = url_path == "shared"


def is_for_reader() -> bool:
    """Whether the page is that of a share link; before one was found, whether it was asked for."""
    return bool(st.session_state.get("shared", is_shared_link()))
