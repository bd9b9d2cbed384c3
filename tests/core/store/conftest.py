import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from core.economics.outlook import Outlook
from core.logs.log import Log
from core.logs.mapping import Mapping
from core.routing.assumptions import Assumptions
from core.routing.plan import Plan
from core.store.access import the_person_here
from core.store.document import PlanDocument
from core.store.engine import open_engine
from core.store.freeze import freeze
from core.store.plans import save_plan
from core.store.saved import Headline
from core.workload.workload import Workload

from ..workload.conftest import PRICED_ON, make_classifier, make_model, make_workload, row
from .postgres import Postgres

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEADLINE = Headline(1000.0, 400.0, 0.6, 0.97, "support.csv")

BIG = make_model("big", 2.5, 10.0, cached=1.25, ability=4.0, sd=0.7)
SMALL = make_model("small", 0.15, 0.6, cached=0.075, ability=1.0, sd=0.9)
PLAN = Plan(SMALL, BIG, BIG)
SECRET = "zebra quagmire xylophone"


def made_log(**values: object) -> Log:
    """What is known of a log; a plan keeps its name and its source."""
    usual: dict[str, object] = dict.fromkeys(Log.__dataclass_fields__, 0)
    usual |= {"digest": "0" * 16, "name": "support.csv", "source": "generic", "mapping": Mapping()}
    return Log(**usual | values)  # type: ignore[arg-type]


def made_workload() -> Workload:
    """Six queries of two known models and one of a model that nobody knows."""
    difficulty = [-6.0, -4.0, -2.0, 0.0, 1.0, 2.0, 0.0]
    rows = [
        row(
            f"q{i}",
            model="unknown" if i == 6 else ("big", "small")[i % 2],
            text=f"{SECRET} {i}",
            cache_read_tokens=100 * i,
            cost_usd=0.01 / 3 if i < 2 else None,
            output_estimated=i == 5,
        )
        for i in range(7)
    ]
    return make_workload(rows, difficulty)


def frozen(**values: object) -> PlanDocument:
    """A document of PLAN on `made_workload`, with other values where given."""
    usual: dict[str, object] = {
        "author": "Ada",
        "now": NOON,
        "log": made_log(),
        "workload": made_workload(),
        "classifier": make_classifier(),
        "names": {"big": BIG, "small": SMALL, "unknown": None},
        "prices_as_of": PRICED_ON,
        "plan": PLAN,
        "assumptions": Assumptions(),
        "growth": Outlook(),
    }
    return freeze(**usual | values)  # type: ignore[arg-type]


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
