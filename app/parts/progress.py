"""A background job on the page: how far, how long still, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from app import jobs
from core.store.jobs import Job


def show_job(
    kind: str,
    subject: str,
    words: str,
    rows: int | None = None,
    *,
    so_far: Callable[[], str] | None = None,
    stop: str = "Cancel",
) -> None:
    """Draw a running job twice a second until it ends, then run the page once more.

    `rows` turns the progress into rows done; without it the page shows a percentage. `so_far`
    says what has come of it by now; `stop` is what the button is called that ends it.
    """

    def poll() -> None:
        job = jobs.job_of(kind, subject)
        if job is None or job.state != "running":
            st.rerun()
        part = job.done / job.total if job.total else 0.0
        done = f"{round(part * rows):,} of {rows:,} queries" if rows else f"{part:.0%}"
        st.progress(part, f"{words}: {done}{_time_left(job, part)}")
        if so_far is not None:
            st.write(so_far())
        if job.cancel_requested:
            st.caption("Stopping ...")
        else:
            st.button(stop, key=f"cancel-{kind}", on_click=jobs.cancel, args=(job,))

    st.fragment(poll, run_every=0.5)()


def is_running(job: Job | None) -> bool:
    """Whether the job is still at work."""
    return job is not None and job.state == "running"


def _time_left(job: Job, part: float) -> str:
    spent = (datetime.now(UTC) - job.started_at).total_seconds()
    if part < 0.02 or spent < 1:
        return ""
    return f", about {max(1, round(spent * (1 - part) / part))} s left"
