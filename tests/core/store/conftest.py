from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.store.engine import open_engine
from core.store.plans import Headline, save_plan

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEADLINE = Headline(1000.0, 400.0, 0.6, 0.97, "support.csv")


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'tierwise.db'}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def plan_id(engine: Engine) -> str:
    return save_plan(
        engine, name="Support", author="Ada", document='{"v": 1}', headline=HEADLINE, now=NOON
    )
