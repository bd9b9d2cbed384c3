"""Fifty writers at once lose nothing, in one process and in four."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, func, select

from core.store.audit import list_audit
from core.store.checking import check
from core.store.plans import list_versions
from core.store.tables import PlanTable, VersionTable

from ..frozen.conftest import NOON
from .people import HERE
from .saving_child import write_many

ROOT = Path(__file__).parents[3]
WRITERS, SAVES = 50, 20


def holds_all(engine: Engine, plan_id: str) -> None:
    """Every save is there once: half as plans, half as versions of one, each with its line."""
    half = WRITERS * SAVES // 2
    lines = list_versions(engine, HERE, plan_id, now=NOON, limit=2 * half)
    assert [line.version for line in lines] == list(range(half + 1, 0, -1))
    documents = select(VersionTable.document)
    with engine.connect() as connection:
        shared = connection.execute(documents.where(VersionTable.plan_id == plan_id)).scalars()
        new = connection.execute(documents.where(VersionTable.plan_id != plan_id)).scalars()
        notes = {f"{w} {n}" for w in range(WRITERS) for n in range(SAVES)}
        assert sorted(shared) == sorted(
            [f"more {note}" for note in notes if int(note.split()[1]) % 2 == 0] + ['{"v": 1}']
        )
        assert sorted(new) == sorted(f"new {note}" for note in notes if int(note.split()[1]) % 2)
        assert connection.execute(select(func.count()).select_from(PlanTable)).scalar() == half + 1
    audit = list_audit(engine, HERE, limit=3 * half)
    assert len(audit) == 2 * half + 1 and {entry.action for entry in audit} == {"saved"}
    mine = [entry.detail for entry in audit if entry.plan_id == plan_id]
    assert sorted(mine) == sorted(f"version {number}" for number in range(1, half + 2))
    problems = [line for line in check(engine).problems if "this is not a saved plan" not in line]
    assert problems == []  # these documents are no plans, which is all there is to say


def test_fifty_threads_of_twenty_saves_lose_nothing(engine: Engine, plan_id: str) -> None:
    write_many(engine, plan_id, range(WRITERS), SAVES)
    holds_all(engine, plan_id)


def test_four_processes_of_fifty_writers_lose_nothing(
    engine: Engine, plan_id: str, url: str
) -> None:
    parts = [(0, 13), (13, 26), (26, 38), (38, 50)]
    processes = [
        subprocess.Popen(
            [
                sys.executable, "-m", "tests.core.store.saving_child", "write", url, plan_id,
                str(first), str(last),
            ],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=ROOT,
        )
        for first, last in parts
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        output, errors = process.communicate(timeout=300)
        assert (process.returncode, output, errors) == (0, "", "")
    holds_all(engine, plan_id)
