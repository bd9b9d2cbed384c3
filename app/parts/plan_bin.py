"""Plans that come and go: a file from elsewhere, and the bin."""

from __future__ import annotations

from typing import Final

import streamlit as st

from app import state, uploads
from app.identity import asking, now
from app.parts.messages import show_error
from app.parts.wording import counted, moment, plain_untrusted
from core.errors import BadInput
from core.store.access import Role
from core.store.bin import list_deleted, remove_plan, undelete_plan
from core.store.plan_file import import_file

MOST_MB: Final = 50


def draw_undo() -> None:
    """One click brings back the plan that was deleted last in this tab."""
    gone = state.deleted_plan()
    if gone is None:
        return
    left, right = st.columns([5, 1], vertical_alignment="center")
    left.text(f"Deleted: {gone[1]}")
    if right.button("Undo", key="undo-delete", width="stretch"):
        state.set_deleted_plan(None)
        _bring_back(gone[0])


def _bring_back(plan_id: str) -> None:
    try:
        undelete_plan(*asking(), plan_id, now())
    except BadInput as error:  # somebody else was faster
        show_error(error)
        return
    state.say("The plan is back.")
    _forget(plan_id)
    st.rerun()


def _remove(plan_id: str) -> None:
    try:
        remove_plan(*asking(), plan_id, now())
    except BadInput as error:
        show_error(error)
        return
    _forget(plan_id)
    st.rerun()


def _forget(plan_id: str) -> None:
    """There is nothing to undo any more."""
    gone = state.deleted_plan()
    if gone and gone[0] == plan_id:
        state.set_deleted_plan(None)


def draw_import(workspace_id: str) -> None:
    """A plan file from another installation opens with the same numbers."""
    with st.expander("Open a plan file"):
        file = st.file_uploader(
            "A file that Tierwise exported", type=["json"], max_upload_size=MOST_MB,
            key=f"plan-file-{state.upload_round()}",
        )  # fmt: skip
        if file is None:
            return
        content = file.getvalue()
        uploads.forget_upload(file)
        try:
            plan_id = import_file(*asking(), content, now(), workspace_id=workspace_id)
        except BadInput as error:
            show_error(error)
            return
        state.empty_uploaders()
        state.choose_plans([plan_id])
        state.say("The plan is here, with its versions.")
        st.rerun()


def draw_bin(workspace_id: str, role: Role) -> None:
    """What was deleted in the last thirty days, to bring back."""
    deleted = list_deleted(*asking(), workspace_id)
    if not deleted:
        return
    with st.expander(f"Bin: {counted(len(deleted), 'plan')}"):
        for plan in deleted[:50]:
            left, middle, right = st.columns([5, 1.2, 1.2], vertical_alignment="center")
            left.markdown(
                f"{plain_untrusted(plan.name)}, deleted {moment(plan.deleted_at)}, gone for good "
                f"{moment(plan.gone_at)}"
            )
            if middle.button("Bring back", key=f"undelete-{plan.id}", width="stretch"):
                _bring_back(plan.id)
            if role == "owner":
                with right.popover("Remove", width="stretch"):
                    if st.button("Remove it for good", key=f"remove-{plan.id}"):
                        _remove(plan.id)
