import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.frozen.headline import Headline
from core.store.access import the_person_here
from core.store.engine import open_engine
from core.store.plans import save_plan

from ..frozen.conftest import NOON
from .postgres import Postgres

HEADLINE = Headline(1000.0, 400.0, 0.6, 0.97, "support.csv")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server, started when the first test asks for it."""
    server = Postgres()
    try:
        server.give_new_databases_the_newest_schema()
        yield server
    finally:
        server.stop()


POSTGRES = pytest.mark.skipif(
    bool(os.environ.get("TIERWISE_SKIP_POSTGRES")), reason="TIERWISE_SKIP_POSTGRES is set"
)
ON_POSTGRES = pytest.param("postgresql", marks=POSTGRES)
DATABASES = ["sqlite", ON_POSTGRES]


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'tierwise.db'}"


@pytest.fixture(params=DATABASES)
def new_url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    """A database without any table, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_url
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.new(empty=True)
        yield url
        server.drop(url)


@pytest.fixture(scope="session")
def sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema and nothing else, to be copied."""
    path = tmp_path_factory.mktemp("store") / "empty.db"
    open_engine(f"sqlite:///{path}").dispose()
    return path


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, sqlite_url: str, sqlite_file: Path) -> Iterator[str]:
    """A database of the test's own with the newest schema, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(sqlite_file, sqlite_url.removeprefix("sqlite:///"))
        yield sqlite_url
    else:
        server: Postgres = request.getfixturevalue("postgres")
        url = server.new()
        yield url
        server.drop(url)


@pytest.fixture(params=[ON_POSTGRES])
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """A database of the test's own, only on PostgreSQL."""
    url = postgres.new()
    yield url
    postgres.drop(url)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def plan_id(engine: Engine) -> str:
    return save_plan(
        engine,
        the_person_here("Ada"),
        name="Support",
        author="Ada",
        document='{"v": 1}',
        headline=HEADLINE,
        now=NOON,
    )
