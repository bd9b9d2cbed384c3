"""The share link that a reader opened: its token, its passphrase, and that it was opened once."""

from __future__ import annotations

import streamlit as st

from app import services
from app.identity import now
from core.store.access import token_digest
from core.store.links import Locked, Opened, open_link, unlock


def opened() -> Opened | Locked | None:
    """What the link in the address opens right now; asked anew with every click."""
    token = st.query_params.get("plan", "")
    digest = token_digest(token)
    found = open_link(
        services.engine(),
        token,
        now(),
        name=str(st.session_state.get("called", "")),
        key=str(st.session_state.get(f"key-{digest}", "")),
        first=not st.session_state.get(f"opened-{digest}"),
    )
    if isinstance(found, Opened):
        st.session_state[f"opened-{digest}"] = True
    return found


def give_passphrase(passphrase: str) -> bool:
    """Whether it is the right one; then the link stays open in this tab. BadInput: wait."""
    token = st.query_params.get("plan", "")
    key = unlock(services.engine(), token, passphrase, now())
    if key is not None:
        st.session_state[f"key-{token_digest(token)}"] = key
    return key is not None
