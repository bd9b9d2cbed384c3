import errno
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from core.complexity.classifier import load_classifier
from core.errors import Hindered
from core.frozen.document import document_from_json
from core.frozen.freeze import refigured
from core.logs.ingest import ingest
from core.logs.log import Log, list_logs, open_log
from core.logs.preview import preview
from core.store import jobs, work
from core.store.jobs import begin, fail, job, request_cancel, start_job
from core.store.plans import list_versions, load_plan
from core.store.saving import save_document
from core.workload.build import build_workload
from core.workload.notes import Notes, write_notes
from core.workload.placing import Placing
from core.workload.routing_rules import RoutingRule
from core.workload.scores import scores_file, workload_file
from core.workload.workload import from_json, to_json

from ...conftest import Failing
from ..frozen.conftest import NOON, PLAN, frozen
from .people import EDITOR, HERE, STRANGER, VIEWER, make_team

CONTENT = "prompt,model,id\n" + "".join(
    f'"what is {i} + {i} * {i}.5 = x^2",gpt-4o,q{i}\nhello,gpt-4o-mini,h{i}\n' for i in range(30)
)


@pytest.fixture(autouse=True)
def worker(url: str, engine: Engine) -> Iterator[None]:
    """The worker process's own engine, closed when the test ends."""
    yield
    work._engine(url).dispose()
    work._engine.cache_clear()


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    path = tmp_path / "dropped"
    path.write_text(CONTENT)
    return path


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return tmp_path / "logs"


@pytest.fixture
def log(tmp_path: Path, logs: Path) -> Log:
    """A log that was imported before."""
    path = tmp_path / "before.csv"
    path.write_text(CONTENT)
    return ingest(path, preview(path, "b.csv").mapping, logs, name="b.csv", now=NOON)


def running(engine: Engine, kind: str) -> str:
    made = start_job(engine, kind, "subject", 1000, NOON)
    begin(engine, made, now=NOON)
    return made


def run_import(url: str, job_id: str, file: Path, logs: Path, mapping: str | None = None) -> None:
    mapping = preview(file, "log.csv").mapping.to_json() if mapping is None else mapping
    work.import_log(url, job_id, str(file), "log.csv", mapping, str(logs))


def test_an_imported_file_ends_as_a_log_named_in_the_job(
    url: str, engine: Engine, dropped: Path, logs: Path
) -> None:
    job_id = running(engine, "import")
    run_import(url, job_id, dropped, logs)
    ended = job(engine, job_id)
    assert (ended.state, ended.done, ended.total) == ("done", 1000, 1000)
    found = open_log(logs, ended.message)
    assert (found.name, found.rows_kept) == ("log.csv", 60)
    assert not dropped.exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [("prompt,model\n", "no rows"), ("prompt,model\n,gpt-4o\n,gpt-4o\n", "None of the 2 rows")],
)
def test_a_file_without_usable_rows_fails_with_one_clear_line(
    url: str, engine: Engine, dropped: Path, logs: Path, content: str, said: str
) -> None:
    mapping = preview(dropped, "log.csv").mapping.to_json().replace('"id"', "null")
    dropped.write_text(content)
    job_id = running(engine, "import")
    run_import(url, job_id, dropped, logs, mapping)
    ended = job(engine, job_id)
    assert ended.state == "failed"
    assert said in ended.message and "\n" not in ended.message
    assert list_logs(logs) == [] and not any(logs.glob(".importing-*"))


@pytest.mark.parametrize("mapping", ["", "{}", '{"text": "no such column"}', "[]"])
def test_a_mapping_that_does_not_fit_fails_with_one_clear_line(
    url: str, engine: Engine, dropped: Path, logs: Path, mapping: str
) -> None:
    job_id = running(engine, "import")
    run_import(url, job_id, dropped, logs, mapping)
    ended = job(engine, job_id)
    assert ended.state == "failed" and ended.message and "\n" not in ended.message
    assert "unexpectedly" not in ended.message
    assert dropped.exists()  # to be mapped again


def test_a_cancelled_import_leaves_no_log(
    url: str, engine: Engine, dropped: Path, logs: Path
) -> None:
    job_id = running(engine, "import")
    request_cancel(engine, job_id, now=NOON)
    run_import(url, job_id, dropped, logs)
    assert job(engine, job_id).state == "stopped"
    assert not logs.exists() or list(logs.iterdir()) == []


