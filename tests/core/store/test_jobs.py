from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from core.errors import BadInput
from core.store.engine import open_engine
from core.store.jobs import (
    begin,
    busy_servers,
    fail,
    fail_jobs_of,
    fail_silent_jobs,
    finish,
    forget_ended_jobs,
    is_cancelled,
    job,
    latest_job,
    open_subjects,
    report,
    request_cancel,
    show_life,
    start_job,
    stop,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def job_id(engine: Engine) -> str:
    made = start_job(engine, "categorise", "log-1", 200, NOON, who="ada@example.com", server="a:1")
    assert begin(engine, made, now=NOON)
    return made


@pytest.fixture
def waiting(engine: Engine) -> str:
    return start_job(engine, "categorise", "log-2", 200, NOON, who="bo@example.com", server="b:1")


def test_a_job_waits_until_it_begins_and_says_who_asked(engine: Engine, waiting: str) -> None:
    seen = job(engine, waiting)
    assert (seen.state, seen.who, seen.server) == ("waiting", "bo@example.com", "b:1")
    assert seen.began_at is None
    assert begin(engine, waiting, now=LATER)
    seen = job(engine, waiting)
    assert (seen.state, seen.started_at, seen.began_at) == ("running", NOON, LATER)


def test_a_job_that_waits_is_cancelled_at_once_and_never_begins(
    engine: Engine, waiting: str
) -> None:
    request_cancel(engine, waiting, now=LATER)
    assert job(engine, waiting).state == "stopped"
    assert not begin(engine, waiting, now=LATER)
    assert job(engine, waiting).state == "stopped"


def test_the_open_jobs_of_a_server_that_is_gone_fail_whether_they_waited_or_ran(
    engine: Engine, waiting: str, job_id: str
) -> None:
    also = start_job(engine, "sort", "log-3", 10, NOON, server="a:1")
    ended = start_job(engine, "sort", "log-4", 10, NOON, server="c:1")
    finish(engine, ended, now=NOON)
    assert sorted(busy_servers(engine)) == ["a:1", "b:1"]
    assert fail_jobs_of(engine, "a:1", "The program stopped meanwhile", LATER) == 2
    assert [job(engine, i).state for i in (job_id, also, waiting)] == [
        "failed",
        "failed",
        "waiting",
    ]
    assert busy_servers(engine) == ["b:1"]


def test_a_server_that_shows_life_keeps_its_jobs_however_long_they_say_nothing(
    engine: Engine, waiting: str, job_id: str
) -> None:
    show_life(engine, [waiting], LATER)
    assert fail_silent_jobs(engine, LATER, "The program stopped meanwhile", LATER) == 1
    assert [job(engine, i).state for i in (job_id, waiting)] == ["failed", "waiting"]


def test_rows_of_jobs_that_ended_long_ago_go_and_open_ones_stay(
    engine: Engine, waiting: str, job_id: str
) -> None:
    recent = start_job(engine, "sort", "log-3", 10, NOON)
    finish(engine, recent, now=LATER)
    old = start_job(engine, "sort", "log-3", 10, NOON)
    fail(engine, old, "broken", now=NOON)
    assert forget_ended_jobs(engine, LATER) == 1
    assert {job(engine, i).state for i in (waiting, job_id, recent)} == {
        "waiting", "running", "done",
    }  # fmt: skip
    with pytest.raises(BadInput):
        job(engine, old)


def test_progress_is_seen_by_another_process_and_after_a_restart(
    engine: Engine, url: str, job_id: str
) -> None:
    report(engine, job_id, 50, "chunk 1 of 4", now=LATER)
    other = open_engine(url)
    seen = job(other, job_id)
    other.dispose()
    assert (seen.state, seen.done, seen.total, seen.message) == ("running", 50, 200, "chunk 1 of 4")
    assert (seen.started_at, seen.updated_at) == (NOON, LATER)


def test_a_finished_job_is_complete_and_says_what_came_of_it(engine: Engine, job_id: str) -> None:
    report(engine, job_id, 150, now=NOON)
    finish(engine, job_id, "a log", now=LATER)
    done = job(engine, job_id)
    assert (done.state, done.done, done.updated_at) == ("done", 200, LATER)
    assert done.message == "a log"


def test_work_whose_job_has_ended_or_is_gone_is_to_stop(engine: Engine, job_id: str) -> None:
    assert not is_cancelled(engine, job_id)
    fail(engine, job_id, "its server said nothing for long", now=NOON)
    assert is_cancelled(engine, job_id) and is_cancelled(engine, "no such job")


def test_only_jobs_from_before_a_server_began_are_taken_for_those_of_its_namesake(
    engine: Engine, job_id: str
) -> None:
    ours = start_job(engine, "import", "log-9", 10, LATER, server="a:1")
    assert open_subjects(engine, "import") == {"log-9"}
    assert fail_jobs_of(engine, "a:1", "stopped", LATER, asked_before=LATER) == 1
    assert [job(engine, i).state for i in (job_id, ours)] == ["failed", "waiting"]
    finish(engine, ours, now=LATER)
    assert open_subjects(engine, "import") == set()


def test_a_failed_job_keeps_how_far_it_came_and_why(engine: Engine, job_id: str) -> None:
    report(engine, job_id, 150, now=NOON)
    fail(engine, job_id, "row 151: no tokens", now=LATER)
    failed = job(engine, job_id)
    assert (failed.state, failed.done, failed.message) == ("failed", 150, "row 151: no tokens")


def test_a_message_may_quote_what_is_no_text(engine: Engine, job_id: str) -> None:
    fail(engine, job_id, "row 1: 'a\0b\ud83d' is no number", now=LATER)
    failed = job(engine, job_id)
    assert (failed.state, failed.message) == ("failed", "row 1: 'a\ufffdb?' is no number")


def test_a_cancel_is_a_request_until_the_work_stops(engine: Engine, job_id: str) -> None:
    assert not is_cancelled(engine, job_id)
    request_cancel(engine, job_id, now=LATER)
    assert is_cancelled(engine, job_id) and job(engine, job_id).state == "running"
    stop(engine, job_id, now=LATER)
    assert job(engine, job_id).state == "stopped"


def test_a_job_that_has_ended_stays_as_it_ended(engine: Engine, job_id: str) -> None:
    fail(engine, job_id, "broken", now=NOON)
    report(engine, job_id, 199, "late", now=LATER)
    finish(engine, job_id, now=LATER)
    request_cancel(engine, job_id, now=LATER)
    ended = job(engine, job_id)
    assert (ended.state, ended.message, ended.cancel_requested) == ("failed", "broken", False)
    assert ended.updated_at == NOON


def test_the_latest_job_is_that_of_its_kind_and_subject(engine: Engine, job_id: str) -> None:
    newer = start_job(engine, "categorise", "log-1", 10, LATER)
    start_job(engine, "replay", "log-1", 10, LATER)
    latest = latest_job(engine, "categorise", "log-1")
    assert latest is not None and latest.id == newer
    assert latest_job(engine, "categorise", "log-2") is None


def test_jobs_whose_process_died_are_failed_and_the_living_are_not(
    engine: Engine, job_id: str
) -> None:
    alive = start_job(engine, "replay", "log-1", 10, NOON)
    begin(engine, alive, now=NOON)
    report(engine, alive, 1, now=LATER)
    ended = start_job(engine, "replay", "log-2", 10, NOON)
    finish(engine, ended, now=NOON)
    count = fail_silent_jobs(engine, LATER, "The program stopped meanwhile", LATER)
    assert count == 1
    assert job(engine, job_id).message == "The program stopped meanwhile"
    assert [job(engine, i).state for i in (job_id, alive, ended)] == ["failed", "running", "done"]


def test_reports_of_many_workers_do_not_disturb_each_other(engine: Engine) -> None:
    ids = [start_job(engine, "work", str(number), 20, NOON) for number in range(10)]

    def work(job_id: str) -> None:
        for done in range(21):
            report(engine, job_id, done, now=NOON)

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(work, ids))
    assert {job(engine, job_id).done for job_id in ids} == {20}


def test_an_unknown_job_is_refused(engine: Engine) -> None:
    with pytest.raises(BadInput, match="no job 'nobody'"):
        job(engine, "nobody")


def test_a_job_started_after_the_clock_was_set_back_is_the_latest(engine: Engine) -> None:
    first = start_job(engine, "sort", "log-3", 10, LATER)
    fail(engine, first, "the disk is full", now=LATER)
    again = start_job(engine, "sort", "log-3", 10, NOON)
    found = latest_job(engine, "sort", "log-3")
    assert found is not None and found.id == again and found.state == "waiting"
