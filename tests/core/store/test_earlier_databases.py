"""Databases of every earlier schema, dumped as SQL by the program of their time."""

import json
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from core.frozen.document import document_from_json
from core.store.engine import open_engine

GOLDEN = Path(__file__).parents[2] / "golden" / "databases"
DUMPS = sorted(path.stem for path in GOLDEN.glob("*.sql"))
KEPT = {"plans", "plan_versions", "share_links", "jobs"}

Rows = list[dict[str, object]]


def loaded(name: str, file: Path) -> dict[str, Rows]:
    """What the dump holds, table by table, once it is in a SQLite file."""
    connection = sqlite3.connect(file)
    connection.executescript((GOLDEN / f"{name}.sql").read_text("utf-8"))
    found = {table: rows(connection, table) for table in KEPT}
    connection.close()
    return found


def rows(connection: sqlite3.Connection, table: str) -> Rows:
    cursor = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def keyed(found: Rows) -> Rows:
    return sorted(found, key=lambda row: [str(row.get(k)) for k in ("id", "plan_id", "version")])


def opened(file: Path) -> dict[str, Rows]:
    """The same tables after today's program has opened the file."""
    engine = open_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
    engine.dispose()
    plain = sqlite3.connect(file)
    found = {table: rows(plain, table) for table in KEPT}
    plain.close()
    return found


def test_there_is_a_dump_of_every_schema_that_went_out() -> None:
    assert DUMPS[:3] == ["0001", "0002", "0003"]


@pytest.mark.parametrize("name", DUMPS)
def test_whatever_was_in_an_earlier_database_is_still_there(name: str, tmp_path: Path) -> None:
    before = loaded(name, tmp_path / "old.db")
    after = opened(tmp_path / "old.db")
    for table in KEPT:
        assert len(before[table]) == len(after[table])
        for then, now in zip(keyed(before[table]), keyed(after[table]), strict=True):
            # Later steps may add columns; what was there keeps its name and its value.
            assert now | then == now


@pytest.mark.parametrize("name", DUMPS)
def test_a_dump_holds_versions_links_a_deleted_plan_and_jobs(name: str, tmp_path: Path) -> None:
    found = loaded(name, tmp_path / "old.db")
    plans = {plan["name"]: plan for plan in found["plans"]}
    assert set(plans) == {"Support, renamed", "Gone; it's deleted"}
    assert plans["Support, renamed"]["version"] == 3
    assert plans["Support, renamed"]["deleted_at"] is None
    assert plans["Gone; it's deleted"]["deleted_at"]
    assert sorted(str(v["version"]) for v in found["plan_versions"]) == ["1", "1", "2", "3"]
    assert [bool(link["revoked_at"]) for link in found["share_links"]].count(True) == 1
    assert len(found["share_links"]) == 3
    assert sorted(str(job["state"]) for job in found["jobs"]) == ["done", "failed", "running"]


@pytest.mark.parametrize("name", DUMPS)
def test_every_document_in_an_earlier_database_opens(name: str, tmp_path: Path) -> None:
    loaded(name, tmp_path / "old.db")
    for version in opened(tmp_path / "old.db")["plan_versions"]:
        outcome = document_from_json(str(version["document"])).figures.outcome
        assert outcome.baseline_usd == version["baseline_monthly_usd"]
        assert outcome.planned.central == version["planned_monthly_usd"]
        assert outcome.saving_share.central == version["saving_share"]
        assert outcome.quality_kept.central == version["quality"]


@pytest.mark.parametrize("name", DUMPS)
def test_a_version_says_how_many_of_its_queries_have_outcomes(name: str, tmp_path: Path) -> None:
    loaded(name, tmp_path / "old.db")
    for version in opened(tmp_path / "old.db")["plan_versions"]:
        learned = json.loads(str(version["document"])).get("learned")
        assert version["verified_queries"] == (240 if learned else 0)
        assert version["note"] == "as agreed on Monday"
