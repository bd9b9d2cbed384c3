"""A database of every earlier schema opens with what it held."""

import json
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError

from core.errors import BadInput
from core.store.bin import list_deleted
from core.store.engine import open_engine
from core.store.finding import find_plans
from core.store.jobs import job, start_job
from core.store.links import list_links
from core.store.members import workspaces_of
from core.store.plans import list_versions, load_plan

from ..frozen.conftest import NOON
from .people import HERE

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
    heads = [row.headline for row in reversed(list_versions(again, HERE, "p", now=NOON))]
    assert [(h.verified_queries, h.note) for h in heads] == [
        (0, ""), (0, "a try"), (260, "Rule: <b>invoices</b>"), (0, ""),
    ]  # fmt: skip
    assert {(h.baseline_monthly_usd, h.quality, h.log_name) for h in heads} == {
        (1000.0, 0.97, "log.csv")
    }
    assert [load_plan(again, HERE, "p", n, now=NOON).document for n in range(1, 5)] == documents
    assert find_plans(again, HERE).rows[0].version == 4
    with again.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM share_links")).scalar() == 1
    again.dispose()


def test_plans_of_the_second_schema_get_an_owner_a_trend_and_a_seal(new_url: str) -> None:
    engine = at_revision(new_url, "0002")
    saved = [10.004, 20.0, 35.5, *range(40, 130, 10)]
    sound = json.dumps(
        {"log": {"digest": "d" * 64}, "figures": {"central": {"cumulative_usd": [*saved, 999.0]}}}
    )
    documents = [sound, json.dumps({"figures": {}}), "{damaged", "[]"]
    with engine.begin() as connection:
        for plan, gone in (("p", None), ("q", "2026-10-05")):
            connection.execute(
                text("INSERT INTO plans VALUES (:p, 'Old', 4, '2026-10-01', '2026-10-04', :gone)"),
                {"p": plan, "gone": gone},
            )
        for number, document in enumerate(documents, start=1):
            connection.execute(
                text(
                    "INSERT INTO plan_versions (plan_id, version, author, saved_at, log_name, "
                    "baseline_monthly_usd, planned_monthly_usd, saving_share, quality, document) "
                    "VALUES ('p', :n, :author, '2026-10-01', 'log.csv', 1000, 400, 0.6, 0.97, :d)"
                ),
                {"n": number, "author": f"Ada {number}", "d": document},
            )
        for link, revoked in (("open", None), ("closed", "2026-10-03")):
            connection.execute(
                text("INSERT INTO share_links VALUES (:l, :l, 'p', 2, '2026-10-01', :revoked)"),
                {"l": link, "revoked": revoked},
            )
    engine.dispose()
    again = open_engine(new_url)
    (row,) = find_plans(again, HERE).rows
    assert (row.owner, row.workspace_id, row.status, row.approved_version) == (
        "Ada 1", "main", "open", None,
    )  # fmt: skip
    heads = [line.headline for line in reversed(list_versions(again, HERE, "p", now=NOON))]
    assert heads[0].trend == (10.0, 20.0, 35.5, *map(float, range(40, 130, 10)))
    assert [head.log_digest for head in heads] == ["d" * 64, "", "", ""]
    assert [head.trend for head in heads[1:]] == [(), (), ()]
    assert {head.payback_months for head in heads} == {None}
    links = {link.id: link for link in list_links(again, HERE, "p", now=NOON)}
    assert {(link.kind, link.version, link.opened) for link in links.values()} == {("view", 2, 0)}
    assert links["open"].is_open(NOON) and not links["closed"].is_open(NOON)
    assert [plan.id for plan in list_deleted(again, HERE)] == ["q"]
    assert [workspace.name for workspace in workspaces_of(again, HERE)] == ["Workspace"]
    # From now on a document that somebody changes is noticed, whatever it was before.
    with again.begin() as connection:
        connection.execute(text("UPDATE plan_versions SET document = '{}' WHERE version = 3"))
    assert load_plan(again, HERE, "p", 2, now=NOON).document == documents[1]
    with pytest.raises(BadInput, match="version 3 was changed or damaged"):
        load_plan(again, HERE, "p", 3, now=NOON)
    again.dispose()


def test_jobs_of_the_third_schema_keep_their_rows_and_new_ones_may_wait(new_url: str) -> None:
    old = at_revision(new_url, "0003")
    with old.begin() as connection:
        for number, state in enumerate(("running", "done", "failed", "stopped")):
            connection.execute(
                text(
                    "INSERT INTO jobs VALUES (:id, 'sort', 'log', :state, 3, 10, 'said', :no, "
                    "'2026-10-01', '2026-10-02')"
                ),
                {"id": str(number), "state": state, "no": False},
            )
    old.dispose()
    again = open_engine(new_url)
    found = [job(again, str(number)) for number in range(4)]
    assert [j.state for j in found] == ["running", "done", "failed", "stopped"]
    assert {(j.done, j.total, j.message, j.who, j.server) for j in found} == {
        (3, 10, "said", "", "")
    }
    assert all(j.began_at == j.started_at for j in found), "they never waited"
    assert job(again, start_job(again, "sort", "log", 10, NOON)).state == "waiting"
    with pytest.raises(IntegrityError), again.begin() as connection:
        connection.execute(text("UPDATE jobs SET state = 'lost'"))
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