def test_sorting_leaves_the_workload_that_building_it_gives(
    url: str, engine: Engine, logs: Path, log: Log
) -> None:
    folder, classifier = logs / log.digest, load_classifier()
    job_id = running(engine, "sort")
    work.sort_log(url, job_id, str(folder))
    ended = job(engine, job_id)
    assert (ended.state, ended.done, ended.message) == ("done", 1000, "")
    scores = scores_file(folder, classifier)
    built = build_workload(folder / "queries.parquet", scores, Placing(classifier))
    assert workload_file(folder, classifier, Notes()).read_text() == to_json(built)
    assert pq.read_metadata(scores).num_rows == built.queries == 60
    assert not any(folder.glob("*.part"))


def test_sorting_again_with_corrections_keeps_the_scores(
    url: str, engine: Engine, logs: Path, log: Log
) -> None:
    folder, classifier = logs / log.digest, load_classifier()
    work.sort_log(url, running(engine, "sort"), str(folder))
    scores = scores_file(folder, classifier)
    before = scores.stat().st_mtime_ns
    notes = Notes(corrections={"h1": "complex"})
    write_notes(folder, notes)
    work.sort_log(url, running(engine, "sort"), str(folder))
    assert scores.stat().st_mtime_ns == before
    placing = Placing(classifier, notes.corrections)
    corrected = build_workload(folder / "queries.parquet", scores, placing)
    assert workload_file(folder, classifier, notes).read_text() == to_json(corrected)
    plain = workload_file(folder, classifier, Notes()).read_text()
    assert plain != to_json(corrected)


def test_a_cancelled_sorting_leaves_nothing(url: str, engine: Engine, logs: Path, log: Log) -> None:
    folder = logs / log.digest
    before = sorted(folder.iterdir())
    job_id = running(engine, "sort")
    request_cancel(engine, job_id, now=NOON)
    work.sort_log(url, job_id, str(folder))
    assert job(engine, job_id).state == "stopped"
    assert sorted(folder.iterdir()) == before


def test_a_job_that_was_cancelled_while_it_waited_does_nothing(
    url: str, engine: Engine, logs: Path, log: Log
) -> None:
    before = sorted((logs / log.digest).iterdir())
    job_id = start_job(engine, "sort", "subject", 1000, NOON)
    request_cancel(engine, job_id, now=NOON)
    work.sort_log(url, job_id, str(logs / log.digest))
    ended = job(engine, job_id)
    assert (ended.state, ended.began_at) == ("stopped", None)
    assert sorted((logs / log.digest).iterdir()) == before


def test_a_log_without_text_is_sorted_by_size(
    url: str, engine: Engine, tmp_path: Path, logs: Path
) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("model,input_tokens,output_tokens\ngpt-4o,10,5\ngpt-4o,20,6\n")
    counts = ingest(path, preview(path, "c.csv").mapping, logs, name="c.csv", now=NOON)
    job_id = running(engine, "sort")
    work.sort_log(url, job_id, str(logs / counts.digest))
    assert job(engine, job_id).state == "done"
    ready = workload_file(logs / counts.digest, load_classifier(), Notes())
    assert from_json(ready.read_text()).basis == "size"


def test_a_summary_cannot_be_sorted_and_says_so(
    url: str, engine: Engine, tmp_path: Path, logs: Path
) -> None:
    path = tmp_path / "sums.csv"
    path.write_text(
        "date,model,prompt_tokens,spend,api_requests,successful_requests\n"
        "2026-11-03,gpt-4o,90000,0.31,40,40\n"
    )
    sums = ingest(path, preview(path, "s.csv").mapping, logs, name="s.csv", now=NOON)
    job_id = running(engine, "sort")
    work.sort_log(url, job_id, str(logs / sums.digest))
    ended = job(engine, job_id)
    assert ended.state == "failed" and "this log is a summary" in ended.message
    assert "\n" not in ended.message


def test_a_bug_ends_the_job_too_and_reaches_the_workers_log(
    url: str, engine: Engine, logs: Path, log: Log
) -> None:
    (logs / log.digest / "notes.json").write_text("{}")
    job_id = running(engine, "sort")
    with pytest.raises(KeyError):
        work.sort_log(url, job_id, str(logs / log.digest))
    ended = job(engine, job_id)
    assert ended.state == "failed"
    assert ended.message.startswith("This failed unexpectedly (KeyError).")


def test_a_disk_that_runs_full_ends_the_job_in_plain_words_and_the_next_one_works(
    url: str, engine: Engine, logs: Path, log: Log, failing: Failing
) -> None:
    job_id, folder = running(engine, "sort"), logs / log.digest
    with failing("os.fsync", errno.ENOSPC):
        work.sort_log(url, job_id, str(folder))
    ended = job(engine, job_id)
    assert ended.state == "failed" and "cannot be written: the disk is full." in ended.message
    assert not list(folder.glob("workload*")) and not list(folder.glob(".*.part"))
    again = running(engine, "sort")
    work.sort_log(url, again, str(folder))
    assert job(engine, again).state == "done"


