"""A database of every earlier schema opens with what it held."""

import json
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, inspect, text

from core.errors import BadInput
from core.store.engine import open_engine
from core.store.plans import list_plans, list_versions, load_plan

ROOT = Path(__file__).parents[3]


def at_revision(url: str, revision: str) -> Engine:
    """The database as an earlier Tierwise left it."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "core" / "store" / "migrations"))
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return engine


def test_versions_of_the_first_schema_say_what_they_rest_on(new_url: str) -> None:
    engine = at_revision(new_url, "0001")
    documents = [
        json.dumps({"learned": "", "note": ""}),
        json.dumps({"learned": json.dumps({"paired": 40}), "note": "a try"}),
        json.dumps({"learned": json.dumps({"paired": 260}), "note": "Rule: <b>invoices</b>"}),
        "{damaged",
    ]
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO plans VALUES ('p', 'Old', 4, '2026-10-01', '2026-10-04', NULL)")
        )
        connection.execute(
            text("INSERT INTO share_links VALUES ('l', 'hash', 'p', 1, '2026-10-01', NULL)")
        )
        for number, document in enumerate(documents, start=1):
            connection.execute(
                text(
                    "INSERT INTO plan_versions VALUES ('p', :n, 'Ada', '2026-10-01', 'log.csv', "
                    "1000, 400, 0.6, 0.97, :document)"
                ),
                {"n": number, "document": document},
            )
    engine.dispose()
    again = open_engine(new_url)
    heads = [row.headline for row in reversed(list_versions(again, "p"))]
    assert [(h.verified_queries, h.note) for h in heads] == [
        (0, ""), (0, "a try"), (260, "Rule: <b>invoices</b>"), (0, ""),
    ]  # fmt: skip
    assert {(h.baseline_monthly_usd, h.quality, h.log_name) for h in heads} == {
        (1000.0, 0.97, "log.csv")
    }
    assert [load_plan(again, "p", n).document for n in range(1, 5)] == documents
    assert list_plans(again)[0].version == 4
    with again.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM share_links")).scalar() == 1
    again.dispose()


def test_in_sqlite_the_document_is_the_last_column_and_every_row_belongs(sqlite_url: str) -> None:
    at_revision(sqlite_url, "0001").dispose()
    engine = open_engine(sqlite_url)
    assert inspect(engine).get_columns("plan_versions")[-1]["name"] == "document"
    with engine.begin() as connection:
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1, "on again"
    engine.dispose()


def test_a_row_that_belongs_to_nothing_stops_the_migration(sqlite_url: str) -> None:
    old = at_revision(sqlite_url, "0001")
    with old.begin() as connection:
        connection.execute(
            text("INSERT INTO share_links VALUES ('l', 'hash', 'gone', 1, '2026-10-01', NULL)")
        )
    with pytest.raises(BadInput, match="a row of share_links belongs to no row of plans"):
        open_engine(sqlite_url)
    with old.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [
            ("0001",)
        ]
    old.dispose()
