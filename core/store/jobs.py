"""Background work that other processes, and the next start of the program, can see."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy import Engine, delete, func, insert, select, update

from core.errors import BadInput
from core.store.tables import JobTable
from core.store.transaction import writing

if TYPE_CHECKING:
    from core.store.saved import Rows

JobState = Literal["waiting", "running", "done", "failed", "stopped"]
OPEN: Final[tuple[JobState, ...]] = ("waiting", "running")


@dataclass(frozen=True)
class Job:
    """A piece of background work and how far it is.

    `kind` says what is done and `subject` to what (a digest or id). It was asked for at
    `started_at` and waits until `began_at`. `updated_at` is the last sign of life: a job that
    is open without one for long has lost its server.
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
    who: str = ""
    server: str = ""
    began_at: datetime | None = None


def new_id() -> str:
    """An id for a job that is about to be asked for."""
    return secrets.token_hex(8)


def start_job(
    engine: Engine,
    kind: str,
    subject: str,
    total: int,
    now: datetime,
    *,
    who: str = "",
    server: str = "",
    job_id: str | None = None,
) -> str:
    """The id of a new job with `total` steps, which waits for its turn on that server."""
    job_id = job_id or new_id()
    earlier = select(func.max(JobTable.started_at)).where(
        JobTable.kind == kind, JobTable.subject == subject
    )
    with engine.connect() as connection:
        newest: datetime | None = connection.execute(earlier).scalar()
    if newest is not None and newest >= now:  # the clock was set back: this one is the latest
        now = newest + timedelta(microseconds=1)
    new = insert(JobTable).values(
        id=job_id,
        kind=kind,
        subject=subject,
        state="waiting",
        done=0,
        total=total,
        message="",
        cancel_requested=False,
        started_at=now,
        updated_at=now,
        who=who,
        server=server,
    )
    with engine.begin() as connection:
        connection.execute(new)
    return job_id


def begin(engine: Engine, job_id: str, *, now: datetime) -> bool:
    """Whether the job runs from now on; not when it ended, or was cancelled, while it waited."""
    change = (
        update(JobTable)
        .where(JobTable.id == job_id, JobTable.state.in_(OPEN))
        .values(state="running", began_at=now, updated_at=now)
    )
    with engine.begin() as connection:
        return connection.execute(change).rowcount == 1


def report(engine: Engine, job_id: str, done: int, message: str = "", *, now: datetime) -> None:
    """Notes that `done` steps are done; a job that has ended stays as it ended."""
    _change(engine, job_id, done=done, message=_storable(message), updated_at=now)


def request_cancel(engine: Engine, job_id: str, *, now: datetime) -> None:
    """Stops a job that waits, and asks a running one to stop when it next looks."""
    waiting = update(JobTable).where(JobTable.id == job_id, JobTable.state == "waiting")
    with engine.begin() as connection:
        connection.execute(waiting.values(state="stopped", cancel_requested=True, updated_at=now))
    _change(engine, job_id, cancel_requested=True)


def is_cancelled(engine: Engine, job_id: str) -> bool:
    """Whether the job is to stop: somebody asked for it, or it counts as ended already."""
    wanted = select(JobTable.id).where(
        JobTable.id == job_id, JobTable.state.in_(OPEN), JobTable.cancel_requested.is_(False)
    )
    with engine.connect() as connection:
        return connection.execute(wanted).first() is None


def finish(engine: Engine, job_id: str, message: str = "", *, now: datetime) -> None:
    """Notes that all steps are done, and what came of it."""
    done = {"state": "done", "done": JobTable.total, "message": _storable(message)}
    _change(engine, job_id, **done, updated_at=now)


def fail(engine: Engine, job_id: str, message: str, *, now: datetime) -> None:
    """Notes that the job ended, or never began, with an error that the user should read."""
    _change(engine, job_id, state="failed", message=_storable(message), updated_at=now)


def stop(engine: Engine, job_id: str, *, now: datetime) -> None:
    """Notes that the job ended because somebody asked it to."""
    _change(engine, job_id, state="stopped", updated_at=now)


def show_life(engine: Engine, job_ids: Sequence[str], now: datetime) -> None:
    """Notes that the server of these jobs is there: a job may work long without a report."""
    change = update(JobTable).where(JobTable.id.in_(job_ids), JobTable.state.in_(OPEN))
    with engine.begin() as connection:
        connection.execute(change.values(updated_at=now))


def fail_silent_jobs(engine: Engine, silent_since: datetime, message: str, now: datetime) -> int:
    """The number of open jobs without a sign of life since then, which are failed now."""
    change = (
        update(JobTable)
        .where(JobTable.state.in_(OPEN), JobTable.updated_at < silent_since)
        .values(state="failed", message=message, updated_at=now)
    )
    with engine.begin() as connection:
        return connection.execute(change).rowcount


def fail_jobs_of(
    engine: Engine,
    server: str,
    message: str,
    now: datetime,
    *,
    asked_before: datetime | None = None,
    patience_ms: int | None = None,
) -> int:
    """The number of open jobs of a server that is gone, which are failed now.

    With `asked_before` only those from before that moment. Hindered where the database is held by
    others for longer than `patience_ms`.
    """
    change = update(JobTable).where(JobTable.state.in_(OPEN), JobTable.server == server)
    if asked_before is not None:
        change = change.where(JobTable.started_at < asked_before)
    with writing(engine, patience_ms=patience_ms) as connection:
        ended = change.values(state="failed", message=message, updated_at=now)
        return connection.execute(ended).rowcount


def open_subjects(engine: Engine, kind: str) -> set[str]:
    """What the open jobs of that kind are about."""
    query = select(JobTable.subject).where(JobTable.kind == kind, JobTable.state.in_(OPEN))
    with engine.connect() as connection:
        return set(connection.execute(query).scalars())


def busy_servers(engine: Engine) -> list[str]:
    """The servers that open jobs belong to, those that are gone as well."""
    query = select(JobTable.server).where(JobTable.state.in_(OPEN)).distinct()
    with engine.connect() as connection:
        return list(connection.execute(query).scalars())


def forget_ended_jobs(engine: Engine, before: datetime) -> int:
    """The number of jobs that ended before that moment, whose rows are deleted now."""
    old = delete(JobTable).where(JobTable.state.not_in(OPEN), JobTable.updated_at < before)
    with engine.begin() as connection:
        return connection.execute(old).rowcount


def job(engine: Engine, job_id: str) -> Job:
    """The job as it stands; BadInput when there is none."""
    found = _first(engine, select(JobTable.__table__).where(JobTable.id == job_id))
    if found is None:
        raise BadInput(f"no job '{job_id}'", where="jobs", remedy="Start it again")
    return found


def latest_job(engine: Engine, kind: str, subject: str) -> Job | None:
    """The job of that kind on that subject that was asked for last; None when there was none."""
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
    """Changes a job that is open; one that has ended is left as it is."""
    change = update(JobTable).where(JobTable.id == job_id, JobTable.state.in_(OPEN))
    with engine.begin() as connection:
        connection.execute(change.values(**values))


def _storable(message: str) -> str:
    """The message as any database takes it: it may quote a file that is no text at all."""
    return message.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
