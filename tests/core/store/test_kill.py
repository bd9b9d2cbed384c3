"""Whatever the database confirmed is there after the process that saved it was killed."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from core.frozen.document import document_from_json, document_to_json
from core.store.checking import check
from core.store.engine import open_engine
from core.store.plans import load_plan
from core.store.tables import AuditTable, PlanTable, VersionTable

from ..frozen.conftest import NOON, frozen
from .people import HERE
from .saving_child import NOTE

ROOT = Path(__file__).parents[3]
KILLS = 50


@dataclass(frozen=True)
class Confirmed:
    """A save that its process said was done."""

    plan_id: str
    version: int
    note: str


@pytest.fixture
def nursery(sqlite_url: str, tmp_path: Path):  # type: ignore[no-untyped-def]
    """A process that has everything imported and forks a child for each line it is sent."""
    document = tmp_path / "document.json"
    document.write_text(document_to_json(frozen()), "utf-8")
    assert NOTE in document.read_text("utf-8")
    words = ["-m", "tests.core.store.saving_child", "kill", sqlite_url, str(document)]
    process = subprocess.Popen(
        [sys.executable, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    yield process
    process.stdin.close()
    assert process.wait(30) == 0
    process.stdout.close()


def killed(nursery: subprocess.Popen[str], chance: random.Random) -> list[Confirmed]:
    """What one child confirmed until it was killed in the middle of its work."""
    assert nursery.stdin is not None and nursery.stdout is not None
    nursery.stdin.write("go\n")
    nursery.stdin.flush()
    _, pid = nursery.stdout.readline().split()
    found = []
    enough = chance.randrange(0, 8)  # sometimes before its first save
    while len(found) < enough:
        _, plan_id, version, note = nursery.stdout.readline().split()
        found.append(Confirmed(plan_id, int(version), note))
    time.sleep(chance.uniform(0, 0.01))
    os.kill(int(pid), signal.SIGKILL)
    while (line := nursery.stdout.readline()) != "dead\n":
        _, plan_id, version, note = line.split()
        found.append(Confirmed(plan_id, int(version), note))
    return found


def test_fifty_kills_lose_no_save_that_was_confirmed(
    nursery: subprocess.Popen[str], sqlite_url: str
) -> None:
    chance = random.Random(1)
    confirmed = [saved for _ in range(KILLS) for saved in killed(nursery, chance)]
    assert len(confirmed) > KILLS and {saved.version for saved in confirmed} == {1, 2, 3}

    engine = open_engine(sqlite_url)
    for saved in confirmed:
        plan = load_plan(engine, HERE, saved.plan_id, saved.version, now=NOON)
        assert document_from_json(plan.document).note == saved.note
    found = check(engine)
    assert found.problems == ()
    # What was not confirmed any more is there whole or not at all.
    assert len(confirmed) <= found.versions <= len(confirmed) + KILLS
    with engine.connect() as connection:
        lines = connection.execute(select(AuditTable.plan_id, AuditTable.detail)).all()
        kept = connection.execute(select(VersionTable.plan_id, VersionTable.version)).all()
        plans = connection.execute(select(PlanTable.id, PlanTable.version)).all()
    assert sorted(tuple(line) for line in lines) == sorted((p, f"version {n}") for p, n in kept)
    newest: dict[str, int] = {}
    for plan_id, version in kept:
        newest[plan_id] = max(version, newest.get(plan_id, 0))
    assert newest == dict(map(tuple, plans))
    engine.dispose()
