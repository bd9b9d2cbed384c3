"""A database with a row of every kind, and what a backup keeps of one."""

from datetime import date, timedelta
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from core.frozen.document import document_to_json
from core.frozen.headline import Headline, headline_of
from core.quality.actual import Actual
from core.routing.simulate import Range
from core.store.actuals import record_month
from core.store.bin import delete_plan
from core.store.decisions import decide
from core.store.drafts import write_draft
from core.store.engine import connect
from core.store.jobs import start_job
from core.store.links import open_link, revoke_link, share_plan
from core.store.members import create_workspace
from core.store.plans import describe_plan

from ..frozen.conftest import NOON, frozen
from .people import EDITOR, HERE, everything, make_team, save, save_again

STEPS = Path(__file__).parents[3] / "core" / "store" / "migrations"
GOLDEN = Path(__file__).parents[2] / "golden" / "databases"

Rows = dict[str, list[tuple[object, ...]]]


@cache
def document() -> tuple[str, Headline]:
    """A frozen plan as JSON, and its figures."""
    made = frozen()
    return document_to_json(made), headline_of(made)


def save_sound(engine: Engine, name: str = "Support", **more: object) -> str:
    """The id of a new plan whose document is a real one."""
    text, headline = document()
    return save(engine, name, text, headline=headline, **more)


def furnish(engine: Engine) -> str:
    """The id of a plan with everything that can belong to one; another lies in the bin."""
    text, headline = document()
    make_team(engine)
    other = create_workspace(engine, HERE, "Second – 第二", NOON)
    save_sound(engine, "Elsewhere", workspace_id=other)
    plan_id = save_sound(engine, "Ünïcode 計画")
    save_again(engine, plan_id, text, headline=headline, changes=["Simple tier: 'a' becomes \"b\""])
    describe_plan(
        engine, HERE, plan_id, tags=["support", "q4"], needs="Money\nand time",
        decide_by=date(2026, 12, 24), now=NOON,
    )  # fmt: skip
    decide(engine, EDITOR, plan_id, 1, "changes", "too dear", NOON)
    decide(engine, EDITOR, plan_id, 2, "approved", "", NOON + timedelta(microseconds=7))
    token = share_plan(engine, HERE, plan_id, NOON, passphrase="long enough", follows=True)
    share_plan(engine, HERE, plan_id, NOON, kind="comment", expires_at=NOON + timedelta(days=9))
    open_link(engine, token, NOON)
    with engine.connect() as connection:
        closed = connection.exec_driver_sql("SELECT min(id) FROM share_links").scalar_one()
    revoke_link(engine, HERE, plan_id, str(closed), NOON)
    found = Actual(Range(1.0, 0.5, 2.0), 1 / 3, 0.1, 0.2, 0.3, -0.1, 0.0, 5.0, 6.0)
    record_month(
        engine, HERE, plan_id, 1, found, log_name="next.csv", first_time=NOON, last_time=None,
        now=NOON,
    )  # fmt: skip
    write_draft(engine, HERE, "a" * 16, '{"simple": "x"}', NOON)
    delete_plan(engine, HERE, save_sound(engine, "Gone"), NOON)
    start_job(engine, "sort", "log", 10, NOON)
    return plan_id


def kept(engine: Engine) -> Rows:
    """All rows that a backup keeps: not the jobs, and not the numbers of the audit log's lines."""
    found = everything(engine)
    del found["jobs"]
    found["audit"] = sorted([row[1:] for row in found["audit"]], key=repr)
    return found


def at_step(url: str, step: str) -> Engine:
    """The database as an earlier Tierwise left it, with nothing in it."""
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    engine = connect(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, step)
    return engine
