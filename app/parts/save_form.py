"""Save the plan: a name, who made it, and the link to share."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from app import planning, state
from app.identity import asking, call_me, called, now
from app.parts.messages import show_error
from app.parts.plan_draft import save
from app.parts.share_link import show_link
from app.planning import SortedLog
from app.state import Draft
from core.errors import BadInput, Conflict, Hindered
from core.store.links import share_plan


def draw_save(draft: Draft, found: SortedLog) -> None:
    """The form to save the draft, and after that its share link."""
    st.subheader("Save and share")
    with st.form("save-plan", enter_to_submit=False):
        left, right = st.columns(2)
        name = left.text_input("Name of the plan", value=draft.name, max_chars=120)
        author = right.text_input("Your name", value=draft.author or called(), max_chars=120)
        again = bool(draft.plan_id)
        buttons = st.columns([1, 1, 3])
        saved = buttons[0].form_submit_button(
            "Save as next version" if again else "Save the plan", type="primary"
        )
        as_new = again and buttons[1].form_submit_button("Save as a new plan")
    if saved or as_new:
        if author.strip():
            call_me(author)
        try:
            draft = save(
                replace(draft, name=name, author=author),
                found,
                as_new=as_new,
                renamed=name.strip() != draft.name,
            )
        except Conflict:
            st.switch_page("screens/merge.py", query_params={"plan": draft.plan_id or ""})
        except BadInput as error:
            show_error(error)
            return
        planning.write_draft(found.log.digest, draft)
        assert draft.plan_id is not None
        try:
            token = share_plan(*asking(), draft.plan_id, now(), version=draft.version)
        except Hindered:
            state.say("The plan is saved. Its link could not be made: make one on the Plans page.")
        else:
            state.set_shared_token(draft.plan_id, token)
            state.say("The plan is saved.")
        st.rerun()
    if draft.plan_id and (token := state.shared_token(draft.plan_id)):
        show_link(token)
        st.caption("To let somebody approve or edit it, make another link on the Plans page.")
    st.page_link("screens/savings.py", label="Go on to Savings", icon=":material/arrow_forward:")
