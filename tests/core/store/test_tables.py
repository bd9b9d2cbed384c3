from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from core.store.engine import newest_revision
from core.store.tables import Base, UtcTime

STEPS = Path(__file__).parents[3] / "core" / "store" / "migrations"


def test_the_newest_step_is_the_one_that_all_others_lead_to() -> None:
    config = Config()
    config.set_main_option("script_location", str(STEPS))
    assert ScriptDirectory.from_config(config).get_heads() == [newest_revision()]


def test_the_migrations_make_exactly_the_tables_the_program_uses(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_moment_is_kept_in_utc_and_comes_back_with_its_zone() -> None:
    kind, dialect = UtcTime(), SQLiteDialect_pysqlite()
    in_berlin = datetime(2026, 7, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    kept = kind.process_bind_param(in_berlin, dialect)
    assert kept == datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert kept is not None
    back = kind.process_result_value(kept.replace(tzinfo=None), dialect)
    assert back == in_berlin and back is not None and back.tzinfo == UTC


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        UtcTime().process_bind_param(datetime(2026, 7, 1), SQLiteDialect_pysqlite())
