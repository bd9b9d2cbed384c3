"""What can be done with a saved plan: its words, a copy, a file, the bin, the planner."""

from __future__ import annotations

import streamlit as st

from app import planning, state
from app.identity import SOMEBODY, asking, called, now
from app.parts.messages import show_error
from app.parts.plan_draft import current_draft, draft_of
from core.errors import BadInput
from core.frozen.document import PlanDocument
from core.store.bin import delete_plan
from core.store.names import NOTE_LENGTH
from core.store.plan_file import export_file, file_name
from core.store.plans import describe_plan, duplicate_plan
from core.store.saved import SavedPlan


def draw_details(saved: SavedPlan) -> None:
    """A form for its words, and buttons for the rest; deleting can be undone for thirty days."""
    engine, actor = asking()
    with st.form(f"details-{saved.id}", border=False):
        name = st.text_input("Name", value=saved.name, max_chars=120, key=f"name-{saved.id}")
        words = st.text_input(
            "Tags", value=", ".join(saved.tags), key=f"tags-{saved.id}",
            help="Words that it is found by, with commas between them",
        )  # fmt: skip
        needs = st.text_area(
            "What it needs", value=saved.needs, max_chars=NOTE_LENGTH, key=f"needs-{saved.id}",
            placeholder="Two days of engineering, a check after two weeks",
            help="Whoever decides reads this; empty says what follows from the plan itself",
        )  # fmt: skip
        decide_by = st.date_input(
            "Decide by", value=saved.decide_by, key=f"decide-by-{saved.id}", format="YYYY-MM-DD"
        )
        keeps = st.form_submit_button("Save", type="primary", key=f"keep-{saved.id}")
    try:
        if keeps:
            describe_plan(
                engine, actor, saved.id, name=name, tags=words.split(","), needs=needs,
                decide_by=decide_by or None, now=now(),
            )  # fmt: skip
            state.say("Saved.")
            st.rerun()
        with st.container(horizontal=True):
            if st.button("Duplicate", key=f"duplicate-{saved.id}", icon=":material/content_copy:"):
                copy = duplicate_plan(engine, actor, saved.id, called() or SOMEBODY, now())
                state.choose_plans([copy])
                st.rerun()
            st.download_button(
                "Export as a file", lambda: export_file(engine, actor, saved.id, now()),
                file_name(saved.name), "application/json", key=f"export-{saved.id}",
                on_click="ignore", icon=":material/download:",
                help="All versions in one file, which opens on another installation",
            )  # fmt: skip
            if st.button("Delete", key=f"delete-{saved.id}", icon=":material/delete:"):
                delete_plan(engine, actor, saved.id, now())
                state.set_deleted_plan((saved.id, saved.name))
                state.choose_plans([])
                st.rerun()
    except BadInput as error:
        show_error(error)


def open_in_planner(saved: SavedPlan, document: PlanDocument) -> None:
    """Put the plan's models and tolerances on the Plan page, on the log that is open.

    The log itself may be gone or another one; the plan's own figures stay on its shared page.
    """
    digest = state.log_digest()
    if digest is None:
        st.info("Open a log first: the Plan page works on a log. The share link needs none.")
        return
    planning.write_draft(digest, draft_of(current_draft(digest), saved, document))
    state.forget_widgets(digest)
    st.switch_page("screens/plan.py")
