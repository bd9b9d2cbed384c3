"""Merge: two people changed the same plan; what to keep of each?"""

from dataclasses import replace

import streamlit as st

from app import identity, merging, planning, state
from app.parts.merge_view import draw_merge
from app.parts.messages import show_error
from core.errors import BadInput

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
        planning.write_draft(digest, replace(draft, version=at.version))
    st.switch_page("screens/plans.py", query_params={"plan": at.plan_id})
