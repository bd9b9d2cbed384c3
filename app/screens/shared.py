"""Shared plan: what should I decide? For whoever has the link, and nothing beyond it."""

import streamlit as st

from app import briefs, identity, links, merging, services, state
from app.parts.decisions import draw_decision_form, draw_decisions, status_words
from app.parts.edit_form import draw_edit_form
from app.parts.leader_view import draw_key_figures, draw_leader_view, draw_saved
from app.parts.link_door import draw_door, draw_nothing
from app.parts.link_examples import draw_link_examples
from app.parts.merge_view import draw_merge
from app.parts.messages import show_error
from app.parts.report_downloads import draw_report_downloads
from app.parts.wording import moment, plain_untrusted
from core.errors import BadInput
from core.store.access import LINK_RIGHTS
from core.store.actuals import list_months
from core.store.decisions import list_decisions
from core.store.links import Locked
from core.store.plans import load_plan

try:
    opened = links.opened()
except BadInput as error:
    show_error(error)
    st.stop()
if opened is None:
    draw_nothing()
    st.stop()
if isinstance(opened, Locked):
    if st.context.is_embedded:  # whoever frames this page shall not ask for passphrases
        st.write("This link has a passphrase: open it in a window of its own.")
    else:
        draw_door(opened)
    st.stop()

saved, actor, rights = opened.plan, opened.actor, LINK_RIGHTS[opened.kind]
try:
    may_write = "write" in rights and not st.context.is_embedded
    mine = merging.kept(saved.id, actor) if may_write else None
    if mine is not None:
        if draw_merge(mine, actor) is not None:
            state.edit_newest(saved.id)
            st.rerun()
        st.stop()
    if opened.follows:  # what is on the screen stays until its reader wants the newest
        base = state.editing(saved.id, saved.version)
        if base != saved.version:
            saved = load_plan(services.engine(), actor, saved.id, base, now=identity.now())
    document = briefs.document_of(saved)
    said = list_decisions(services.engine(), actor, saved.id, now=identity.now())
    months = list_months(services.engine(), actor, saved.id, now=identity.now())
except BadInput as error:
    show_error(error)
    st.stop()

brief = briefs.told(saved, status_words(said, saved.version))
if st.context.is_embedded:  # ?embed=true: the figures alone, for a page of somebody else's
    st.markdown(f"**{plain_untrusted(brief.headline)}**")
    st.caption(
        plain_untrusted(
            f"{saved.name}, version {saved.version}, {moment(saved.saved_at)}. {brief.status}"
        )
    )
    draw_key_figures(brief)
    draw_saved(document, brief)
    st.stop()

if words := state.heard():
    st.toast(words)
if opened.follows and saved.newest > saved.version:
    st.info(f"Version {saved.newest} was saved meanwhile. You see version {saved.version}.")
    if st.button(f"Show version {saved.newest}", key="show-newest"):
        state.edit_newest(saved.id)
        st.rerun()
if not opened.follows and saved.newest > saved.version:
    st.info(
        f"This link shows version {saved.version}. The plan has {saved.newest} versions by now; "
        "its sender can give you a link to the newest."
    )
draw_leader_view(saved, document, brief, months)
draw_link_examples(opened.examples)
if "comment" in rights:
    draw_decision_form(saved, actor)
if said:
    st.subheader("What was said")
    draw_decisions(said)
if "write" in rights:
    draw_edit_form(saved, document, actor)
draw_report_downloads(document, brief)
