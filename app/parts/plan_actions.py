"""What can be done with a saved plan: open, share, rename, duplicate, delete."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import streamlit as st

from app import planning, services, state
from app.parts.messages import show_error
from app.parts.plan_draft import calls_of, current_draft
from app.parts.share_link import show_link
from app.parts.wording import moment, plain_untrusted, rests_words, share
from core.economics.tuning.case_json import case_to_json
from core.errors import BadInput
from core.routing.check import ACCEPTS_BAD, ACCEPTS_GOOD
from core.store.document import PlanDocument, document_from_json
from core.store.links import list_links, revoke_link, share_plan
from core.store.plans import (
    delete_plan,
    duplicate_plan,
    list_versions,
    load_plan,
    rename_plan,
)
from core.store.saved import PlanRow


def draw_actions(row: PlanRow, now: datetime) -> None:
    """The actions on one plan; each says what it did, and deleting can be undone."""
    engine = services.engine()
    if st.button("Open in the plan page", key=f"open-{row.id}", width="stretch"):
        open_in_planner(row, document_from_json(load_plan(engine, row.id).document))
    _draw_versions(row)
    if st.button("Share link", key=f"share-{row.id}", width="stretch"):
        state.set_shared_token(row.id, share_plan(engine, row.id, now))
    if token := state.shared_token(row.id):
        show_link(token)
    links = [link for link in list_links(engine, row.id) if link.revoked_at is None]
    if links and st.button(
        f"Close all {len(links)} links" if len(links) > 1 else "Close the link",
        key=f"revoke-{row.id}",
        width="stretch",
    ):
        for link in links:
            revoke_link(engine, link.id, now)
        state.set_shared_token(row.id, None)
        state.say("Its links open nothing any more.")
        st.rerun()
    name = st.text_input("Name", value=row.name, max_chars=120, key=f"name-{row.id}-{row.name}")
    if st.button("Rename", key=f"rename-{row.id}", disabled=name == row.name, width="stretch"):
        try:
            rename_plan(engine, row.id, name)
        except BadInput as error:
            show_error(error)
            return
        st.rerun()
    if st.button("Duplicate", key=f"duplicate-{row.id}", width="stretch"):
        duplicate_plan(engine, row.id, row.author, now)
        st.rerun()
    if st.button("Delete", key=f"delete-{row.id}", width="stretch"):
        delete_plan(engine, row.id, now)
        state.set_deleted_plan((row.id, row.name))
        st.rerun()


def _draw_versions(row: PlanRow) -> None:
    """What became of the plan, newest version first, and what each rests on."""
    if row.version == 1:
        return
    with st.expander(f"{row.version} versions"):
        for version in list_versions(services.engine(), row.id):
            head = version.headline
            why = f" {plain_untrusted(head.note)}" if head.note else ""
            st.markdown(
                f"**{version.version}**, {plain_untrusted(version.author)}, "
                f"{moment(version.updated_at)}: {share(head.saving_share)} less, "
                f"{rests_words(head)}.{why}"
            )


def open_in_planner(row: PlanRow, document: PlanDocument) -> None:
    """Put the plan's models and tolerances on the Plan page, on the log that is open.

    The log itself may be gone or another one; the plan's own figures stay on its shared page.
    """
    digest = state.log_digest()
    if digest is None:
        st.info("Open a log first: the Plan page works on a log. The share link needs none.")
        return
    plan = document.plan
    draft = replace(
        current_draft(digest),
        simple=plan.simple.id,
        medium=plan.medium.id,
        complex=plan.complex.id,
        to_medium=plan.to_medium,
        to_complex=plan.to_complex,
        cascade=plan.check is not None,
        check=plan.check.model.id if plan.check else "",
        accepts_good=plan.check.accepts_good if plan.check else ACCEPTS_GOOD,
        accepts_bad=plan.check.accepts_bad if plan.check else ACCEPTS_BAD,
        judged=plan.check.judged if plan.check and plan.check.origin == "measured" else 0,
        calls=calls_of(plan),
        cache_kept=document.assumptions.cache_kept,
        outlook=document.growth,
        waits=document.thrift.waits,
        repeats=document.thrift.repeats,
        fine_tuning=case_to_json(document.fine_tuning) if document.fine_tuning else "",
        name=row.name,
        author=row.author,
        plan_id=row.id,
    )
    planning.write_draft(digest, draft)
    state.forget_widgets(digest)
    st.switch_page("screens/plan.py")
