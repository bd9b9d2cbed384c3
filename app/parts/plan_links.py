"""The share links of a plan: make one, see who opened them, close them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import streamlit as st

from app import briefs, planning, state
from app.identity import asking, now
from app.parts.link_examples import examples_json
from app.parts.messages import show_error
from app.parts.share_link import show_link
from app.parts.wording import counted, moment, plain_untrusted
from core.errors import BadInput
from core.store.access import LinkKind
from core.store.links import ShareLink, link_id_of, list_links, revoke_link, share_plan
from core.store.saved import SavedPlan
from core.workload.workload import Example

KINDS: Final[dict[LinkKind, str]] = {
    "view": "View", "comment": "View, comment and approve", "edit": "Edit"
}  # fmt: skip
LASTS: Final = {"Never": 0, "After a week": 7, "After a month": 30, "After three months": 90}


def draw_links(saved: SavedPlan) -> None:
    """The form for a new link, the one just made, and all there are."""
    _draw_form(saved)
    links = list_links(*asking(), saved.id, now=now())
    if token := state.shared_token(saved.id):
        here = link_id_of(token)
        show_link(token, next((KINDS[link.kind] for link in links if link.id == here), ""))
    if not links:
        st.caption("No link was made yet.")
        return
    is_open = [link for link in links if link.is_open(now())]
    st.markdown(f"**{counted(len(is_open), 'open link')}**, {len(links) - len(is_open)} closed")
    for link in links:
        _draw_link(link, saved, now())
    if len(is_open) > 1 and st.button(f"Close all {len(is_open)}", key=f"revoke-{saved.id}"):
        _close(saved, is_open)


def _draw_form(saved: SavedPlan) -> None:
    sample = _sample(saved)
    with st.form(f"share-form-{saved.id}", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            kind = st.selectbox(
                "Whoever has it may", list(KINDS), format_func=KINDS.__getitem__, width=260,
                key=f"share-kind-{saved.id}",
            )  # fmt: skip
            lasts = st.selectbox("It ends", list(LASTS), key=f"share-ends-{saved.id}", width=180)
            passphrase = st.text_input(
                "Passphrase, if any", type="password", key=f"share-pass-{saved.id}", width=220
            )
        follows = st.checkbox(
            "Always the newest version", key=f"share-newest-{saved.id}",
            help="Otherwise it shows today's version for ever. Links to edit always follow.",
        )  # fmt: skip
        with_sample = st.checkbox(
            "Include the redacted sample of queries", key=f"share-sample-{saved.id}",
            disabled=not sample,
            help="Only where the log of this plan is open in this tab. Otherwise no query text "
            "goes along.",
        )  # fmt: skip
        pressed = st.form_submit_button("Make a link", type="primary", key=f"share-{saved.id}")
    if not pressed:
        return
    days = LASTS[lasts]
    try:
        token = share_plan(
            *asking(), saved.id, now(), kind=kind, follows=follows,
            expires_at=now() + timedelta(days=days) if days else None, passphrase=passphrase,
            examples=examples_json(sample) if with_sample else "",
        )  # fmt: skip
    except BadInput as error:
        show_error(error)
        return
    state.set_shared_token(saved.id, token)


def _draw_link(link: ShareLink, saved: SavedPlan, at: datetime) -> None:
    words = f"**{KINDS[link.kind]}**, " + (
        "the newest version" if link.version is None else f"version {link.version}"
    )
    words += f". Made {moment(link.created_at)} by {plain_untrusted(link.made_by or 'somebody')}"
    words += f", {_opened(link)}"
    if link.has_passphrase:
        words += ", with a passphrase"
    if link.has_examples:
        words += ", with the redacted sample"
    if link.revoked_at:
        words += f". Closed {moment(link.revoked_at)}"
    elif link.expires_at:
        words += f". {'Ended' if link.expires_at <= at else 'Ends'} {moment(link.expires_at)}"
    left, right = st.columns([6, 1], vertical_alignment="center")
    if not link.is_open(at):
        left.caption(f"{words}.")
        return
    left.markdown(f"{words}.")
    if right.button("Close", key=f"revoke-{link.id}", width="stretch"):
        _close(saved, [link])


def _opened(link: ShareLink) -> str:
    if link.opened_at is None:
        return "never opened"
    return f"opened {counted(link.opened, 'time')}, last {moment(link.opened_at)}"


def _close(saved: SavedPlan, links: Sequence[ShareLink]) -> None:
    for link in links:
        revoke_link(*asking(), saved.id, link.id, now())
    token = state.shared_token(saved.id)
    if token and link_id_of(token) in {link.id for link in links}:
        state.set_shared_token(saved.id, None)
    state.say("The link is closed." if len(links) == 1 else "The links are closed.")
    st.rerun()


def _sample(saved: SavedPlan) -> Sequence[Example]:
    """The redacted examples of the plan's own log, where that log is open here."""
    digest = state.log_digest()
    if not digest or briefs.document_of(saved).log.digest != digest:
        return ()
    found = planning.sorted_log(digest)
    return found.workload.examples if found else ()
