"""The door: who comes in, and what those read who do not."""

from __future__ import annotations

import streamlit as st

from app import identity, login, workspaces
from app.parts.messages import show_error
from app.parts.wording import plain_untrusted
from core.errors import BadInput
from core.store.members import Workspace


def come_in() -> Workspace | None:
    """The workspace of whoever is at the browser; None once they have read why there is none."""
    try:
        here = identity.actor()
    except BadInput as error:
        show_error(error)
        return None
    if here is None:
        _draw_sign_in()
        return None
    found = workspaces.enter()
    if found is None:
        st.title("No workspace knows you yet")
        st.write(
            f"You are signed in as {plain_untrusted(here.email)}. Ask an owner to give this "
            "address a role."
        )
        draw_sign_out()
    return found


def draw_sign_out() -> None:
    """A way out for those who came in by signing in."""
    if identity.may_sign_out() and st.button("Sign out", key="sign-out", type="tertiary"):
        st.logout()


def draw_who(here: Workspace) -> None:
    """Who is signed in, in which workspace; nothing on a machine of one's own."""
    known = workspaces.choices()
    me = identity.me()
    if identity.is_open_to_others():
        st.caption(
            "Nobody signs in here: whoever reaches this server can see and change all plans. The "
            "README says how to change that."
        )
    if me.local and len(known) == 1:
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        if len(known) > 1:
            names = {workspace.id: workspace.name for workspace in known}
            chosen = st.selectbox(
                "Workspace", list(names), index=list(names).index(here.id), width=220,
                format_func=names.__getitem__, key=f"ws-choice-{here.id}",
                label_visibility="collapsed",
            )  # fmt: skip
            if chosen != here.id:
                workspaces.choose(chosen)
                st.rerun()
        if not me.local:
            st.caption(f"{plain_untrusted(me.email)}, {here.role}", width="content")
        draw_sign_out()


def _draw_sign_in() -> None:
    st.title("Tierwise")
    if identity.access() == "proxy":
        st.error(
            "The proxy in front of this app did not say who you are. Open the app by the address "
            "your team uses, or ask whoever runs it.",
            icon=":material/lock:",
        )
        return
    st.write("Sign in to see your team's plans.")
    if st.button("Sign in", type="primary", key="sign-in"):
        login.send_to_login()  # and back to this very page
