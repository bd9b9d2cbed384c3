"""One saved plan: as leadership reads it, its versions, its links, its words, and what to do."""

from __future__ import annotations

import streamlit as st

from app import briefs, services
from app.identity import me, now
from app.parts.decisions import draw_decision_form, draw_decisions, status_words
from app.parts.leader_view import draw_leader_view
from app.parts.plan_actions import draw_details
from app.parts.plan_links import draw_links
from app.parts.plan_versions import draw_versions
from app.parts.report_downloads import draw_report_downloads
from app.parts.wording import plain_untrusted
from core.store.access import ROLE_RIGHTS, Role
from core.store.actuals import list_months
from core.store.decisions import list_decisions
from core.store.plans import load_plan


def draw_record(plan_id: str, role: Role) -> None:
    """The plan in tabs; what the role does not allow is not offered."""
    engine, actor, moment = services.engine(), me(), now()
    saved = load_plan(engine, actor, plan_id, now=moment)
    rights = ROLE_RIGHTS[role]
    st.subheader(plain_untrusted(saved.name), anchor=False)
    titles = ["As it reads", "Versions"]
    titles += ["Links"] * ("share" in rights) + ["Details"] * ("arrange" in rights)
    for title, tab in zip(
        titles, st.tabs(titles, key=f"record-{plan_id}", on_change="rerun"), strict=True
    ):
        if not tab.open and title in ("Versions", "Links"):
            continue  # the others keep what was typed into them
        with tab:
            if title == "As it reads":
                said = list_decisions(engine, actor, plan_id, now=moment)
                brief = briefs.told(saved, status_words(said, saved.version))
                document = briefs.document_of(saved)
                months = list_months(engine, actor, plan_id, now=moment)
                draw_leader_view(saved, document, brief, months)
                draw_decision_form(saved, actor)
                if said:
                    st.subheader("What was said")
                    draw_decisions(said)
                draw_report_downloads(document, brief)
            elif title == "Versions":
                draw_versions(saved, can_write="write" in rights)
            elif title == "Links":
                draw_links(saved)
            else:
                draw_details(saved)
