"""Sessions whose tab is gone do not keep their uploads for ever."""

import asyncio
from dataclasses import dataclass

import pytest
from streamlit.runtime import Runtime, RuntimeConfig
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from app import sessions


@dataclass
class Session:
    """As much of a session as its storage knows."""

    id: str
    files: MemoryUploadedFileManager

    def shutdown(self) -> None:
        self.files.remove_session_files(self.id)


def test_a_session_that_nobody_came_back_to_gives_its_uploads_back() -> None:
    files = MemoryUploadedFileManager("/upload")
    for name in ("gone", "recent"):
        files.add_file(name, UploadedFileRec("1", "log.csv", "text/csv", b"x" * 100))
    storage = MemorySessionStorage(ttl_seconds=0)
    storage.save(SessionInfo(None, Session("gone", files), 1))  # type: ignore[arg-type]
    assert sessions.let_go(storage._cache) == 1
    assert not files.get_files("gone", ["1"]) and files.get_files("recent", ["1"])
    assert sessions.let_go(storage._cache) == 0
    lasting = MemorySessionStorage(ttl_seconds=100)
    lasting.save(SessionInfo(None, Session("recent", files), 1))  # type: ignore[arg-type]
    assert sessions.let_go(lasting._cache) == 0
    assert files.get_files("recent", ["1"])


def test_streamlit_keeps_them_where_they_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Runtime, "_instance", None)
    storage = MemorySessionStorage()
    config = RuntimeConfig(
        script_path="",
        component_registry=None,  # type: ignore[arg-type]
        media_file_storage=MemoryMediaFileStorage("/media"),
        uploaded_file_manager=MemoryUploadedFileManager("/upload"),
        session_storage=storage,
    )
    Runtime(config)
    assert sessions._disconnected() is storage._cache


def test_what_goes_wrong_once_does_not_end_the_tidying(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def fails() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError("a session that does not shut down")
        raise AttributeError("moved", name="_cache")

    monkeypatch.setattr(sessions, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(sessions, "_disconnected", fails)
    asyncio.run(sessions.keep_few())
    assert len(tries) == 3
