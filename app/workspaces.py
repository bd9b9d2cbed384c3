"""The workspace that a tab works in: the one in the URL, else the last one, else the first."""

from __future__ import annotations

import streamlit as st

from app import state
from app.identity import asking
from core.store.members import Workspace, workspaces_of


def choices() -> list[Workspace]:
    """The workspaces that whoever is at the browser has a role in."""
    return workspaces_of(*asking())


def enter() -> Workspace | None:
    """The workspace in use, which every page of this run works in; None without any role."""
    known = {workspace.id: workspace for workspace in choices()}
    if not known:
        return None
    first = next(iter(known))
    found = known.get(st.query_params.get("ws") or state.workspace_id(), known[first])
    state.set_workspace(found.id)
    if found.id != first:
        st.query_params["ws"] = found.id  # navigation clears it; put it back
    return found


def current() -> Workspace:
    """The same for a page: the frame has stopped those without a role."""
    found = enter()
    assert found is not None
    return found


def choose(workspace_id: str) -> None:
    """Work in that workspace from now on."""
    state.set_workspace(workspace_id)
    st.query_params["ws"] = workspace_id
