"""Where on its site the app lives."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st


def base_path() -> str:
    """The folder of the site that holds the app, "" or such as "/tierwise"."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""


def is_shared_link() -> bool:
    """Whether the reader opened a share link."""
    path = urlsplit(st.context.url or "").path.rstrip("/")
    return path.endswith("/shared")