def test_a_log_whose_queries_are_gone_is_said_with_its_place(
    url: str, engine: Engine, logs: Path, log: Log
) -> None:
    (logs / log.digest / "queries.parquet").unlink()
    job_id = running(engine, "sort")
    work.sort_log(url, job_id, str(logs / log.digest))
    said = job(engine, job_id).message
    assert "queries.parquet: there is no such file any more. Delete this log and imp" in said


def test_a_database_that_takes_no_report_does_not_stop_the_work(
    url: str, engine: Engine, logs: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hindered(*arguments: object, **named: object) -> bool:
        raise Hindered("another program keeps it locked")

    job_id = running(engine, "sort")
    with monkeypatch.context() as patch:
        patch.setattr(work, "report", hindered)
        patch.setattr(work, "SECONDS_BETWEEN_REPORTS", 0.0)
        patch.setattr(work, "is_cancelled", hindered)
        work.sort_log(url, job_id, str(logs / log.digest))
    assert job(engine, job_id).state == "done"
    assert list((logs / log.digest).glob("workload*"))


def test_how_a_job_ended_is_noted_once_the_database_takes_it(
    url: str, engine: Engine, dropped: Path, logs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[int] = []

    def finish(*arguments: Any, **named: Any) -> None:
        if len(refused) < 2:
            refused.append(1)
            raise Hindered("another program keeps it locked")
        jobs.finish(*arguments, **named)

    monkeypatch.setattr(work, "finish", finish)
    monkeypatch.setattr(work, "WAITS_SECONDS", (0.0, 0.0))
    job_id = running(engine, "import")
    run_import(url, job_id, dropped, logs)
    ended = job(engine, job_id)
    assert ended.state == "done" and open_log(logs, ended.message).rows_kept == 60
    monkeypatch.setattr(work, "WAITS_SECONDS", ())
    refused.clear()
    with pytest.raises(Hindered):  # the app tries on
        work.sort_log(url, running(engine, "sort"), str(logs / ended.message))


def test_work_whose_job_counts_as_lost_stops(
    url: str, engine: Engine, logs: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id, folder = running(engine, "sort"), logs / log.digest
    begin = work.begin

    def lost(*arguments: Any, **named: Any) -> bool:
        began = begin(*arguments, **named)
        fail(engine, job_id, "its server said nothing for long", now=NOON)
        return began

    monkeypatch.setattr(work, "begin", lost)
    work.sort_log(url, job_id, str(folder))
    assert not list(folder.glob("workload*"))
    assert job(engine, job_id).message == "its server said nothing for long"


def test_a_plan_is_saved_anew_on_the_sorted_log_with_its_rules(
    url: str, engine: Engine, logs: Path, log: Log
) -> None:
    at = save_document(engine, HERE, frozen(), name="Support")
    rule = RoutingRule("contains", "hello", "force", "complex")
    write_notes(logs / log.digest, Notes(routing_rules=(rule,)))
    job_id, folder = running(engine, "sort"), str(logs / log.digest)
    work.sort_and_revise(url, job_id, folder, HERE, at, "by its rule")
    assert job(engine, job_id).state == "done"
    newest, oldest = list_versions(engine, HERE, at.plan_id, now=NOON)
    assert (newest.version, newest.author, newest.headline.note) == (2, "Ada", "by its rule")
    assert newest.changes and oldest.changes == ()
    saved = document_from_json(load_plan(engine, HERE, at.plan_id, now=NOON).document)
    assert saved.plan == PLAN.with_rules([rule])
    assert (saved.log.name, saved.log.queries, saved.log.digest) == ("b.csv", 60, log.digest)
    cells = from_json(saved.workload).cells
    assert cells[cells["rule"] > 0]["queries"].sum() == 30  # every other query says hello
    assert refigured(saved) == saved.figures


def test_whoever_may_not_save_versions_does_not_revise_in_the_background_either(
    url: str, engine: Engine, logs: Path, log: Log
) -> None:
    make_team(engine)
    at = save_document(engine, HERE, frozen(), name="Support")
    for actor, said in ((VIEWER, "your role does not allow to save versions"), (STRANGER, "no pl")):
        job_id, folder = running(engine, "sort"), str(logs / log.digest)
        work.sort_and_revise(url, job_id, folder, actor, at, "mine")
        ended = job(engine, job_id)
        assert ended.state == "failed" and said in ended.message
    assert len(list_versions(engine, HERE, at.plan_id, now=NOON)) == 1


def test_the_work_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(EDITOR)) == EDITOR
    for function in (work.import_log, work.sort_log, work.sort_and_revise):
        assert pickle.loads(pickle.dumps(function)) is function
