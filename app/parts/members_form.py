"""Who is in a workspace, for its owners: roles given and taken, its name, other workspaces."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from app import identity, state, workspaces
from app.identity import asking, now
from app.parts.messages import show_error
from app.parts.wording import moment
from core.errors import BadInput
from core.store.access import Role
from core.store.members import (
    Workspace,
    create_workspace,
    list_members,
    remove_member,
    rename_workspace,
    set_role,
)

ROLES: Final[dict[Role, str]] = {
    "viewer": "Viewer: sees plans, comments, approves",
    "editor": "Editor: also logs, plans, links",
    "owner": "Owner: also people and the record",
}


def draw_members(here: Workspace) -> None:
    """People with their roles, and the forms."""
    with st.expander("People", key="people", on_change="rerun") as box:
        if not box.open:
            return
        if identity.access() == "open":
            st.info(
                "Nobody signs in to this app: whoever reaches it may do everything. Roles count "
                "once people sign in; the README says how, for a team."
            )
        members = list_members(*asking(), here.id)
        if members:
            st.dataframe(
                pd.DataFrame(
                    [(m.email, m.role, m.added_by, moment(m.added_at)) for m in members],
                    columns=["Address", "Role", "Added by", "When"],
                ),
                hide_index=True,
                alt="People and their roles",
            )
        try:
            _draw_forms(here, [m.email for m in members])
        except BadInput as error:
            show_error(error)


def _draw_forms(here: Workspace, known: list[str]) -> None:
    with (
        st.form("give-role", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        email = st.text_input(
                "Address", placeholder="ada@example.com, or @example.com for everybody there",
                max_chars=254, key="role-email",
            )  # fmt: skip
        role = st.selectbox(
            "Role", list(ROLES), format_func=ROLES.__getitem__, key="role-role", width=320
        )
        gives = st.form_submit_button("Give the role", type="primary", key="role-give")
    if gives:
        set_role(*asking(), email, role, now(), here.id)
        state.say("The role is given.")
        st.rerun()
    if known:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            gone = st.selectbox("Somebody who leaves", known, key="role-gone", width=320)
            if st.button("Take the role away", key="role-take"):
                remove_member(*asking(), gone, now(), here.id)
                state.say("The role is taken away.")
                st.rerun()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(
            "Name of this workspace", value=here.name, max_chars=120, key=f"ws-name-{here.id}"
        )
        if st.button("Rename", key="ws-rename", disabled=name == here.name):
            rename_workspace(*asking(), name, now(), here.id)
            st.rerun()
        other = st.text_input("Another workspace", max_chars=120, key="ws-new")
        if st.button("Make it", key="ws-make", disabled=not other.strip()):
            workspaces.choose(create_workspace(*asking(), other, now()))
            st.rerun()
