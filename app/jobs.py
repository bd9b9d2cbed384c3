"""Background jobs: worker processes, their progress in the database."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from app import state
from app.identity import me
from app.services import engine, folder_of, logs_folder
from app.state import Pending
from core.errors import BadInput
from core.events import watch_logs
from core.logs.mapping import Mapping
from core.quality.endpoint import Endpoint
from core.store import work
from core.store.access import Actor
from core.store.engine import database_url
from core.store.jobs import Job, fail_silent_jobs, latest_job, request_cancel, start_job
from core.store.saving import At

SILENT_AFTER: Final = timedelta(minutes=2)
LOST: Final = "This was cut off when the app stopped. Nothing is lost: start it again."


@st.cache_resource(max_entries=1)
def _pool() -> dict[str, ProcessPoolExecutor]:
    return {}


def submit(function: Callable[..., None], *arguments: str | bool | Actor | At) -> None:
    """Run a function of `core.store.work` in the worker process."""
    pools = _pool()
    for _ in range(2):
        if "pool" not in pools:
            os.environ.setdefault("OMP_NUM_THREADS", "1")
            # spawn: forking a server with many threads can deadlock
            context = multiprocessing.get_context("spawn")
            pools["pool"] = ProcessPoolExecutor(
                max_workers=1, mp_context=context, initializer=watch_logs
            )
        try:
            pools["pool"].submit(function, *arguments)
            return
        except BrokenProcessPool:
            del pools["pool"]
    raise BadInput("the worker process does not start", remedy="Restart the app")


def start_import(file: Pending, mapping: Mapping, *, keep_text: bool) -> None:
    """Read a dropped file in the background; without `keep_text` no text of it is stored."""
    job = start_job(engine(), "import", _subject(file.path.name), 1000, datetime.now(UTC))
    arguments = (str(file.path), file.name, mapping.to_json(), str(logs_folder()), keep_text)
    submit(work.import_log, database_url(), job, *arguments)


def start_sorting(digest: str) -> None:
    """Sort a log's queries in the background."""
    job = start_job(engine(), "sort", _subject(digest), 1000, datetime.now(UTC))
    submit(work.sort_log, database_url(), job, str(folder_of(digest)))


def start_revision(digest: str, after: At, note: str) -> None:
    """Sort a log's queries with its rules, and save that version on it as the next one."""
    job = start_job(engine(), "sort", _subject(digest), 1000, datetime.now(UTC))
    folder = str(folder_of(digest))
    submit(work.sort_and_revise, database_url(), job, folder, me(), after, note)


def start_replay(digest: str, replay_id: str, endpoints: dict[str, Endpoint]) -> None:
    """Run a replay, or go on with it, in a process of its own, for it mostly waits for a server.

    The process ends with the app; what was judged by then is kept.
    """
    job = start_job(engine(), "replay", _subject(digest), 1000, datetime.now(UTC))
    _start_alone(work.replay_log, database_url(), job, str(folder_of(digest)), replay_id, endpoints)


def start_categories(digest: str, asked_id: str, endpoint: Endpoint) -> None:
    """Ask a model for categories in the background, in a process of its own."""
    job = start_job(engine(), "categories", _subject(digest), 1000, datetime.now(UTC))
    folder = str(folder_of(digest))
    _start_alone(work.ask_categories, database_url(), job, folder, asked_id, endpoint)


def _start_alone(function: Callable[..., None], *arguments: object) -> None:
    """In a process of its own, beside the pool, which waiting for a server would hold up."""
    context = multiprocessing.get_context("spawn")
    context.Process(target=function, args=arguments, daemon=True).start()


def job_of(kind: str, subject: str) -> Job | None:
    """The latest job of that kind on that subject; one whose process is gone counts as failed."""
    job = latest_job(engine(), kind, _subject(subject))
    now = datetime.now(UTC)
    if job and job.state == "running" and now - job.updated_at > SILENT_AFTER:
        fail_silent_jobs(engine(), now - SILENT_AFTER, LOST, now)
        return latest_job(engine(), kind, _subject(subject))
    return job


def _subject(of: str) -> str:
    """What a job is about: the same log may lie in several workspaces."""
    here = state.workspace_id()
    return of if here == state.MAIN else f"{here}/{of}"


def cancel(job: Job) -> None:
    """Ask a job to stop."""
    request_cancel(engine(), job.id)
