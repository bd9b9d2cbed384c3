"""What a reader sees of a link that opens nothing, or wants its passphrase first."""

from __future__ import annotations

import streamlit as st

from app import links
from app.parts.messages import show_error
from core.errors import BadInput
from core.store.links import Locked


def draw_nothing() -> None:
    """One plain page for every link that opens nothing, whatever the reason."""
    st.title("This link opens nothing")
    st.write(
        "It is mistyped, has ended or was closed, or its plan was deleted. Ask its sender for a "
        "new one."
    )


def draw_door(locked: Locked) -> None:
    """The field for the passphrase."""
    st.title("This link has a passphrase")
    if locked.until is not None:
        st.warning("Too many wrong passphrases. Wait a minute, then try again.")
    with st.form("passphrase", border=False):
        typed = st.text_input("Passphrase", type="password", key="passphrase-typed")
        pressed = st.form_submit_button("Open", type="primary")
    if not pressed:
        st.caption("Its sender has it.")
        return
    try:
        right = links.give_passphrase(typed)
    except BadInput as error:
        show_error(error)
        return
    if right:
        st.rerun()
    st.error("That is not it. Capital letters count.", icon=":material/error:")
