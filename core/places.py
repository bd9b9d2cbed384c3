"""Where things are: the shipped `data/` folder, and the local folder for logs and plans."""

from __future__ import annotations

import os
from pathlib import Path

from core.disk import writing


def shipped(name: str) -> Path:
    """The path of a shipped file such as `classifier/classifier.json`.

    In a checkout (or an editable install) that is `data/` beside `core/`; in an
    installed wheel the same files lie in `core/shipped_data/`.
    """
    core = Path(__file__).parent
    in_wheel = core / "shipped_data"
    return (in_wheel if in_wheel.is_dir() else core.parent / "data") / name


def home() -> Path:
    """The local data folder, `TIERWISE_HOME` or `~/.tierwise`; made when missing.

    Hindered where it can be neither found nor made.
    """
    folder = Path(os.environ.get("TIERWISE_HOME") or Path.home() / ".tierwise")
    with writing(folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # logs are private
    return folder
