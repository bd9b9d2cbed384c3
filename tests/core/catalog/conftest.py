from pathlib import Path

import pytest

from core.catalog.catalogue import Catalogue, load_catalogue


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty local folder, so that nobody's own models.yaml changes a test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("TIERWISE_HOME", str(folder))
    folder.mkdir()
    return folder


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The shipped catalogue; frozen, so all tests may share it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIERWISE_HOME", str(tmp_path_factory.mktemp("no_own_models")))
        return load_catalogue()
