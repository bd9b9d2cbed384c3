"""Workspace: what was decided here, what waits, and did it come true? To be bookmarked."""

import streamlit as st

from app import workspaces
from app.identity import asking
from app.parts.audit_table import draw_audit
from app.parts.decided_table import draw_decided
from app.parts.figures import draw_figures
from app.parts.members_form import draw_members
from app.parts.wording import counted, plain, plain_untrusted, usd
from core.store.access import ROLE_RIGHTS
from core.store.finding import Wanted, find_plans, overview

here = workspaces.current()
seen = overview(*asking(), workspace_id=here.id)
approved, waiting = seen.by_status["approved"], seen.by_status["open"]

st.caption(plain_untrusted(here.name))
if not seen.plans:
    st.header("Nothing is decided yet, for no plan is saved")
elif approved:
    amount = usd(seen.approved_usd)
    st.header(
        plain(
            f"{counted(approved, 'approved plan')} {'saves' if approved == 1 else 'save'} {amount} "
            "a month"
        )
    )
else:
    st.header(f"{counted(seen.plans, 'plan')}, none approved yet")
if seen.plans:
    unsure = max(seen.approved_usd - seen.approved_verified_usd, 0.0)
    draw_figures(
        [
            ("Approved, verified", usd(seen.approved_verified_usd), "a month"),
            ("Approved, not verified", usd(unsure), "a month, if quality holds"),
            ("Wait for a decision", f"{waiting}", counted(seen.by_status["changes"], "plan")
             + " with changes asked for"),
            ("Plans", f"{seen.plans}", f"{seen.verified} verified on own traffic"),
        ]
    )  # fmt: skip
    for title, status in (
        ("Approved", "approved"), ("Wait for a decision", "open"), ("Changes asked for", "changes"),
    ):  # fmt: skip
        wanted = Wanted(status=status, order="saving", limit=20)
        draw_decided(title, find_plans(*asking(), wanted, workspace_id=here.id))
    st.page_link("screens/plans.py", label="All plans", icon=":material/list:")
if "manage" in ROLE_RIGHTS[here.role]:
    draw_members(here)
    draw_audit(here)
