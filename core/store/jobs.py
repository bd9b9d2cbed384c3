"""Background work that other processes, and the next start of the program, can see."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import Engine, insert, select, update

from core.errors import BadInput
from core.store.tables import JobTable

if TYPE_CHECKING:
    from core.store.saved import Rows

JobState = Literal["running", "done", "failed", "stopped"]


@dataclass(frozen=True)
class Job:
    """A piece of background work and how far it is.

    `kind` says what is done and `subject` to what (a digest or id). `updated_at` is the
    last sign of life: a job that runs without one for long has lost its process.
    """

    id: str
    kind: str
    subject: str
    state: JobState
    done: int
    total: int
    message: str
    cancel_requested: bool
    started_at: datetime
    updated_at: datetime


def start_job(engine: Engine, kind: str, subject: str, total: int, now: datetime) -> str:
    """The id of a new running job with `total` steps."""
    job_id = secrets.token_hex(8)
    new = insert(JobTable).values(
        id=job_id,
        kind=kind,
        subject=subject,
        state="running",
        done=0,
        total=total,
        message="",
        cancel_requested=False,
        started_at=now,
        updated_at=now,
    )
    with engine.begin() as connection:
        connection.execute(new)
    return job_id


def report(engine: Engine, job_id: str, done: int, message: str = "", *, now: datetime) -> None:
    """Notes that `done` steps are done; a job that has ended stays as it ended."""
    _change(engine, job_id, done=done, message=_storable(message), updated_at=now)


def request_cancel(engine: Engine, job_id: str) -> None:
    """Asks a running job to stop; it does so when it next looks (`is_cancelled`)."""
    _change(engine, job_id, cancel_requested=True)


def is_cancelled(engine: Engine, job_id: str) -> bool:
    """Whether somebody asked the job to stop."""
    return job(engine, job_id).cancel_requested


def finish(engine: Engine, job_id: str, *, now: datetime) -> None:
    """Notes that all steps are done."""
    _change(engine, job_id, state="done", done=JobTable.total, updated_at=now)


def fail(engine: Engine, job_id: str, message: str, *, now: datetime) -> None:
    """Notes that the job ended with an error that the user should read."""
    _change(engine, job_id, state="failed", message=_storable(message), updated_at=now)


def stop(engine: Engine, job_id: str, *, now: datetime) -> None:
    """Notes that the job ended because somebody asked it to."""
    _change(engine, job_id, state="stopped", updated_at=now)


def fail_silent_jobs(engine: Engine, silent_since: datetime, message: str, now: datetime) -> int:
    """The number of running jobs without a sign of life since then, which are failed now."""
    change = (
        update(JobTable)
        .where(JobTable.state == "running", JobTable.updated_at < silent_since)
        .values(state="failed", message=message, updated_at=now)
        .returning(JobTable.id)
    )
    with engine.begin() as connection:
        return len(connection.execute(change).all())


def job(engine: Engine, job_id: str) -> Job:
    """The job as it stands; BadInput when there is none."""
    found = _first(engine, select(JobTable.__table__).where(JobTable.id == job_id))
    if found is None:
        raise BadInput(f"no job '{job_id}'", where="jobs", remedy="Start it again")
    return found


def latest_job(engine: Engine, kind: str, subject: str) -> Job | None:
    """The job of that kind on that subject that was started last; None when there was none."""
    query = (
        select(JobTable.__table__)
        .where(JobTable.kind == kind, JobTable.subject == subject)
        .order_by(JobTable.started_at.desc(), JobTable.id.desc())
        .limit(1)
    )
    return _first(engine, query)


def _first(engine: Engine, query: Rows) -> Job | None:
    with engine.connect() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else Job(**row)


def _change(engine: Engine, job_id: str, **values: object) -> None:
    """Changes a job that still runs; one that has ended is left as it is."""
    change = update(JobTable).where(JobTable.id == job_id, JobTable.state == "running")
    with engine.begin() as connection:
        connection.execute(change.values(**values))


def _storable(message: str) -> str:
    """The message as any database takes it: it may quote a file that is no text at all."""
    return message.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
