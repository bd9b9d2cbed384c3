"""Long work for a worker process: importing, sorting, replaying; progress in the jobs table.

Every function takes only paths and plain text, so that it can be sent to another process.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from core.catalog.catalogue import load_catalogue
from core.catalog.model import Model
from core.complexity.classifier import load_classifier
from core.disk import write_whole
from core.errors import BadInput, Cancelled, Hindered, TierwiseError
from core.events import event, place_of
from core.logs.ingest import ingest
from core.logs.log import QUERIES, open_log
from core.logs.mapping import Mapping
from core.quality.categories import FOLDER, read_categories, run_categories
from core.quality.endpoint import Endpoint
from core.quality.prompts import prompts_of
from core.quality.replay import read_replay, replay_folder
from core.quality.run import run_replay
from core.store.access import Actor
from core.store.engine import open_engine
from core.store.jobs import begin, fail, finish, is_cancelled, report, stop
from core.store.revising import revise
from core.store.saving import At
from core.store.trouble import told
from core.workers import kept_processes
from core.workload.build import build_workload
from core.workload.build import sort_log as sort_queries
from core.workload.grains import need_requests
from core.workload.learning import kept_outcomes, learn_from, placing_of
from core.workload.notes import Notes, model_counts, read_notes, resolve_names
from core.workload.outcomes import OwnOutcomes
from core.workload.placing import Placing
from core.workload.scores import learned_file, score_log, scores_file, workload_file
from core.workload.workload import to_json

SECONDS_BETWEEN_REPORTS: Final = 0.25
WAITS_SECONDS: Final = (1.0, 5.0, 15.0, 60.0)  # for a database that starts anew or is held
IMPORT_AGAIN: Final = "Delete this log and import it again"
FAILED: Final = (
    "This failed unexpectedly ({}). Start it again: it goes on from what was kept so far."
)


def import_log(
    url: str, job_id: str, file: str, name: str, mapping: str, logs: str, keep_text: bool = True
) -> None:
    """Read a dropped file into the folder `logs`; the job's message ends as the log's digest."""

    def work(progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> str:
        log = ingest(
            Path(file),
            Mapping.from_json(mapping),
            Path(logs),
            name=name,
            now=datetime.now(UTC),
            keep_text=keep_text,
            progress=progress,
            cancelled=cancelled,
        )
        Path(file).unlink(missing_ok=True)
        return log.digest

    _run(url, job_id, work)


def sort_log(url: str, job_id: str, folder: str) -> None:
    """Sort the queries of the log in `folder` and sum them up into its workload."""

    def work(progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> str:
        _sort(Path(folder), progress, cancelled)
        return ""

    _run(url, job_id, work)


def sort_and_revise(url: str, job_id: str, folder: str, actor: Actor, after: At, note: str) -> None:
    """Sort the log in `folder` with its rules, and save that version on it as the next one."""

    def work(progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> str:
        _sort(Path(folder), progress, cancelled)
        revise(_engine(url), actor, Path(folder), after, note, datetime.now(UTC))
        return ""

    _run(url, job_id, work)


def _sort(place: Path, progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
    """Write the workload of a log, and before it whatever it needs that is not there yet."""
    classifier = load_classifier()
    need_requests(open_log(place.parent, place.name))
    queries = _queries_of(place)
    notes = read_notes(place)
    classifier = classifier.on(notes.basis)
    scores, own = scores_file(place, classifier), kept_outcomes(place) if notes.outcomes else None
    rules = notes.routing_rules
    if not scores.exists() and own is None:
        placing = Placing(classifier, notes.corrections, names=notes.segment_names)
        workload = sort_queries(queries, scores, placing, rules, progress=progress, stop=cancelled)
    else:
        if not scores.exists():
            score_log(queries, scores, classifier, progress=progress, cancelled=cancelled)
        if own is not None:
            names = _names(own, place, notes)
            before = placing_of(place, classifier, notes)
            learned = learn_from(queries, scores, before, own, names)
            write_whole(learned_file(place, classifier, notes), learned.to_json())
        placing = placing_of(place, classifier, notes)
        workload = build_workload(queries, scores, placing, rules, stop=cancelled)
    write_whole(workload_file(place, classifier, notes), to_json(workload))


def _queries_of(place: Path) -> Path:
    """The file of a log's queries; BadInput where somebody took it away."""
    if not (queries := place / QUERIES).exists():
        raise BadInput("there is no such file any more", where=str(queries), remedy=IMPORT_AGAIN)
    return queries


