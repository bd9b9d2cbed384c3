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

if not seen.plans:
    st.header("Nothing is decided yet, for no plan is saved")
elif approved:
    sure = "" if seen.approved_unverified_usd <= 0 else ", if quality holds"
    would = f"would save {usd(seen.approved_usd)}"
    if seen.approved_usd < 0:
        would = f"would cost {usd(-seen.approved_usd)} more"
    st.header(plain(f"{counted(approved, 'approved plan')} {would} a month{sure}"))
else:
    waits = "none approved as it stands" if seen.moved_on else "none approved yet"
    st.header(f"{counted(seen.plans, 'plan')}, {waits}")
if seen.plans:
    st.caption(
        plain_untrusted(f"{here.name}. Plans on one log exclude each other: the largest counts.")
    )
    draw_figures(
        [
            ("Approved, verified", usd(seen.approved_verified_usd), "a month"),
            ("Approved, not verified", usd(seen.approved_unverified_usd),
             "a month, if quality holds"),
            ("Waiting for a decision", f"{waiting}",
             f"{counted(seen.by_status['changes'], 'plan')} to be changed"),
            ("Plans", f"{seen.plans}", f"{seen.verified} verified on own traffic"),
        ]
    )  # fmt: skip
    for title, status in (
        ("Approved", "approved"),
        ("Waiting for a decision", "open"),
        ("Changes asked for", "changes"),
    ):  # fmt: skip
        wanted = Wanted(status=status, order="saving", limit=20)
        draw_decided(title, find_plans(*asking(), wanted, workspace_id=here.id))
    st.page_link("screens/plans.py", label="All plans", icon=":material/list:")
if "manage" in ROLE_RIGHTS[here.role]:
    draw_members(here)
    draw_audit(here)
