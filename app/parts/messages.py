"""Messages whose words may quote a file: shown as typed, never as Markdown."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from app.parts.wording import plain_untrusted
from app.site import is_for_reader
from core.errors import Hindered
from core.events import event, place_of
from core.store.trouble import told

FOR_READERS: Final = (
    "The server cannot do this just now, and nothing was changed. Try again in a moment; if it "
    "stays so, tell whoever sent you this link."
)


def show_error(problem: Exception | str) -> None:
    """An error that says what, where, and what to do.

    Whoever reads a shared link can mend nothing of the machine, and is not told where it is.
    """
    hidden = isinstance(problem, Hindered) and is_for_reader()
    words = FOR_READERS if hidden else str(problem)
    st.error(plain_untrusted(words), icon=":material/error:")


@contextmanager
def edge() -> Iterator[None]:
    """The edge of a page: what it could not do is said on it, and a bug goes on as it is.

    The page stops there, so that what was typed further down is not taken for gone.
    """
    try:
        yield
    except Exception as error:
        words = told(error)
        if words is None:
            raise
        if words is not error or isinstance(error, Hindered):
            at = place_of(error)
            event("hindered", logging.WARNING, error=type(error).__name__, at=at)
        show_error(words)
        st.stop()


def show_caution(words: str) -> None:
    """Something that the reader should know about the file."""
    st.warning(plain_untrusted(words), icon=":material/info:")
