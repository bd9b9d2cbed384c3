"""Where on its site the app lives."""

from __future__ import annotations

import streamlit as st


def base_path() -> str:
    """The folder of the site that holds the app, "" or such as "/tierwise"."""
    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""
