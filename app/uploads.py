"""Dropped files: to disk at once, and out of Streamlit's memory."""

from __future__ import annotations

import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app import jobs, state
from app.state import Pending
from core.disk import whole, write_whole, writing
from core.places import home, shipped

SAMPLE: Final = "sample_log/support_bot.csv.gz"
ABANDONED_AFTER_SECONDS: Final = 3600
SAMPLE_STANDS_FOR: Final = 480_000  # its story: one in forty requests of a made-up month


def keep_upload(upload: UploadedFile) -> Pending:
    """The dropped file on disk, and Streamlit's copy of it in memory let go.

    Hindered where it cannot be kept; the uploader holds it then until the next run tries again.
    """
    path = _new_file()
    upload.seek(0)
    with whole(path) as unfinished, unfinished.open("wb") as sink:
        while chunk := upload.read(1 << 20):
            sink.write(chunk)
    forget_upload(upload)
    return Pending(path, upload.name)


def forget_upload(upload: UploadedFile) -> None:
    """Drop Streamlit's in-memory copy of a file; it would stay until the session ends (#9218)."""
    context = get_script_run_ctx()
    if context and hasattr(context.uploaded_file_mgr, "remove_file"):
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=upload.file_id)


def keep_sample() -> Pending:
    """The sample log as if it had been dropped."""
    path = _new_file()
    write_whole(path, shipped(SAMPLE).read_bytes())
    return Pending(path, "Sample log (made up)", SAMPLE_STANDS_FOR)


def discard(file: Pending) -> None:
    """Delete a dropped file that is not wanted after all, and show the empty uploader again."""
    file.path.unlink(missing_ok=True)
    state.set_pending(None)


def _new_file() -> Path:
    """A file of our own naming, and a worker that will read it.

    The user's file name is never used as a path.

    A dropped file is not redacted yet. It is deleted when it has been read or discarded.
    """
    tidy()
    jobs.get_ready()
    folder = _folder()
    with writing(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder / secrets.token_hex(8)


def tidy() -> None:
    """Delete what abandoned tabs left behind: with each new file, and when the app starts.

    One that cannot be deleted is in nobody's way.
    """
    wanted = jobs.being_imported()
    for old in _folder().glob("*"):
        with suppress(OSError):  # such as FileNotFoundError: another tab was faster
            # A file from the future is as old: the clock was set back since.
            age = abs(time.time() - old.stat().st_mtime)
            if age > ABANDONED_AFTER_SECONDS and old.name not in wanted:
                old.unlink()


def _folder() -> Path:
    return home() / "uploads"
