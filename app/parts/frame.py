"""What surrounds every page: the chosen log and plan at the top, and what was just done."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from app import jobs, planning, services, state
from app.parts.door import draw_who
from app.parts.progress import is_running, show_job
from app.parts.wording import log_size, period, plain_untrusted
from core.errors import BadInput, Hindered
from core.store.access import ROLE_RIGHTS, Role
from core.store.members import Workspace
from core.workload.grains import grain_words, page_use


def pages_for(role: Role) -> list[StreamlitPage]:
    """The pages that a role may open, in the order of the journey.

    A page that is not in the list cannot be opened by its address either.
    """
    may_write = "write" in ROLE_RIGHTS[role]
    shared = st.Page(
        "screens/shared.py", title="Shared plan", url_path="shared", visibility="hidden"
    )
    decided = [
        st.Page(
            "screens/plans.py", title="Plans", help="What have we decided?", default=not may_write
        ),
        st.Page("screens/workspace.py", title="Workspace", help="What came of it?"),
        st.Page("screens/method.py", title="Method", help="How is it computed?"),
    ]
    if not may_write:
        return [*decided, shared]
    return [
        st.Page("screens/log.py", title="Log", default=True, help="What is in my log?"),
        st.Page("screens/queries.py", title="Queries", help="How hard are my queries?"),
        st.Page("screens/models.py", title="Models", help="What could answer them?"),
        st.Page("screens/plan.py", title="Plan", help="Who should answer what?"),
        st.Page("screens/savings.py", title="Savings", help="What is it worth over time?"),
        st.Page(
            "screens/fine_tuning.py",
            title="Fine-tuning",
            url_path="fine-tuning",
            help="Does training our own pay back?",
        ),
        st.Page("screens/evidence.py", title="Evidence", help="Is it true on our traffic?"),
        *decided,
        st.Page("screens/merge.py", title="Merge", visibility="hidden"),
        shared,
    ]


def draw_frame(here: Workspace) -> None:
    """Who is here, the line that names log and plan, and words left by the last action."""
    draw_who(here)
    may_write = "write" in ROLE_RIGHTS[here.role]
    digest = state.log_digest() if may_write else None  # logs are for those who plan
    if digest:
        try:
            log = services.log_of(digest)
        except Hindered:
            raise  # the machine's fault: the log may be there all the same
        except BadInput:
            state.open_log(None)
            st.warning("That log is no longer on this machine. Open another one.")
        else:
            draft = planning.read_draft(digest)
            plan = (
                f"plan **{plain_untrusted(draft.name)}**"
                if draft and draft.name
                else "no saved plan"
            )
            st.caption(
                f"Log **{plain_untrusted(log.name)}**, {log_size(log)}, "
                f"{period(log.first_time, log.last_time)}; {plan}"
            )
    if words := state.heard():
        st.toast(words)


def need_log() -> str:
    """The digest of the open log; without one the page says what it waits for and stops."""
    digest = state.log_digest()
    if digest is None:
        st.info("First open a log: your own, or the sample.")
        st.page_link("screens/log.py", label="Go to Log", icon=":material/upload_file:")
        st.stop()
    return digest


def need_requests(page: str) -> str:
    """The digest of the open log; where it is too coarse for the page, that is said instead.

    A log that serves the page only roughly is used, under a line that says so.
    """
    digest = need_log()
    grain = services.log_of(digest).grain
    use = page_use(grain, page)
    if use.extent == "none":
        st.info(f"{grain_words(grain)} {use.words}")
        st.page_link("screens/log.py", label="Go to Log", icon=":material/upload_file:")
        st.stop()
    if use.extent == "rough":
        st.warning(f"{grain_words(grain)} {use.words}", icon=":material/straighten:")
    return digest


def need_sorted_log(page: str) -> planning.SortedLog:
    """The open log with its queries sorted; else the page offers that step and stops."""
    digest = need_requests(page)
    found = planning.sorted_log(digest)
    if found is None:
        if is_running(jobs.job_of("sort", digest)):
            st.header("Sorting the queries")
            show_job("sort", digest, "Sorted")
            st.stop()
        st.info("First sort the queries of this log: that takes seconds.")
        st.page_link("screens/queries.py", label="Go to Queries", icon=":material/sort:")
        st.stop()
    return found


def need_traffic(page: str) -> planning.SortedLog:
    """The open sorted log, some of whose models have a price; else the page says what to do."""
    found = need_sorted_log(page)
    if not found.traffic.streams:
        st.info(
            "No price is known for any model in this log. Say on the Log page which model each "
            "of them stands for, or what you pay."
        )
        st.page_link("screens/log.py", label="Go to Log", icon=":material/price_change:")
        st.stop()
    return found
