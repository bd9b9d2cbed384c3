"""Merge: two people changed the same plan; what to keep of each?"""

import streamlit as st

from app import briefs, identity, merging, planning, state
from app.parts.merge_view import draw_merge
from app.parts.messages import show_error
from app.parts.plan_draft import draft_of
from core.errors import BadInput
from core.store.plans import load_plan

mine = merging.kept(st.query_params.get("plan", ""))
if mine is None:
    st.header("There is nothing to merge")
    st.page_link("screens/plans.py", label="Go to Plans", icon=":material/list:")
    st.stop()
try:
    at = draw_merge(mine, identity.me())
except BadInput as error:
    show_error(error)
    st.stop()
if at is not None:
    digest = state.log_digest()
    draft = planning.read_draft(digest) if digest else None
    if digest and draft and draft.plan_id == at.plan_id:
        kept = load_plan(*identity.asking(), at.plan_id, at.version, now=identity.now())
        planning.write_draft(digest, draft_of(draft, kept, briefs.document_of(kept)))
        state.forget_widgets(digest)
    st.switch_page("screens/plans.py", query_params={"plan": at.plan_id})
