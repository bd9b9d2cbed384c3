"""Background jobs: what pages start, watch and stop; its progress is in the database."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from streamlit.runtime.scriptrunner import get_script_run_ctx

from app import state, workers
from app.identity import me
from app.queueing import LOST, SERVER, Queue, telling
from app.services import engine, folder_of, logs_folder
from app.state import Pending
from app.turns import Lane
from core.logs.mapping import Mapping
from core.quality.endpoint import Endpoint
from core.store import jobs as store
from core.store import work
from core.store.jobs import Job
from core.store.saving import At

SILENT_AFTER: Final = timedelta(minutes=2)
KEPT: Final = timedelta(days=30)
_BEGAN: Final = datetime.now(UTC)  # before this process took its first job

_queues: list[Queue] = []  # one, once something was asked for
_opening: Final = threading.Lock()


def _queue() -> Queue:
    with _opening:
        if not _queues:
            _queues.append(Queue(engine()))
        return _queues[0]


def tidy() -> None:
    """Fail what earlier servers on this machine left open, and forget what ended long ago."""
    now = datetime.now(UTC)
    for server in store.busy_servers(engine()):
        # A container often gives each start the same name and number.
        if server == SERVER or _is_gone(server):
            before = _BEGAN if server == SERVER else None
            store.fail_jobs_of(engine(), server, LOST, now, asked_before=before)
    store.forget_ended_jobs(engine(), now - KEPT)


def close() -> None:
    """End all jobs and all worker processes, since the app stops."""
    with _opening:
        closing = [*_queues]
        _queues.clear()
    try:
        for queue in closing:
            with telling():
                queue.close()
    finally:
        workers.end_all()


def get_ready() -> None:
    """Start a worker process while somebody still looks at what they are going to ask for."""
    _queue().get_ready()


def start_import(file: Pending, mapping: Mapping, *, keep_text: bool) -> None:
    """Read a dropped file in the background; without `keep_text` no text of it is stored."""
    arguments = (str(file.path), file.name, mapping.to_json(), str(logs_folder()), keep_text)
    _start("import", file.path.name, work.import_log, *arguments)


def start_sorting(digest: str) -> None:
    """Sort a log's queries in the background."""
    _start("sort", digest, work.sort_log, str(folder_of(digest)))


def start_revision(digest: str, after: At, note: str) -> None:
    """Sort a log's queries with its rules, and save that version on it as the next one."""
    _start("sort", digest, work.sort_and_revise, str(folder_of(digest)), me(), after, note)


def start_replay(digest: str, replay_id: str, endpoints: dict[str, Endpoint]) -> None:
    """Run a replay, or go on with it; what was judged is kept, whatever ends it."""
    arguments = (str(folder_of(digest)), replay_id, endpoints)
    _start("replay", digest, work.replay_log, *arguments, lane="asking")


def start_categories(digest: str, asked_id: str, endpoint: Endpoint) -> None:
    """Ask a model for categories in the background."""
    arguments = (str(folder_of(digest)), asked_id, endpoint)
    _start("categories", digest, work.ask_categories, *arguments, lane="asking")


def job_of(kind: str, subject: str) -> Job | None:
    """The latest job of that kind on that subject; one whose server is gone counts as failed."""
    job = store.latest_job(engine(), kind, _subject(subject))
    now = datetime.now(UTC)
    if job and job.state in store.OPEN and _queue().has(job.id):
        return job  # it is here, whatever a clock that was set forward makes of its last sign
    if job and job.state in store.OPEN and now - job.updated_at > SILENT_AFTER:
        store.fail_silent_jobs(engine(), now - SILENT_AFTER, LOST, now)
        return store.latest_job(engine(), kind, _subject(subject))
    return job


def being_imported() -> set[str]:
    """The names of dropped files that wait to be read, or are being read, in any workspace."""
    return {of.rpartition("/")[2] for of in store.open_subjects(engine(), "import")}


def before(job: Job) -> int | None:
    """How many jobs run or come before one that waits; None where another server has it."""
    return _queue().before(job.id)


def cancel(job: Job) -> None:
    """Stop a job that waits, and ask a running one to stop."""
    _queue().cancel(job.id)


def _start(
    kind: str,
    subject: str,
    function: Callable[..., None],
    *arguments: Any,
    lane: Lane = "computing",
) -> None:
    """Let a function of `core.store.work` run when its turn has come; BadInput when all is full."""
    _queue().add(kind, _subject(subject), _asker(), lane, function, *arguments)


def _asker() -> tuple[str, str]:
    """What limits tell people apart by, and who they are for the record.

    Where nobody signs in, everybody may go by the same name: their tabs tell them apart.
    """
    here, tab = me(), get_script_run_ctx()
    return here.id or f"tab {tab.session_id if tab else ''}", here.who


def _subject(of: str) -> str:
    """What a job is about: the same log may lie in several workspaces."""
    here = state.workspace_id()
    return of if here == state.MAIN else f"{here}/{of}"


def _is_gone(server: str) -> bool:
    """Whether a server ran on this machine and its process is no more."""
    host, _, pid = server.rpartition(":")
    here = host == SERVER.rpartition(":")[0] and pid.isdigit()
    if not here or os.name != "posix":  # elsewhere signal 0 is a real one
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
