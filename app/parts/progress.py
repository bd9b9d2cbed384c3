"""A background job on the page: how far, how long still, and a way to stop it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from app import jobs
from app.parts.messages import edge
from app.parts.wording import counted
from core.store.jobs import OPEN, Job


def show_job(
    kind: str,
    subject: str,
    words: str,
    rows: int | None = None,
    *,
    so_far: Callable[[], str] | None = None,
    stop: str = "Cancel",
) -> None:
    """Draw a job that waits or runs twice a second until it ends, then run the page once more.

    `rows` turns the progress into rows done; without it the page shows a percentage. `so_far`
    says what has come of it by now; `stop` is what the button is called that ends it.
    """

    @edge()  # what runs by itself is outside of the page's
    def poll() -> None:
        job = jobs.job_of(kind, subject)
        if job is None or not is_running(job):
            st.rerun()
        if job.state == "waiting":
            st.write(_waiting_words(jobs.before(job)))
            _draw_stop(stop, job)
            return
        part = job.done / job.total if job.total else 0.0
        done = f"{round(part * rows):,} of {rows:,} queries" if rows else f"{part:.0%}"
        st.progress(part, f"{words}: {done}{_time_left(job, part)}")
        if so_far is not None:
            st.write(so_far())
        if job.cancel_requested:
            st.caption("Stopping ...")
        else:
            _draw_stop(stop, job)

    st.fragment(poll, run_every=0.5)()


def _draw_stop(words: str, job: Job) -> None:
    # No callback: that would run before the page, where nobody says what it could not do.
    if st.button(words, key=f"cancel-{job.kind}"):
        jobs.cancel(job)
        st.rerun()


def is_running(job: Job | None) -> bool:
    """Whether the job is at work, or waits for its turn."""
    return job is not None and job.state in OPEN


def _waiting_words(before: int | None) -> str:
    if before is None:  # another server has it, or it begins right now
        return "Waiting for its turn."
    return f"Waiting for its turn: {counted(before, 'job')} before yours."


def _time_left(job: Job, part: float) -> str:
    spent = (datetime.now(UTC) - (job.began_at or job.started_at)).total_seconds()
    if part < 0.02 or spent < 1:
        return ""
    return f", about {max(1, round(spent * (1 - part) / part))} s left"
