"""A fine-tuning case opened from a file."""

from __future__ import annotations

import streamlit as st

from app.parts.messages import show_error
from core.economics.tuning.case import FineTuneCase
from core.economics.tuning.case_json import case_from_json
from core.errors import BadInput


def draw_case_upload(key: str) -> FineTuneCase | None:
    """The case in a dropped file; None without one, or with a line that says what is wrong."""
    file = st.file_uploader(
        "Open a case", "json", key=f"case-file-{key}",
        help="Inputs that were saved here, or written by hand; `tierwise payback --schema` says "
        "what may be in it. What routing leaves of the bill is this plan's.",
    )  # fmt: skip
    if file is None:
        return None
    try:
        return case_from_json(file.getvalue().decode("utf-8"))
    except UnicodeDecodeError:
        show_error("The file is not UTF-8 text. Save it as UTF-8.")
    except BadInput as error:
        show_error(error)
    return None
