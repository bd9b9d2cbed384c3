"""The health address tells whether the database answers, in time and without secrets."""

import asyncio
import errno
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from app import health

from ..conftest import Failing


@pytest.fixture
def client() -> Iterator[TestClient]:
    """The health address alone, over this test's own database."""
    health._engine.cache_clear()
    health._storage._answer = None  # of another test
    yield TestClient(Starlette(routes=[Route("/health", health.health)]))
    health._engine.cache_clear()


def test_with_a_database_that_answers_all_is_well(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == answer.json() | {
        "status": "ok", "database": "ok", "storage": "ok", "version": "0.1.0",
    }  # fmt: skip
    assert answer.headers["cache-control"] == "no-store"
    health._engine().dispose()


@pytest.mark.parametrize(
    "url", ["postgresql+psycopg://reader:geheim@127.0.0.1:1/plans", "what://is:geheim@this/?"]
)
def test_without_its_database_it_fails_and_says_so_without_the_password(
    client: TestClient, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["database"] == "cannot be opened"
    said = capsys.readouterr().err
    assert "health_failing database=cannot be opened" in said
    assert "geheim" not in answer.text + said


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EROFS, "the disk can only be read"), (errno.ENOSPC, "the disk is full")],
)
def test_a_local_folder_that_takes_no_file_is_said_but_not_where_and_plans_still_open(
    client: TestClient,
    home: Path,
    failing: Failing,
    number: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with failing("pathlib.Path.write_bytes", number):
        answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == answer.json() | {"status": "ok", "database": "ok", "storage": said}
    assert str(home) not in answer.text
    assert "health_failing" in capsys.readouterr().err
    assert client.get("/health").json()["storage"] == said, "which is not asked each time"
    health._engine().dispose()


def test_a_local_folder_that_cannot_be_made_fails_in_words(
    client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "closed").touch()
    monkeypatch.setenv("TIERWISE_HOME", str(home / "closed" / "home"))
    monkeypatch.delenv("DATABASE_URL")
    answer = client.get("/health").json()
    assert answer["storage"] == answer["database"] == "cannot be written: Not a directory"
    (home / "closed").unlink()


def test_a_database_whose_tables_are_gone_fails(
    client: TestClient, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'other.db'}")
        with health._engine().begin() as connection:
            connection.exec_driver_sql("DROP TABLE alembic_version")
        answer = client.get("/health")
    assert (answer.status_code, answer.json()["database"]) == (503, "has no tables")
    assert "health_failing" in capsys.readouterr().err
    health._engine().dispose()


def test_a_database_that_hangs_holds_one_thread_and_never_the_event_loop() -> None:
    hung, asked = threading.Event(), []

    def ask() -> str:
        asked.append(1)
        hung.wait(10)
        return "ok"

    question = health.Question(ask, patience=0.2)

    async def ask_thrice() -> list[str]:
        ticks = asyncio.create_task(tick())
        answers = await asyncio.gather(*(question.answer() for _ in range(3)))
        assert await ticks >= 5  # the loop went on meanwhile
        return list(answers)

    async def tick() -> int:
        for _ in range(5):
            await asyncio.sleep(0.02)
        return 5

    assert asyncio.run(ask_thrice()) == ["does not answer within 0.2 s"] * 3
    assert len(asked) == 1
    hung.set()


def test_once_the_database_answers_again_all_is_well_again() -> None:
    answers = iter(["fails (OperationalError)", "ok"])
    question = health.Question(lambda: next(answers))
    assert asyncio.run(question.answer()) == "fails (OperationalError)"
    assert asyncio.run(question.answer()) == "ok"
