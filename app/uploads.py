"""Dropped files: to disk at once, and out of Streamlit's memory."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Final

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from app.state import Pending
from core.places import home, shipped

SAMPLE: Final = "sample_log/support_bot.csv.gz"
SAMPLE_STANDS_FOR: Final = 480_000  # its story: one in forty requests of a made-up month


def keep_upload(upload: UploadedFile) -> Pending:
    """The dropped file on disk, and Streamlit's copy of it in memory let go."""
    path = _new_file()
    with path.open("wb") as sink:
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
    path.write_bytes(shipped(SAMPLE).read_bytes())
    return Pending(path, "Sample log (made up)", SAMPLE_STANDS_FOR)


def _new_file() -> Path:
    """A file of our own naming: the user's file name is never used as a path."""
    folder = home() / "uploads"
    folder.mkdir(exist_ok=True)
    return folder / secrets.token_hex(8)
