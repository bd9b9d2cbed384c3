"""No test ever reads or writes the home folder or the database of whoever runs it."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# Half of Hypothesis' own number, where a test names none: all of them take minutes as it is.
settings.register_profile("project", max_examples=50)
settings.load_profile("project")


# Set on a machine that cannot run them; whoever reads the result has to see it.
SKIPPED = {"TIERWISE_SKIP_BROWSER": "BROWSER", "TIERWISE_SKIP_POSTGRES": "POSTGRESQL"}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for name, kind in SKIPPED.items():
        if os.environ.get(name):
            line = f"{kind} TESTS WERE SKIPPED, BECAUSE {name} IS SET."
            terminalreporter.write_line(line, red=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Hands tests out one by one, but all that share a browser or a server to one process.

    They come first, since they take longest. The marks that pytest-xdist has for this do nothing
    under pytest 9.2 (its issue 1386), so their names decide.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith("tests/e2e/"):
                return "browser"
            if nodeid.startswith("tests/core/store/") and re.search(r"\[.*postgresql", nodeid):
                return "postgresql"
            return nodeid

    return Scheduling(config, log)


@pytest.fixture(scope="session", autouse=True)
def _nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An empty home for whatever runs outside a test's own, such as session fixtures."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIERWISE_HOME", str(tmp_path_factory.mktemp("nobody")))
        patch.delenv("DATABASE_URL", raising=False)
        yield


Failing = Callable[[str, int], AbstractContextManager[None]]


@pytest.fixture
def failing() -> Failing:
    """Lets the operating system refuse what goes by that name, for as long as the block lasts."""

    @contextmanager
    def refuse(name: str, number: int) -> Iterator[None]:
        def fail(*arguments: object, **named: object) -> None:
            raise OSError(number, os.strerror(number))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(name, fail)
            yield

    return refuse


FilesUpTo = Callable[[int], AbstractContextManager[None]]


@pytest.fixture
def files_up_to() -> FilesUpTo:
    """Lets no file grow beyond so many bytes, as a disk that runs full in the middle of a write."""
    resource = pytest.importorskip("resource")

    @contextmanager
    def limit(size: int) -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return limit


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder and a database of this test's own."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("TIERWISE_HOME", str(home))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{home / 'tierwise.db'}")
    return home
