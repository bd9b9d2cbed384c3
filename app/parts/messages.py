"""Messages whose words may quote a file: shown as typed, never as Markdown."""

from __future__ import annotations

import streamlit as st

from app.parts.wording import plain_untrusted


def show_error(problem: Exception | str) -> None:
    """An error that says what, where, and what to do."""
    st.error(plain_untrusted(str(problem)), icon=":material/error:")


def show_caution(words: str) -> None:
    """Something that the reader should know about the file."""
    st.warning(plain_untrusted(words), icon=":material/info:")