def replay_log(
    url: str,
    job_id: str,
    folder: str,
    replay_id: str,
    endpoints: dict[str, Endpoint],
) -> None:
    """Run a replay of the log in `folder`, or go on with it; the message says how it ended.

    Endpoints are by provider. Their keys come through memory only: they are in no file and in no
    table.
    """

    def work(progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> str:
        place = replay_folder(Path(folder), replay_id)
        replay = read_replay(place)
        ran = run_replay(
            place,
            replay,
            prompts_of(_queries_of(Path(folder)), replay.rows),
            endpoints,
            progress=progress,
            stopped=_now_and_then(cancelled),
        )
        return ran.ending

    _run(url, job_id, work)


def ask_categories(url: str, job_id: str, folder: str, asked_id: str, endpoint: Endpoint) -> None:
    """Ask a model for the categories of a sample of the log in `folder`, or go on with it."""

    def work(progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> str:
        place = Path(folder) / FOLDER / asked_id
        what = read_categories(place)
        ran = run_categories(
            place,
            what,
            prompts_of(_queries_of(Path(folder)), what.rows),
            endpoint,
            progress=progress,
            stopped=_now_and_then(cancelled),
        )
        return ran.ending

    _run(url, job_id, work)


def _now_and_then(asked: Callable[[], bool]) -> Callable[[], bool]:
    """The same question, but answered from memory for a moment: it reads the database."""
    last, answer = 0.0, False

    def ask() -> bool:
        nonlocal last, answer
        if not answer and time.monotonic() - last >= SECONDS_BETWEEN_REPORTS:
            last, answer = time.monotonic(), asked()
        return answer

    return ask


def _names(own: OwnOutcomes, folder: Path, notes: Notes) -> dict[str, Model | None]:
    """What the models of outcomes and of their log stand for."""
    log = open_log(folder.parent, folder.name)
    logged = {*own.model.to_pylist(), *model_counts(log)}
    return resolve_names(sorted(logged), load_catalogue(), notes, log.source)


def _run(
    url: str,
    job_id: str,
    work: Callable[[Callable[[int, int], None], Callable[[], bool]], str],
) -> None:
    """Do the work and note in the jobs table how it went: whatever happens, the job ends.

    Nothing is done where it was cancelled while it waited.
    """
    engine = _engine(url)
    if not begin(engine, job_id, now=datetime.now(UTC)):
        return
    last = 0.0

    def progress(done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS_BETWEEN_REPORTS or done >= total:
            with suppress(Hindered):  # a locked database must not cost the work
                report(engine, job_id, round(1000 * done / max(total, 1)), now=datetime.now(UTC))
            last = time.monotonic()

    def cancelled() -> bool:
        try:
            return is_cancelled(engine, job_id)
        except Hindered:  # nor must a database that starts anew
            return False

    def end(note: Callable[..., None], *words: str) -> None:
        _insist(lambda: note(engine, job_id, *words, now=datetime.now(UTC)))

    try:
        with kept_processes():
            message = work(progress, cancelled)
    except Cancelled:
        end(stop)
    except TierwiseError as error:
        end(fail, str(error))
    except Exception as error:
        if trouble := told(error):  # such as a full disk
            event("job_hindered", logging.WARNING, error=type(error).__name__, at=place_of(error))
            end(fail, str(trouble))
            return
        # A bug must not leave the screen waiting; the worker's log has the traceback.
        end(fail, FAILED.format(type(error).__name__))
        raise
    else:
        end(finish, message)


def _insist(note: Callable[[], None]) -> None:
    """Note how a job ended, again and again: it is not done anew for a database that is busy."""
    for seconds in WAITS_SECONDS:
        try:
            return note()
        except Hindered:
            time.sleep(seconds)
    note()


@cache
def _engine(url: str) -> Engine:
    return open_engine(url)
